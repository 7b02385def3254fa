import { describe, expect, test } from "vitest";
import { outboxStatus, type Store } from "../../src/store/types.ts";
import { retention } from "../../src/store/upkeep.ts";
import { databaseKinds } from "../support/databases.ts";
import { eachWithStore } from "../support/each-store.ts";
import { addressOf, firstTurn, message, readOf, turn } from "../support/turns.ts";

const start = 1_700_000_000_000;

describe.each(databaseKinds)("upkeep on %s", (kind) => {
  let store: Store;
  eachWithStore(kind, (opened) => {
    store = opened;
  });

  test("what follows a course goes after its time, and the trail says how much", async () => {
    const { db } = store;
    const year = 365 * 86_400_000;
    const old = BigInt(start);
    await store.write([firstTurn("ann", { at: start })]);
    const times = { createdAt: old, changedAt: old };
    for (const state of ["answered", "open"]) {
      await db.question.create({ data: { id: state, personId: "ann", state, ...times } });
      await db.questionEntry.create({ data: { questionId: state, author: "ann", text: new Uint8Array([1]), at: old } });
    }
    await db.note.create({ data: { author: "bo", personId: "ann", text: new Uint8Array([1]), at: old } });
    await db.signIn.create({ data: { tokenHash: "t", personId: "ann", path: "/", expiresAt: old } });
    await db.consoleSession.create({
      data: { idHash: "s", personId: "ann", createdAt: old, seenAt: old, expiresAt: old },
    });
    await db.undo.create({
      data: {
        id: "u",
        action: "merge",
        subject: "ann",
        before: new Uint8Array([1]),
        actor: "bo",
        createdAt: old,
        expiresAt: old,
      },
    });
    await db.approval.create({
      data: {
        id: "a",
        action: "export",
        organisationId: "o",
        detail: "{}",
        askedBy: "bo",
        createdAt: old,
        expiresAt: old,
      },
    });
    for (const state of ["done", "sending"]) {
      const texts = { audience: "{}", content: "{}", timing: "{}" };
      await db.broadcast.create({
        data: { id: state, organisationId: "o", author: "bo", state, planned: true, ...texts, ...times },
      });
      await db.broadcastDelivery.create({ data: { broadcastId: state, personId: "ann", state: "sent" } });
    }
    for (const given of [true, false])
      await db.consent.create({ data: { personId: "ann", purpose: "alumni", version: "1", given, at: old } });
    await db.audit.create({ data: { at: old, actor: "bo", action: "person.see", subject: "ann", detail: "{}" } });
    const kept = { Question: 2, Note: 1, BroadcastDelivery: 2, Approval: 1, Consent: 2 };
    const left = async () => ({
      Question: await db.question.count(),
      Note: await db.note.count(),
      BroadcastDelivery: await db.broadcastDelivery.count(),
      Approval: await db.approval.count(),
      Consent: await db.consent.count(),
    });
    await store.upkeep.empty(start + year - 1);
    expect(await left()).toEqual(kept);
    expect([await db.signIn.count(), await db.consoleSession.count(), await db.undo.count()]).toEqual([0, 0, 0]);
    await store.upkeep.empty(start + year + 1);
    expect(await left()).toEqual({ Question: 1, Note: 0, BroadcastDelivery: 1, Approval: 0, Consent: 2 });
    expect((await db.questionEntry.findMany()).map((row) => row.questionId)).toEqual(["open"]);
    const reports = await db.audit.findMany({ where: { action: "retention" }, orderBy: { id: "asc" } });
    expect(JSON.parse(reports.at(-1)?.detail ?? "")).toEqual({
      Question: 1,
      Note: 1,
      BroadcastDelivery: 1,
      Approval: 1,
    });
    await store.upkeep.empty(start + 3 * year + 1);
    // The last answer about a permission counts and stays.
    expect((await db.consent.findMany()).map((row) => row.given)).toEqual([false]);
    expect(await db.audit.count({ where: { action: "person.see" } })).toBe(0);
  });

  test("a picture goes that nothing shows any more; a logo and one of a message stay", async () => {
    const { db } = store;
    const [createdAt, changedAt] = [BigInt(start), BigInt(start)];
    const texts = { audience: "{}", timing: "{}", content: '{"picture":{"id":"shown"}}' };
    await db.broadcast.create({
      data: {
        id: "b",
        organisationId: "o",
        author: "bo",
        state: "done",
        planned: true,
        ...texts,
        createdAt,
        changedAt,
      },
    });
    const settings = '{"logo":"logo"}';
    await db.organisation.create({ data: { id: "o", name: "O", kind: "centre", country: "DK", settings, createdAt } });
    for (const id of ["shown", "logo", "left"])
      await db.picture.create({
        data: { id, organisationId: "o", mime: "image/png", bytes: new Uint8Array([1]), createdAt },
      });
    await store.upkeep.empty(start + retention.picture);
    expect(await db.picture.count()).toBe(3);
    await store.upkeep.empty(start + retention.picture + 1);
    expect((await db.picture.findMany({ orderBy: { id: "asc" } })).map(({ id }) => id)).toEqual(["logo", "shown"]);
  });

  test("delivery ids and what was typed go after seven days, in pieces", async () => {
    await store.write([firstTurn("ann", { at: start })]);
    const turns = Array.from({ length: 950 }, () => turn("ann", { at: start, journal: new Uint8Array([1]) }));
    // One turn of a person in a batch is the receiver's rule, not the store's.
    await store.write(turns);
    const kept = turn("ann", { at: start + 1 });
    await store.write([kept]);
    expect(await store.upkeep.empty(start + retention.delivery)).toMatchObject({ Delivery: 0 });
    expect(await store.upkeep.empty(start + retention.delivery + 1)).toMatchObject({ Delivery: 951 });
    expect((await store.read([readOf("ann", kept.delivery.id)]))[0]?.seen).toBe(true);
  });

  test("a failed input goes, its reason stays", async () => {
    await store.write([firstTurn("ann", { at: start, failed: { input: "sealed", reason: "threw" } })]);
    expect(await store.upkeep.empty(start + retention.failedInput + 1)).toMatchObject({ FailedTurn: 1 });
    expect(await store.upkeep.empty(start + retention.failedInput + 1)).toMatchObject({ FailedTurn: 0 });
    expect(await store.db.failedTurn.findMany()).toMatchObject([{ input: "", reason: "threw" }]);
  });

  test("streamed messages go, waiting ones never, unsent ones first their text and then themselves", async () => {
    await store.write([firstTurn("ann", { at: start }), firstTurn("bo", { at: start })]);
    const outbox = [message("ann", "streamed", { lane: "" }), message("ann", "waiting"), message("bo", "rejected")];
    await store.write([turn("ann", { at: start, outbox })]);
    const [lease] = await store.outbox.take("me", [], 60_000, 1);
    if (lease === undefined) throw new Error("no lease");
    const rows = await store.outbox.step(lease, "me", start, [], { limit: 9, busy: [addressOf("ann").id] });
    await store.outbox.step(lease, "me", start, [{ seq: rows[0]?.seq ?? 0, outcome: "rejected", code: "400" }], {
      limit: 0,
      busy: [],
    });
    expect(await store.upkeep.empty(start + retention.unsentPayload + 1)).toMatchObject({ Outbox: 1 });
    expect(await store.db.outbox.findMany({ where: { status: outboxStatus.rejected } })).toMatchObject([
      { payload: "[]", code: "400" },
    ]);
    expect(await store.upkeep.empty(start + retention.streamed + 1)).toMatchObject({ Outbox: 1 });
    expect(await store.upkeep.empty(start + retention.unsentRow + 1)).toMatchObject({ Outbox: 1 });
    expect(await store.db.outbox.findMany()).toMatchObject([{ status: outboxStatus.waiting }]);
  });

  test("a held database gives out nothing until it is released", async () => {
    const timersSet = [{ name: "n", due: 1, data: null }];
    await store.write([
      firstTurn("ann", { outbox: [message("ann", "m")], timersSet, jobs: [{ id: "j", name: "n", data: null }] }),
    ]);
    await store.db.meta.create({ data: { key: "held", value: "1" } });
    expect(await store.upkeep.held()).toBe(true);
    expect(await store.outbox.take("me", ["chat:bot"], 1_000, 9)).toEqual([]);
    expect(await store.dueTimers(10, 9)).toEqual([]);
    expect(await store.jobs(10_000_000, 9)).toEqual([]);
    await store.upkeep.release();
    expect(await store.upkeep.held()).toBe(false);
    expect(await store.outbox.take("me", ["chat:bot"], 1_000, 9)).toHaveLength(1);
    expect(await store.dueTimers(10, 9)).toHaveLength(1);
    expect(await store.jobs(10_000_000, 9)).toHaveLength(1);
  });
});
