import { describe, expect, test } from "vitest";
import type { Activity } from "../../src/engine/session.ts";
import { rebuildProgress } from "../../src/jobs/rebuild.ts";
import { loadPerson } from "../../src/people/loaded.ts";
import { mergeTwo } from "../../src/people/merge.ts";
import { ensureRoot } from "../../src/people/organisations.ts";
import { rootId } from "../../src/people/standing.ts";
import { eraseEverything } from "../../src/privacy/erase.ts";
import type { Store } from "../../src/store/types.ts";
import { databaseKinds } from "../support/databases.ts";
import { eachWithStore } from "../support/each-store.ts";
import { addressOf, firstTurn, message, personState, readOf, session, turn } from "../support/turns.ts";

const now = 5_000_000;
const dayMs = 86_400_000;
const entry = (key: string, at: number) => ({
  type: "lesson.done",
  key,
  programme: "family-mentor",
  version: "1",
  data: { lesson: key },
  at,
});
const activity = (id: string, at: number): Activity => ({
  id,
  dialog: "lesson",
  version: 1,
  args: {},
  state: { at: "card", n: at },
  open: { token: `token-${id}-${at}`, options: [], free: false },
  at,
});
const activities = (...some: readonly Activity[]) => Object.fromEntries(some.map((one) => [one.id, one]));

describe.each(databaseKinds)("one person becomes two again, on %s", (kind) => {
  let store: Store;
  eachWithStore(kind, async (opened) => {
    store = opened;
    await seed(store);
  });

  const merge = async (id = "undo", from = "from", into = "into") => {
    const [one, other] = [await loadPerson(store.db, from), await loadPerson(store.db, into)];
    if (one === undefined || other === undefined) throw new Error("one of the two is not there");
    await mergeTwo(store, one, other, now, { undo: { id, actor: "boss" } });
  };

  test("everything goes back to where it was, row by row", async () => {
    const before = await everything(store);
    await merge();
    expect(await everything(store)).not.toEqual(before);
    expect(await store.undoMerge("undo", now + 29 * dayMs)).toEqual({ from: "from", into: "into" });
    expect(await everything(store)).toEqual(before);
    expect(await rebuildProgress(store.db)).toEqual({ persons: 3, changed: 0 });
    const [row] = await store.read([readOf("from", "none", "from-token")]);
    expect(row?.token).toMatchObject({ personId: "from" });
  });

  test("works once, for thirty days, and keeps nothing sealed afterwards", async () => {
    await merge();
    expect(await store.undoMerge("undo", now + 31 * dayMs)).toBeUndefined();
    const both = await Promise.all([store.undoMerge("undo", now + 1), store.undoMerge("undo", now + 1)]);
    expect(both.filter((one) => one !== undefined)).toHaveLength(1);
    const [row] = await store.db.undo.findMany();
    expect([row?.before.length, Number(row?.undoneAt)]).toEqual([0, now + 1]);
    expect(await store.undoMerge("nothing", now)).toBeUndefined();
  });

  test("what has happened since stays with the person who was kept; messages go with their chat", async () => {
    await merge();
    const rev = (await loadPerson(store.db, "into"))?.rev ?? 0;
    const merged = (await loadPerson(store.db, "into"))?.session ?? session(0);
    const since = activity("lesson:since", 90);
    await store.write([
      turn("into", {
        records: [entry("since", 70)],
        lastAddressId: addressOf("from").id,
        person: { ...personState("into"), language: "fi", rhythm: null },
        session: { rev: rev + 1, state: { ...merged, activities: { ...merged.activities, [since.id]: since } } },
        outbox: [message("from", "to the chat of from")],
      }),
    ]);
    await store.db.question.update({ where: { id: "q-cared" }, data: { caredBy: "boss" } });
    await store.undoMerge("undo", now + 1);
    const [from, into] = [await loadPerson(store.db, "from"), await loadPerson(store.db, "into")];
    expect((await store.db.record.findFirst({ where: { key: "since" } }))?.personId).toBe("into");
    expect(into?.person).toMatchObject({ language: "fi", rhythm: null, stopped: false });
    expect(from?.person).toMatchObject({ language: "da", stopped: true });
    expect(Object.keys(into?.session.activities ?? {}).sort()).toEqual(["lesson:both", "lesson:into", "lesson:since"]);
    expect(into?.session.activities["lesson:both"]?.at).toBe(10);
    expect(into?.addresses.map(({ user }) => user)).toEqual(["into"]);
    expect((await store.db.person.findUnique({ where: { id: "into" } }))?.addressId).toBe(addressOf("into").id);
    const rows = await store.db.outbox.findMany({ where: { addressId: addressOf("from").id } });
    expect(new Set(rows.map(({ personId }) => personId))).toEqual(new Set(["from"]));
    expect(await store.db.question.findUnique({ where: { id: "q-cared" } })).toMatchObject({ caredBy: "boss" });
    expect(await rebuildProgress(store.db)).toEqual({ persons: 3, changed: 0 });
  });

  test("a role or a topic that was taken away since does not come back", async () => {
    await merge();
    await store.db.grant.deleteMany({ where: { role: "coordinator" } });
    await store.db.topic.deleteMany();
    await store.undoMerge("undo", now + 1);
    expect((await store.db.grant.findMany()).map(({ id }) => id)).toEqual(["from-expert", "deputy"]);
    expect(await store.db.topic.count()).toBe(0);
  });

  test("a turn that was decided on the one person is refused afterwards", async () => {
    await merge();
    const rev = (await loadPerson(store.db, "into"))?.rev ?? 0;
    await store.undoMerge("undo", now + 1);
    for (const late of [
      turn("into", { session: { rev: rev + 1, state: session(9) } }),
      turn("from", { session: { rev: 2, state: session(9) } }),
    ])
      await expect(store.write([late])).rejects.toMatchObject({ kind: "conflict" });
  });

  test("a later merge is undone first", async () => {
    const before = await everything(store);
    await merge();
    await store.write([firstTurn("third")]);
    await merge("later", "into", "third");
    expect(await store.undoMerge("undo", now + 1)).toBeUndefined();
    expect(await store.undoMerge("later", now + 1)).toEqual({ from: "into", into: "third" });
    expect(await store.undoMerge("undo", now + 1)).toEqual({ from: "from", into: "into" });
    await store.db.person.delete({ where: { id: "third" } });
    expect(await everything(store)).toEqual(before);
  });

  test("whoever was erased does not come back", async () => {
    await merge();
    await eraseEverything(store, "into", now);
    expect(await store.db.undo.count()).toBe(0);
    expect(await store.undoMerge("undo", now + 1)).toBeUndefined();
    expect(await store.db.person.count()).toBe(1);
  });
});

/** Two persons who have something in every table; `boss` is a third. */
async function seed(store: Store): Promise<void> {
  const { db } = store;
  await ensureRoot(db, now);
  const sessions = {
    from: session(0, {
      seenAt: 7,
      reminderAt: 5,
      focus: "lesson:from",
      activities: activities(activity("lesson:from", 5), activity("lesson:both", 20)),
    }),
    into: session(0, { seenAt: 9, activities: activities(activity("lesson:into", 6), activity("lesson:both", 10)) }),
  };
  await store.write([
    firstTurn("from", {
      newPerson: personState("from", { language: "da", stopped: true, pausedUntil: 77, roles: ["expert"] }),
      session: { rev: 1, state: sessions.from },
      records: [entry("both", 5), entry("tie", 7), entry("newer", 9), entry("mine", 1)],
      tokens: [{ token: "from-token", meaning: { type: "step", activity: "a" } }],
      timersSet: [
        { name: "reminder", due: 5, data: "from" },
        { name: "pause", due: 6, data: "from" },
      ],
      jobs: [{ id: "job", name: "relay", data: null }],
      outbox: [message("from", "waiting")],
    }),
    firstTurn("into", {
      newPerson: personState("into", { language: "sv", rhythm: null, roles: ["coordinator"] }),
      session: { rev: 1, state: sessions.into },
      records: [entry("both", 6), entry("tie", 7), entry("newer", 8)],
      timersSet: [{ name: "pause", due: 9, data: "into" }],
    }),
    firstTurn("boss"),
  ]);
  const cohort = { name: "", programme: "p", version: "1", languages: "[]", pace: "{}", joining: "code", ticks: "{}" };
  for (const id of ["both", "one"])
    await db.cohort.create({ data: { id, ...cohort, state: "running", createdAt: 1n } });
  const announced = { state: "done", audience: "{}", content: "{}", timing: "{}", planned: true, createdAt: 1n };
  await db.broadcast.create({
    data: { id: "b", organisationId: rootId, author: "from", ...announced, changedAt: 1n },
  });
  const member = { organisationId: rootId, ticks: "{}", joinedAt: 1n, changedAt: 1n };
  for (const personId of ["from", "into"]) {
    const grant = { personId, organisationId: rootId, createdAt: 1n };
    await db.grant.create({ data: { id: `${personId}-same`, role: "coordinator", ...grant } });
    const state = personId === "from" ? "paused" : "active";
    await db.membership.create({ data: { id: `${personId}-both`, personId, cohortId: "both", state, ...member } });
    await db.topic.create({ data: { personId, topic: "news", at: personId === "from" ? 1n : 2n } });
    await db.broadcastDelivery.create({ data: { broadcastId: "b", personId, state: `sent to ${personId}` } });
    await db.consent.create({ data: { personId, purpose: "alumni", version: "1", given: true, at: 1n } });
    const times = { createdAt: 1n, seenAt: 1n, expiresAt: 1n };
    await db.consoleSession.create({ data: { idHash: personId, personId, ...times } });
    await db.signIn.create({ data: { tokenHash: personId, personId, path: "/", expiresAt: 1n } });
    await db.linkCode.create({ data: { codeHash: personId, personId, expiresAt: 1n } });
    await db.note.create({ data: { author: "boss", personId, text: new Uint8Array([1]), at: 1n } });
    const asked = { action: "a", organisationId: rootId, detail: "{}", createdAt: 1n, expiresAt: 1n };
    await db.approval.create({ data: { id: personId, askedBy: personId, decidedBy: personId, ...asked } });
    const filter = { organisationId: rootId, name: "", filter: "{}", createdAt: 1n };
    await db.filter.create({ data: { id: personId, owner: personId, ...filter } });
    await db.question.create({
      data: { id: `q-${personId}`, personId, state: "open", createdAt: 1n, changedAt: 1n },
    });
    await db.invite.create({
      data: { codeHash: personId, role: "learner", usedBy: personId, expiresAt: 1n, createdAt: 1n },
    });
  }
  await db.question.create({
    data: { id: "q-cared", personId: "boss", caredBy: "from", state: "open", createdAt: 1n, changedAt: 1n },
  });
  const given = { organisationId: rootId, createdAt: 1n };
  await db.grant.create({ data: { id: "from-expert", personId: "from", role: "expert", ...given } });
  await db.grant.create({ data: { id: "deputy", personId: "boss", role: "deputy", deputyFor: "from", ...given } });
  await db.membership.create({ data: { id: "one", personId: "from", cohortId: "one", state: "active", ...member } });
  await db.membership.create({
    data: { id: "cared", personId: "boss", cohortId: "one", state: "active", caredBy: "from", ...member },
  });
  await db.formerPerson.create({ data: { id: "former", personId: "from" } });
  await db.failedTurn.create({
    data: { personId: "from", channel: "c", tenant: "t", deliveryId: "d", input: "", reason: "r", at: 1n },
  });
  await rebuildProgress(db);
}

/** Every row of every table that names a person, without what may differ: revisions, numbers of records, and what was typed. */
async function everything({ db }: Store): Promise<unknown> {
  const sorted = (rows: readonly object[]): readonly string[] =>
    rows
      .map((row) => JSON.stringify(row, (_key, value: unknown) => (typeof value === "bigint" ? Number(value) : value)))
      .sort();
  const sessions = await db.session.findMany();
  const records = await db.record.findMany();
  return {
    sessions: Object.fromEntries(sessions.map(({ personId, state }) => [personId, JSON.parse(state)])),
    records: sorted(records.map(({ id: _id, ...row }) => row)),
    rest: (
      await Promise.all([
        db.person.findMany(),
        db.address.findMany(),
        db.progress.findMany(),
        db.timer.findMany(),
        db.job.findMany(),
        db.token.findMany(),
        db.outbox.findMany(),
        db.failedTurn.findMany(),
        db.linkCode.findMany(),
        db.formerPerson.findMany(),
        db.grant.findMany(),
        db.membership.findMany(),
        db.topic.findMany(),
        db.consent.findMany(),
        db.signIn.findMany(),
        db.consoleSession.findMany(),
        db.question.findMany(),
        db.note.findMany(),
        db.filter.findMany(),
        db.broadcast.findMany(),
        db.broadcastDelivery.findMany(),
        db.invite.findMany(),
        db.approval.findMany(),
      ])
    ).map(sorted),
  };
}
