import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readerOf } from "../../src/broadcasts/audience.ts";
import { DeliveryError } from "../../src/engine/adapter.ts";
import { loadPerson } from "../../src/people/loaded.ts";
import { standingOf } from "../../src/people/standing.ts";
import { createCatalogue } from "../../src/programmes/catalogue.ts";
import type { Store } from "../../src/store/types.ts";
import { programmes } from "../support/chat.ts";
import { createDatabase, databaseKinds, type TestDatabase } from "../support/databases.ts";
import { createPost, type Post } from "./post.ts";

const dayMs = 86_400_000;

describe.each(databaseKinds)("a mailbox beside everything else, on %s", (kind) => {
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

  test("is asked for as often as the person asked, however often the mail server made the work wait", async () => {
    const anna = await post.world.learner("anna");
    post.failure = new DeliveryError("unreachable", "ECONNREFUSED");
    await anna.type("mailbox anna@example.org");
    const [job] = await store.jobs(post.world.clock.now, 10);
    if (job === undefined) throw new Error("no job");
    for (let attempts = 0; attempts < 5; attempts += 1)
      await expect(post.jobs.mailbox?.({ ...job, attempts })).rejects.toThrow();
    post.failure = undefined;
    await post.jobs.mailbox?.({ ...job, attempts: 5 });
    await store.jobDone(job.id);
    expect(await anna.news()).toContain("An e-mail is on its way");
    for (let times = 0; times < 2; times += 1)
      expect(await post.types(anna, "mailbox anna@example.org")).toContain("An e-mail is on its way");
    expect(await post.types(anna, "mailbox anna@example.org")).toContain("Too many e-mails");
  });

  test("once confirmed is told in the chat, with the way to forget it", async () => {
    const anna = await post.world.learner("anna");
    await post.confirmed(anna, "anna@example.org");
    expect(await anna.news()).toContain("Your mailbox is confirmed");
    await anna.press("Forget my mailbox");
    for (const job of await store.jobs(post.world.clock.now, 10)) await post.jobs[job.name]?.(job);
    expect(await store.db.address.count({ where: { channel: "letters" } })).toBe(0);
  });

  test("an older link ends with a newer one, with `off` and with the confirmation of another", async () => {
    const anna = await post.world.learner("anna");
    const asks = async (email: string) => {
      await post.types(anna, `mailbox ${email}`);
      return post.sent.at(-1)?.url ?? "";
    };
    const [older, newer] = [await asks("older@example.org"), await asks("newer@example.org")];
    expect((await post.press(older)).status).toBe(410);
    await post.types(anna, "mailbox off");
    expect((await post.press(newer)).status).toBe(410);
    const last = await asks("last@example.org");
    // A link that was made at the same instant as the last one.
    await store.db.signIn.updateMany({ where: { path: { startsWith: "mailbox:" } }, data: { usedAt: null } });
    expect((await post.press(last)).status).toBe(200);
    for (const link of [older, newer, last]) expect((await post.press(link)).status).toBe(410);
    expect(await store.db.address.findMany({ where: { channel: "letters" } })).toMatchObject([
      { id: "letters:us:last-at-example.org" },
    ]);
  });

  test("is confirmed also where two people became one meanwhile", async () => {
    const [anna, other] = [await post.world.learner("anna"), await post.world.learner("anna-elsewhere")];
    await post.types(other, "mailbox anna@example.org");
    const personId = await anna.id();
    // What a merge does with the links of whoever becomes part of another.
    await store.db.signIn.updateMany({ data: { personId } });
    expect((await post.press(post.sent[0]?.url ?? "")).status).toBe(200);
    expect(await store.db.address.findMany({ where: { channel: "letters" } })).toMatchObject([{ personId }]);
  });

  test("confirmed by two people at the same instant belongs to one of them", async () => {
    const [anna, bo] = [await post.world.learner("anna"), await post.world.learner("bo")];
    await post.confirmed(bo, "bo@example.org");
    await post.types(anna, "mailbox shared@example.org");
    await post.types(bo, "mailbox shared@example.org");
    if (kind === "postgresql") {
      // On SQLite one transaction waits for the other anyway.
      let here = 0;
      post.meet = async () => {
        here += 1;
        for (let waits = 0; here < 2 && waits < 100; waits += 1)
          await new Promise((resolve) => setTimeout(resolve, 20));
      };
    }
    const pages = await Promise.all(post.sent.slice(-2).map(({ url: link }) => post.press(link)));
    expect(pages.map(({ status }) => status).sort()).toEqual([200, 409]);
    const owner = pages[0]?.status === 200 ? await anna.id() : await bo.id();
    expect(await store.db.address.findMany({ where: { id: "letters:us:shared-at-example.org" } })).toMatchObject([
      { personId: owner },
    ]);
    // Whoever came second keeps what they had.
    const kept = await store.db.address.count({ where: { id: "letters:us:bo-at-example.org" } });
    expect(kept).toBe(owner === (await anna.id()) ? 1 : 0);
  });

  test("gets no way back out of a restored database that is still held", async () => {
    const anna = await post.world.learner("anna");
    await post.confirmed(anna, "anna@example.org");
    await store.db.meta.create({ data: { key: "held", value: "1" } });
    const { page } = await post.returns("anna@example.org", false);
    expect(page).toContain("If this address is known");
    await expect.poll(() => post.asked, { timeout: 10_000 }).toBe(1);
    await store.upkeep.release();
    expect((await post.returns("anna@example.org")).letters).toHaveLength(1);
    expect(post.sent.filter(({ url: link }) => link.includes("/link/"))).toHaveLength(1);
  });

  test("that is forgotten or replaced takes along what waits for it, and nothing else", async () => {
    const anna = await post.world.learner("anna");
    const personId = await anna.id();
    const wait = (addressId: string, status: number) =>
      store.db.outbox.create({
        data: { lane: "letters:us", addressId, personId, class: 2, status, payload: "[]", notBefore: 0n, ...fresh },
      });
    const fresh = { attempts: 0, mayBeSent: false, createdAt: BigInt(post.world.clock.now) };
    const left = async () => {
      const rows = await store.db.outbox.findMany({ where: { lane: "letters:us" }, orderBy: { seq: "asc" } });
      return rows.map(({ addressId, status }) => `${addressId.split(":")[2]} ${status}`);
    };
    await post.confirmed(anna, "old@example.org");
    await wait("letters:us:bo-at-example.org", 0);
    for (const status of [0, 1, 3]) await wait("letters:us:old-at-example.org", status);
    await post.confirmed(anna, "new@example.org");
    expect(await left()).toEqual(["bo-at-example.org 0", "old-at-example.org 3"]);
    await wait("letters:us:new-at-example.org", 0);
    await post.types(anna, "mailbox off");
    expect(await left()).toEqual(["bo-at-example.org 0", "old-at-example.org 3"]);
  });

  test("messages whose address is not there any more do not hold up the others", async () => {
    const personId = await (await post.world.learner("anna")).id();
    const write = (addressId: string) =>
      store.db.outbox.create({
        data: {
          ...{ lane: "chat:bot", addressId, personId, class: 0, status: 0, payload: "[]" },
          ...{ notBefore: 0n, attempts: 0, mayBeSent: false, createdAt: BigInt(post.world.clock.now) },
        },
      });
    for (const user of ["nobody", "nowhere"]) await write(`chat:bot:${user}`);
    const { seq } = await write("chat:bot:anna");
    const [lease] = await store.outbox.take("me", ["chat:bot"], 60_000, 10);
    if (lease === undefined) throw new Error("the lane was not free");
    const rows = await store.outbox.step(lease, "me", post.world.clock.now, [], { limit: 1, busy: [] });
    expect(rows.map((row) => row.seq)).toEqual([seq]);
  });

  test("comes after every chat, also one that was used long ago", async () => {
    const anna = await post.world.learner("anna");
    const personId = await anna.id();
    const phone = { channel: "phone", tenant: "bot", user: "anna", ref: "{}", state: "reachable", changedAt: 1n };
    post.world.clock.now += dayMs;
    await post.confirmed(anna, "anna@example.org");
    await store.db.address.create({ data: { id: "phone:bot:anna", personId, ...phone } });
    const order = async () => (await loadPerson(store.db, personId))?.addresses.map(({ channel }) => channel);
    expect(await order()).toEqual(["chat", "phone", "letters"]);
    const standing = await standingOf(
      store.db,
      await (await post.world.staff("ida", "coordinator")).id(),
      post.world.clock.now,
    );
    const read = await readerOf(
      { db: store.db, sql: store.sql, catalogue: createCatalogue(programmes, []) },
      standing,
      {},
      post.world.clock.now,
    );
    const { people } = await read("", 10);
    expect(people.find(({ id }) => id === personId)?.addresses.map(({ channel }) => channel)).toEqual([
      ...["chat", "phone", "letters"],
    ]);

    // A broadcast finds the chat used last gone, and goes on to the other one.
    const [lease] = await store.outbox.take("me", ["chat:bot"], 60_000, 10);
    if (lease === undefined) throw new Error("the lane was not free");
    const row = { lane: "chat:bot", addressId: "chat:bot:anna", personId, class: 2, status: 0, payload: "[]" };
    const fresh = { notBefore: 0n, attempts: 0, mayBeSent: false, createdAt: BigInt(post.world.clock.now) };
    await store.db.outbox.create({ data: { ...row, ...fresh } });
    const [claimed] = await store.outbox.step(lease, "me", post.world.clock.now, [], { limit: 1, busy: [] });
    const channels = ["phone", "letters"].map((channel) => ({ channel, lane: true }));
    const gone = { outcome: "gone", code: "403", parts: [], messages: [], channels } as const;
    const settle = [{ seq: claimed?.seq ?? 0, ...gone }];
    await store.outbox.step(lease, "me", post.world.clock.now, settle, { limit: 0, busy: [] });
    expect(await store.db.outbox.findMany({ where: { personId, class: 2 } })).toMatchObject([
      { addressId: "phone:bot:anna" },
    ]);
    const data = { personId, name: "test", due: 1n, data: "null" };
    await store.db.timer.create({ data });
    const timers = await store.dueTimers(post.world.clock.now, 50);
    expect(timers.find(({ name }) => name === "test")?.address?.channel).toBe("phone");
  });
});
