import { describe, expect, test } from "vitest";
import { toPlain } from "../../src/engine/markup.ts";
import type { Reply } from "../../src/engine/types.ts";
import { createJobs } from "../../src/jobs/index.ts";
import type { Store } from "../../src/store/types.ts";
import { createWorld as createBroadcasts } from "../broadcasts/world.ts";
import { databaseKinds } from "../support/databases.ts";
import { eachWithStore } from "../support/each-store.ts";
import { createWorld, sealing, secret } from "./world.ts";

describe.each(databaseKinds)("somebody who can be reached by a mailbox alone, on %s", (kind) => {
  let store: Store;
  eachWithStore(kind, (opened) => {
    store = opened;
  });

  const waiting = async () => {
    const rows = await store.db.outbox.findMany({ where: { addressId: "letters:us:anna" } });
    return rows.map(({ payload }) => toPlain((JSON.parse(payload) as { reply: Reply }[])[0]?.reply.text ?? []));
  };
  /** The chat is gone and a mailbox is there. */
  async function moveToMailbox(personId: string): Promise<void> {
    await store.db.address.updateMany({ where: { personId }, data: { state: "gone" } });
    const address = { channel: "letters", tenant: "us", user: "anna", ref: "{}", state: "reachable", changedAt: 0n };
    await store.db.address.create({ data: { id: "letters:us:anna", personId, ...address } });
  }

  test.each([
    ["accepted", "active", "You are in Spring"],
    ["refused", "refused", "Spring"],
  ])("hears there that an application was %s", async (_name, state, said) => {
    const world = createWorld(store);
    const cohort = await world.cohort({ joining: "apply" });
    const personId = await (await world.learner("anna")).id();
    await moveToMailbox(personId);
    const now = () => world.clock.now;
    const jobs = createJobs({ store, receive: world.receive, now, secret, origin: "http://127.0.0.1", ...sealing });
    const job = { id: "decided", personId, name: "membership", data: { cohort: cohort.id, state }, attempts: 0 };
    await jobs.membership?.(job);
    expect((await waiting()).join()).toContain(said);
  });

  test("gets news of a topic there, and of no topic that they have left", async () => {
    const world = await createBroadcasts(store);
    const lead = await world.coordinator("z-lead");
    await world.person("anna");
    await moveToMailbox("anna");
    await store.db.topic.create({ data: { personId: "anna", topic: "news", at: 0n } });
    const content = { texts: { en: "A new lesson." }, next: false, acknowledge: false, options: [] };
    await world.sent(lead, { audience: { topic: "news" }, content, timing: { kind: "now" } });
    await world.planner().tick();
    expect((await waiting()).join()).toContain("A new lesson.");
    await expect(
      world.sent(lead, { audience: { topic: "events" }, content, timing: { kind: "now" } }),
    ).rejects.toMatchObject({ problems: [{ code: "nobody" }] });
  });
});
