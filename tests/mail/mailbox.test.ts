import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { DeliveryError } from "../../src/engine/adapter.ts";
import type { Store } from "../../src/store/types.ts";
import { createDatabase, databaseKinds, type TestDatabase } from "../support/databases.ts";
import { createPost, type Post } from "./post.ts";

const dayMs = 86_400_000;

describe.each(databaseKinds)("a mailbox to come back with, on %s", (kind) => {
  let database: TestDatabase;
  let store: Store;
  let post: Post;
  beforeEach(async () => {
    database = await createDatabase(kind);
    store = await database.open();
    post = await createPost(store);
  });
  afterEach(async () => {
    post.close();
    await database.drop();
  });

  test("is confirmed by the button behind the letter, once; opening the link changes nothing", async () => {
    const anna = await post.world.learner("anna");
    expect(await post.types(anna, "mailbox")).toContain("No mailbox of yours is known");
    expect(await post.types(anna, "mailbox Anna@example.org")).toContain("An e-mail is on its way");
    const [letter] = post.sent;
    expect(letter).toMatchObject({ to: "Anna@example.org" });
    for (let opened = 0; opened < 3; opened += 1) expect((await fetch(letter?.url ?? "")).status).toBe(200);
    expect(await post.types(anna, "mailbox")).toContain("No mailbox of yours is known");
    const pressed = await post.press(letter?.url ?? "");
    expect(pressed.headers.get("referrer-policy")).toBe("same-origin");
    expect(await pressed.text()).toContain("The mailbox is yours here now");
    expect((await post.press(letter?.url ?? "")).status).toBe(410);
    expect(await post.types(anna, "mailbox")).toContain("Your mailbox is known");
    expect(await store.db.address.findMany({ where: { channel: "letters" } })).toMatchObject([
      { personId: await anna.id(), state: "reachable" },
    ]);
  });

  test("nothing of it is kept in the open before it is confirmed", async () => {
    const anna = await post.world.learner("anna");
    await post.types(anna, "mailbox anna@example.org");
    for (const table of ["SignIn", "Job", "Session", "Outbox", "Address"]) {
      const rows = await store.sql.all(`SELECT * FROM "${table}"`, []);
      expect(
        JSON.stringify(rows, (_, value) => (typeof value === "bigint" ? Number(value) : value)),
        table,
      ).not.toContain("anna@example.org");
    }
  });

  test("a link is too old after a day, refused from elsewhere, and none signs anybody in", async () => {
    const anna = await post.world.learner("anna");
    await post.types(anna, "mailbox anna@example.org");
    const link = post.sent[0]?.url ?? "";
    expect((await fetch(link, { method: "POST", headers: { origin: "https://elsewhere.example" } })).status).toBe(403);
    post.world.clock.now += dayMs + 1;
    expect((await fetch(link)).status).toBe(410);
    expect((await post.press(link)).status).toBe(410);
    expect((await fetch(`${post.url}/mailbox/${"a".repeat(43)}`)).status).toBe(410);
  });

  test("brings a learner back into the chat by a code, and a coordinator into the console", async () => {
    const [anna, ida] = [await post.world.learner("anna"), await post.world.staff("ida", "coordinator")];
    await post.confirmed(anna, "anna@example.org");
    await post.confirmed(ida, "ida@example.org");
    const back = await post.returns("anna@example.org");
    expect(back.page).toContain("If this address is known");
    expect(back.letters).toMatchObject([{ to: "anna@example.org", url: expect.stringContaining(`${post.url}/link/`) }]);
    const signIn = await post.returns("IDA@example.org");
    expect(signIn.letters).toMatchObject([{ url: expect.stringContaining(`${post.url}/sign-in/`) }]);
    const other = post.world.chat("anna-in-a-browser");
    await other.command("link", back.letters[0]?.url.split("/link/")[1] ?? "");
    await post.world.work();
    expect(await other.id()).toBe(await anna.id());
  });

  test("tells nobody whether a mailbox is known, and asks for no flood of letters", async () => {
    const anna = await post.world.learner("anna");
    await post.confirmed(anna, "anna@example.org");
    const [unknown, known] = [
      await post.returns("somebody@example.org", false),
      await post.returns("anna@example.org"),
    ];
    expect(unknown.page).toBe(known.page);
    for (let times = 0; times < 2; times += 1) await post.returns("anna@example.org");
    for (let times = 0; times < 2; times += 1) await post.returns("anna@example.org", false);
    // Enough for a letter that should not be there.
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(post.sent.filter(({ url: link }) => link.includes("/link/"))).toHaveLength(3);
    for (let times = 0; times < 5; times += 1) await post.press(`${post.url}/return`, "email=a%40example.org");
    expect((await post.press(`${post.url}/return`, "email=a%40example.org")).status).toBe(429);
    expect((await post.press(`${post.url}/return`, "email=nonsense")).status).toBe(400);
  });

  test("of somebody else is not taken, a new one replaces the old, and `off` forgets it", async () => {
    const [anna, bo] = [await post.world.learner("anna"), await post.world.learner("bo")];
    await post.confirmed(anna, "anna@example.org");
    await post.types(bo, "mailbox anna@example.org");
    const taken = await post.press(post.sent.at(-1)?.url ?? "");
    expect([taken.status, await taken.text()]).toEqual([409, expect.stringContaining("belongs to another record")]);
    await post.confirmed(anna, "other@example.org");
    expect(await store.db.address.findMany({ where: { channel: "letters" } })).toMatchObject([
      { id: "letters:us:other-at-example.org" },
    ]);
    await post.types(anna, "mailbox");
    await anna.press("Forget my mailbox");
    for (const job of await store.jobs(post.world.clock.now, 10)) await post.jobs[job.name]?.(job);
    expect(await anna.news()).toContain("Your mailbox is forgotten");
    expect(await store.db.address.count({ where: { channel: "letters" } })).toBe(0);
  });

  test("what is no address, and what the mail server refuses, is said at once", async () => {
    const anna = await post.world.learner("anna");
    expect(await post.types(anna, "mailbox anna-at-example")).toContain("This address does not work");
    post.failure = new DeliveryError("gone", "550 5.1.1");
    expect(await post.types(anna, "mailbox anna@example.org")).toContain("This address does not work");
    post.failure = new DeliveryError("unreachable", "ECONNREFUSED");
    await expect(post.types(anna, "mailbox anna@example.org")).rejects.toThrow();
  });
});
