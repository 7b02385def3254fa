import { once } from "node:events";
import type { AddressInfo } from "node:net";
import express from "express";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Adapter, DeliveryError } from "../../src/engine/adapter.ts";
import { toPlain } from "../../src/engine/markup.ts";
import type { Outgoing } from "../../src/engine/types.ts";
import { createMailboxJobs } from "../../src/jobs/mailbox.ts";
import { mountMailPages } from "../../src/mail/page.tsx";
import type { Store } from "../../src/store/types.ts";
import { createWorld } from "../inbox/world.ts";
import { words } from "../support/chat.ts";
import { createDatabase, databaseKinds, quietLog, type TestDatabase } from "../support/databases.ts";

const secret = "a secret for tests only, thirty-two characters";
const dayMs = 86_400_000;

describe.each(databaseKinds)("a mailbox to come back with, on %s", (kind) => {
  let database: TestDatabase;
  let store: Store;
  let world: Awaited<ReturnType<typeof createWorld>>;
  let url: string;
  let close: () => void;
  let sent: { readonly to: string; readonly text: string; readonly url: string }[];
  let failure: DeliveryError | undefined;
  let jobs: ReturnType<typeof createMailboxJobs>;

  beforeEach(async () => {
    database = await createDatabase(kind);
    store = await database.open();
    world = await createWorld(store);
    sent = [];
    failure = undefined;
    const letters = {
      channel: "letters",
      mailbox: (to: string, language?: string) => ({
        channel: "letters",
        tenant: "us",
        user: to.toLowerCase().replace("@", "-at-"),
        ref: { to, ...(language === undefined ? {} : { language }) },
      }),
      deliver: async ({ address, reply }: Outgoing) => {
        if (failure) throw failure;
        const { to } = address.ref as { readonly to: string };
        sent.push({ to, text: toPlain(reply.text), url: reply.actions?.[0]?.url ?? "" });
        return { messageId: "1" };
      },
    } as unknown as Adapter;
    const app = express();
    const server = app.listen(0, "127.0.0.1");
    await once(server, "listening");
    close = () => server.close();
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const now = () => world.clock.now;
    const { db, seal, open, receive } = world;
    const common = { db, adapters: [letters], words, secret, origin: url, publicUrl: url, now };
    jobs = createMailboxJobs({ ...common, receive, seal });
    mountMailPages(app, { ...common, open, log: quietLog });
  });
  afterEach(async () => {
    close();
    await database.drop();
  });

  type Chat = Awaited<ReturnType<typeof world.learner>>;

  /** Types a command and lets its work be done; gives what the chat heard. */
  async function types(chat: Chat, text: string): Promise<string> {
    const first = await chat.type(text);
    for (const job of await store.jobs(world.clock.now, 10)) {
      await jobs[job.name]?.(job);
      await store.jobDone(job.id);
    }
    return `${first}\n${await chat.news()}`;
  }
  const press = (path: string, body = "") =>
    fetch(path, {
      method: "POST",
      redirect: "manual",
      headers: { origin: url, "content-type": "application/x-www-form-urlencoded", "accept-language": "en" },
      body,
    });
  /** Asks for a way back; where a letter must come it is awaited, since the page does not wait for it. */
  const returns = async (email: string, isKnown = true) => {
    const before = sent.length;
    const page = await (await press(`${url}/return`, `email=${encodeURIComponent(email)}`)).text();
    if (isKnown) await expect.poll(() => sent.length, { timeout: 10_000 }).toBe(before + 1);
    return { page, letters: sent.slice(before) };
  };
  async function confirmed(chat: Chat, email: string): Promise<void> {
    await types(chat, `mailbox ${email}`);
    expect((await press(sent.at(-1)?.url ?? "")).status).toBe(200);
  }

  test("is confirmed by the button behind the letter, once; opening the link changes nothing", async () => {
    const anna = await world.learner("anna");
    expect(await types(anna, "mailbox")).toContain("No mailbox of yours is known");
    expect(await types(anna, "mailbox Anna@example.org")).toContain("An e-mail is on its way");
    const [letter] = sent;
    expect(letter).toMatchObject({ to: "Anna@example.org" });
    for (let opened = 0; opened < 3; opened += 1) expect((await fetch(letter?.url ?? "")).status).toBe(200);
    expect(await types(anna, "mailbox")).toContain("No mailbox of yours is known");
    const pressed = await press(letter?.url ?? "");
    expect(pressed.headers.get("referrer-policy")).toBe("same-origin");
    expect(await pressed.text()).toContain("The mailbox is yours here now");
    expect((await press(letter?.url ?? "")).status).toBe(410);
    expect(await types(anna, "mailbox")).toContain("Your mailbox is known");
    expect(await store.db.address.findMany({ where: { channel: "letters" } })).toMatchObject([
      { personId: await anna.id(), state: "reachable" },
    ]);
  });

  test("nothing of it is kept in the open before it is confirmed", async () => {
    const anna = await world.learner("anna");
    await types(anna, "mailbox anna@example.org");
    for (const table of ["SignIn", "Job", "Session", "Outbox", "Address"]) {
      const rows = await store.sql.all(`SELECT * FROM "${table}"`, []);
      expect(
        JSON.stringify(rows, (_, value) => (typeof value === "bigint" ? Number(value) : value)),
        table,
      ).not.toContain("anna@example.org");
    }
  });

  test("a link is too old after a day, refused from elsewhere, and none signs anybody in", async () => {
    const anna = await world.learner("anna");
    await types(anna, "mailbox anna@example.org");
    const link = sent[0]?.url ?? "";
    expect((await fetch(link, { method: "POST", headers: { origin: "https://elsewhere.example" } })).status).toBe(403);
    world.clock.now += dayMs + 1;
    expect((await fetch(link)).status).toBe(410);
    expect((await press(link)).status).toBe(410);
    expect((await fetch(`${url}/mailbox/${"a".repeat(43)}`)).status).toBe(410);
  });

  test("brings a learner back into the chat by a code, and a coordinator into the console", async () => {
    const [anna, ida] = [await world.learner("anna"), await world.staff("ida", "coordinator")];
    await confirmed(anna, "anna@example.org");
    await confirmed(ida, "ida@example.org");
    const back = await returns("anna@example.org");
    expect(back.page).toContain("If this address is known");
    expect(back.letters).toMatchObject([{ to: "anna@example.org", url: expect.stringContaining(`${url}/link/`) }]);
    const signIn = await returns("IDA@example.org");
    expect(signIn.letters).toMatchObject([{ url: expect.stringContaining(`${url}/sign-in/`) }]);
    const other = world.chat("anna-in-a-browser");
    await other.command("link", back.letters[0]?.url.split("/link/")[1] ?? "");
    await world.work();
    expect(await other.id()).toBe(await anna.id());
  });

  test("tells nobody whether a mailbox is known, and asks for no flood of letters", async () => {
    const anna = await world.learner("anna");
    await confirmed(anna, "anna@example.org");
    const [unknown, known] = [await returns("somebody@example.org", false), await returns("anna@example.org")];
    expect(unknown.page).toBe(known.page);
    for (let times = 0; times < 2; times += 1) await returns("anna@example.org");
    for (let times = 0; times < 2; times += 1) await returns("anna@example.org", false);
    // Enough for a letter that should not be there.
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(sent.filter(({ url: link }) => link.includes("/link/"))).toHaveLength(3);
    for (let times = 0; times < 5; times += 1) await press(`${url}/return`, "email=a%40example.org");
    expect((await press(`${url}/return`, "email=a%40example.org")).status).toBe(429);
    expect((await press(`${url}/return`, "email=nonsense")).status).toBe(400);
  });

  test("of somebody else is not taken, a new one replaces the old, and `off` forgets it", async () => {
    const [anna, bo] = [await world.learner("anna"), await world.learner("bo")];
    await confirmed(anna, "anna@example.org");
    await types(bo, "mailbox anna@example.org");
    const taken = await press(sent.at(-1)?.url ?? "");
    expect([taken.status, await taken.text()]).toEqual([409, expect.stringContaining("belongs to another record")]);
    await confirmed(anna, "other@example.org");
    expect(await store.db.address.findMany({ where: { channel: "letters" } })).toMatchObject([
      { id: "letters:us:other-at-example.org" },
    ]);
    await types(anna, "mailbox");
    await anna.press("Forget my mailbox");
    for (const job of await store.jobs(world.clock.now, 10)) await jobs[job.name]?.(job);
    expect(await anna.news()).toContain("Your mailbox is forgotten");
    expect(await store.db.address.count({ where: { channel: "letters" } })).toBe(0);
  });

  test("what is no address, and what the mail server refuses, is said at once", async () => {
    const anna = await world.learner("anna");
    expect(await types(anna, "mailbox anna-at-example")).toContain("This address does not work");
    failure = new DeliveryError("gone", "550 5.1.1");
    expect(await types(anna, "mailbox anna@example.org")).toContain("This address does not work");
    failure = new DeliveryError("unreachable", "ECONNREFUSED");
    await expect(types(anna, "mailbox anna@example.org")).rejects.toThrow();
  });
});
