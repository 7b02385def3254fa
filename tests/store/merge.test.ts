import { describe, expect, test } from "vitest";
import type { Store } from "../../src/store/types.ts";
import { databaseKinds } from "../support/databases.ts";
import { eachWithStore } from "../support/each-store.ts";
import { addressOf, firstTurn, message, personState, readOf, session, turn } from "../support/turns.ts";

const conflict = expect.objectContaining({ name: "StoreError", kind: "conflict" });
const entry = (key: string, at: number, data: string) => ({
  type: "answer",
  key,
  programme: "p",
  version: "1",
  data,
  at,
});
const merged = { session: session(42), person: personState("into", { name: "Both" }), progress: { both: true } };

describe.each(databaseKinds)("two people become one on %s", (kind) => {
  let store: Store;
  eachWithStore(kind, async (opened) => {
    store = opened;
    await store.write([
      firstTurn("from", {
        records: [
          entry("both", 5, "older"),
          entry("tie", 7, "from"),
          entry("newer", 9, "from"),
          entry("mine", 1, "from"),
        ],
        tokens: [{ token: "from-token", meaning: { type: "step", activity: "a", key: "both" } }],
        timersSet: [
          { name: "next", due: 5, data: "from" },
          { name: "pause", due: 6, data: "from" },
        ],
        jobs: [{ id: "job", name: "relay", data: null }],
        outbox: [message("from", "waiting")],
        progress: { from: true },
        journal: new Uint8Array([1]),
      }),
      firstTurn("into", {
        records: [entry("both", 6, "younger"), entry("tie", 7, "into"), entry("newer", 8, "into")],
        timersSet: [{ name: "next", due: 9, data: "into" }],
        progress: { into: true },
      }),
    ]);
    await store.write([turn("from", { session: { rev: 2, state: session(1) } })]);
  });
  const merge = (from = 2, into = 1) => store.mergePersons("from", "into", merged, { from, into }, 1_000);

  test("everything of one belongs to the other afterwards", async () => {
    await merge();
    const rows = await store.read([readOf("from", "none", "from-token"), readOf("into")]);
    for (const row of rows) {
      expect(row.person).toMatchObject({ id: "into", name: "Both" });
      expect(row).toMatchObject({ rev: 2, state: session(42), progress: { both: true } });
    }
    expect(rows[0]?.token).toMatchObject({ personId: "into", answered: "older" });
    const records = await store.db.record.findMany({ where: { personId: "into" }, orderBy: { key: "asc" } });
    expect(records.map((record) => [record.key, JSON.parse(record.data)])).toEqual([
      ["both", "older"],
      ["mine", "from"],
      ["newer", "into"],
      ["tie", "into"],
    ]);
    expect((await store.dueTimers(100, 10)).map((timer) => [timer.personId, timer.name, timer.data])).toEqual([
      ["into", "pause", "from"],
      ["into", "next", "into"],
    ]);
    expect(await store.jobs(10_000_000, 10)).toMatchObject([{ id: "job", personId: "into" }]);
    expect(await store.db.outbox.findMany()).toMatchObject([{ personId: "into", addressId: addressOf("from").id }]);
    expect(await store.db.person.findMany()).toHaveLength(1);
    expect(await store.db.delivery.count({ where: { personId: "from", journal: { not: null } } })).toBe(0);
  });

  test("roles, courses, topics, permissions and announcements move; where both have one, that of the other stays", async () => {
    const { db } = store;
    await db.organisation.create({
      data: { id: "o", name: "", kind: "centre", country: "", settings: "{}", createdAt: 1n },
    });
    const cohort = {
      name: "",
      programme: "p",
      version: "1",
      languages: "[]",
      pace: "{}",
      joining: "code",
      ticks: "{}",
    };
    for (const id of ["both", "one"])
      await db.cohort.create({ data: { id, ...cohort, state: "running", createdAt: 1n } });
    await db.broadcast.create({
      data: {
        id: "b",
        organisationId: "o",
        author: "from",
        state: "done",
        audience: "{}",
        content: "{}",
        timing: "{}",
        planned: true,
        createdAt: 1n,
        changedAt: 1n,
      },
    });
    const member = { organisationId: "o", ticks: "{}", joinedAt: 1n, changedAt: 1n };
    for (const personId of ["from", "into"]) {
      const grant = { personId, organisationId: "o", createdAt: 1n };
      await db.grant.create({ data: { id: `${personId}-same`, role: "coordinator", ...grant } });
      await db.membership.create({
        data: {
          id: `${personId}-both`,
          personId,
          cohortId: "both",
          state: personId === "from" ? "paused" : "active",
          ...member,
        },
      });
      await db.topic.create({ data: { personId, topic: "news", at: personId === "from" ? 1n : 2n } });
      await db.broadcastDelivery.create({ data: { broadcastId: "b", personId, state: `sent to ${personId}` } });
      await db.consent.create({ data: { personId, purpose: "alumni", version: "1", given: true, at: 1n } });
      await db.consoleSession.create({
        data: { idHash: personId, personId, createdAt: 1n, seenAt: 1n, expiresAt: 1n },
      });
      await db.signIn.create({ data: { tokenHash: personId, personId, path: "/", expiresAt: 1n } });
      await db.approval.create({
        data: {
          id: personId,
          action: "a",
          organisationId: "o",
          detail: "{}",
          askedBy: personId,
          createdAt: 1n,
          expiresAt: 1n,
        },
      });
    }
    await db.grant.create({
      data: { id: "expert", personId: "from", role: "expert", organisationId: "o", createdAt: 1n },
    });
    await db.membership.create({ data: { id: "one", personId: "from", cohortId: "one", state: "active", ...member } });
    await db.question.create({
      data: { id: "q", personId: "from", caredBy: "into", state: "open", createdAt: 1n, changedAt: 1n },
    });
    await db.questionEntry.create({ data: { questionId: "q", author: "from", text: new Uint8Array([1]), at: 1n } });
    await merge();
    expect((await db.grant.findMany({ where: { personId: "into" } })).map((row) => row.id).sort()).toEqual([
      "expert",
      "into-same",
    ]);
    expect((await db.membership.findMany({ where: { personId: "into" } })).map((row) => row.id).sort()).toEqual([
      "into-both",
      "one",
    ]);
    expect(await db.topic.findMany()).toEqual([{ personId: "into", topic: "news", at: 2n }]);
    expect((await db.broadcastDelivery.findMany()).map((row) => row.state)).toEqual(["sent to into"]);
    for (const counted of [db.consent, db.consoleSession, db.signIn] as const)
      expect(await (counted as typeof db.consent).count({ where: { personId: "into" } })).toBe(2);
    expect(await db.approval.count({ where: { askedBy: "into" } })).toBe(2);
    expect(await db.question.findMany()).toMatchObject([{ personId: "into", caredBy: "into" }]);
    // A text is sealed together with its author's id.
    expect(await db.questionEntry.findMany()).toMatchObject([{ author: "from" }]);
    expect(await db.broadcast.findMany()).toMatchObject([{ author: "into" }]);
  });

  test("a token finds its person over several merges", async () => {
    await merge();
    await store.write([firstTurn("third")]);
    await store.mergePersons("into", "third", { ...merged, person: personState("third") }, { from: 2, into: 1 }, 1_001);
    const [row] = await store.read([readOf("third", "none", "from-token")]);
    expect(row?.token).toMatchObject({ personId: "third", answered: "older" });
  });

  test.each([
    [1, 1],
    [2, 2],
    [2, 0],
  ])("it is refused where a session moved (from at %i, into at %i)", async (from, into) => {
    await expect(merge(from, into)).rejects.toEqual(conflict);
    expect(await store.db.person.count()).toBe(2);
    expect(await store.db.record.count()).toBe(7);
  });

  test("a turn that was decided before is refused afterwards, whatever it writes", async () => {
    await merge();
    for (const write of [
      turn("from"),
      turn("from", { session: { rev: 3, state: session(5) } }),
      turn("from", { records: [entry("late", 9, "x")] }),
      turn("from", { lastAddressId: "x" }),
      turn("into", { session: { rev: 2, state: session(5) } }),
    ]) {
      await expect(store.write([write])).rejects.toEqual(conflict);
    }
    expect(await store.db.record.count({ where: { key: "late" } })).toBe(0);
  });

  test("turns of both that race with it lose nothing", async () => {
    const write = async (person: string, rev: number) => {
      const records = [entry(`race-${person}`, 10, person)];
      return store.write([turn(person, { records, session: { rev, state: session(rev) } })]).then(
        () => "written",
        () => "conflict",
      );
    };
    const outcomes = await Promise.all([
      write("from", 3),
      merge().then(
        () => "merged",
        () => "conflict",
      ),
      write("into", 2),
    ]);
    const kept = await store.db.record.findMany({ where: { key: { startsWith: "race-" } } });
    expect(kept.map((record) => record.key).sort()).toEqual(
      ["from", "into"].filter((_, index) => outcomes[index * 2] === "written").map((person) => `race-${person}`),
    );
    const people = await store.db.person.count();
    expect(people).toBe(outcomes[1] === "merged" ? 1 : 2);
    expect(outcomes).not.toEqual(["written", "merged", "written"]);
  });
});
