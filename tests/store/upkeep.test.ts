import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { outboxStatus, type Store } from "../../src/store/types.ts";
import { retention } from "../../src/store/upkeep.ts";
import { createDatabase, databaseKinds, type TestDatabase } from "../support/databases.ts";
import { addressOf, firstTurn, message, readOf, turn } from "../support/turns.ts";

const start = 1_700_000_000_000;

describe.each(databaseKinds)("upkeep on %s", (kind) => {
  let database: TestDatabase;
  let store: Store;
  beforeEach(async () => {
    database = await createDatabase(kind);
    store = await database.open();
  });
  afterEach(() => database.drop());

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
