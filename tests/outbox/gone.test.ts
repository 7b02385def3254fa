import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type Adapter, DeliveryError } from "../../src/engine/adapter.ts";
import { createOutbox, type Outbox } from "../../src/outbox/runner.ts";
import type { Store } from "../../src/store/types.ts";
import { createDatabase, databaseKinds, type TestDatabase } from "../support/databases.ts";
import { addressOf, firstTurn, turn } from "../support/turns.ts";
import { fakePlatform, part, quiet } from "./harness.ts";

/** A person whose first place is gone: where reminders and broadcasts go then. */
describe.each(databaseKinds)("an address that is gone, on %s", (kind) => {
  let database: TestDatabase;
  let store: Store;
  let runner: Outbox | undefined;

  beforeEach(async () => {
    database = await createDatabase(kind);
    store = await database.open();
    runner = undefined;
    await store.write([firstTurn("ann")]);
  });
  afterEach(async () => {
    await runner?.stop(1_000);
    await database.drop();
  });

  function run(adapters: readonly Adapter[]): void {
    runner = createOutbox({
      store,
      adapters,
      receive: async () => ({ outcome: "taken" }),
      now: Date.now,
      log: quiet,
      holder: "one",
      onGone: () => {},
    });
    runner.start();
  }

  /** A platform that never reaches anybody, because they blocked it. */
  function blocked(channel: string) {
    const platform = fakePlatform(channel);
    platform.answer = async () => {
      throw new DeliveryError("gone", "403", { reason: "blocked" });
    };
    return platform;
  }

  const place = (channel: string, changedAt: number) =>
    store.db.address.create({
      data: {
        id: `${channel}:bot:ann`,
        personId: "ann",
        channel,
        tenant: "bot",
        user: "ann",
        ref: "{}",
        state: "reachable",
        changedAt: BigInt(changedAt),
      },
    });
  const say = (kind: "reply" | "reminder" | "broadcast", text: string, id?: string) =>
    store.write([
      turn("ann", {
        at: Date.now(),
        outbox: [
          {
            addressId: addressOf("ann").id,
            lane: "chat:bot",
            kind,
            parts: [{ ...part(text, { edits: "earlier" }), ...(id === undefined ? {} : { id }) }],
            notBefore: 0,
          },
        ],
      }),
    ]);
  const settled = () =>
    vi.waitFor(async () => expect(await store.db.outbox.count({ where: { status: { lte: 1 } } })).toBe(0), {
      timeout: 10_000,
      interval: 20,
    });
  const stateOf = async (id: string) => {
    const found = await store.db.address.findUnique({ where: { id } });
    return [found?.state, found?.reason];
  };

  test("a reminder goes on from place to place, to each once, and each is marked with the reason", async () => {
    const [first, second, third] = [blocked("chat"), blocked("other"), fakePlatform("third")];
    await place("other", 2);
    await place("third", 1);
    run([first.adapter, second.adapter, third.adapter]);
    await say("reminder", "your next step");
    await vi.waitFor(() => expect(third.texts()).toEqual(["your next step"]), { timeout: 10_000, interval: 20 });
    await settled();
    expect(first.sent).toHaveLength(1);
    expect(second.sent).toHaveLength(1);
    // The message to replace stood in the first chat.
    expect(third.sent[0]?.edits).toBeUndefined();
    expect(await stateOf(addressOf("ann").id)).toEqual(["gone", "blocked"]);
    expect(await stateOf("other:bot:ann")).toEqual(["gone", "blocked"]);
    expect(await stateOf("third:bot:ann")).toEqual(["reachable", null]);
    expect(await store.db.outbox.count()).toBe(0);
  });

  test("where nobody can be reached anywhere the row stays with its code, and a reply stays where it was asked for", async () => {
    const [first, second] = [blocked("chat"), fakePlatform("other")];
    run([first.adapter, second.adapter]);
    await say("reminder", "alone");
    await settled();
    await place("other", 1);
    await say("reply", "an answer");
    await settled();
    const rows = await store.db.outbox.findMany({ orderBy: { seq: "asc" } });
    expect(rows.map((row) => [row.class, row.status, row.code])).toEqual([
      [1, 4, "403"],
      [0, 4, "403"],
    ]);
    expect(second.sent).toHaveLength(0);
  });

  test("a broadcast's delivery follows, also to a page, where it is sent at once", async () => {
    const first = blocked("chat");
    const page = fakePlatform("page", { lane: false });
    await place("page", 1);
    await store.db.broadcast.create({
      data: {
        id: "b1",
        organisationId: "root",
        author: "lead",
        state: "sending",
        audience: "{}",
        content: "{}",
        timing: "{}",
        planned: true,
        cursor: "",
        createdAt: 0n,
        changedAt: 0n,
        deliveries: { create: { personId: "ann", addressId: addressOf("ann").id, state: "planned" } },
      },
    });
    run([first.adapter, page.adapter]);
    const told: string[] = [];
    const off = store.onWork(({ chats }) => void told.push(...chats));
    await say("broadcast", "news", "b:b1:ann");
    await settled();
    off();
    const [row] = await store.outbox.stream("page:bot:ann", undefined, 10);
    expect(row?.parts.map((one) => [one.id, one.edits])).toEqual([["b:b1:ann", undefined]]);
    const [delivery] = await store.db.broadcastDelivery.findMany();
    expect(delivery).toMatchObject({ addressId: "page:bot:ann", state: "sent", reason: null });
    expect(told).toContain("page:bot:ann");
  });

  test("whoever writes again is reachable, and the reason is forgotten", async () => {
    run([blocked("chat").adapter]);
    await say("reminder", "hello");
    await settled();
    const { id } = addressOf("ann");
    expect(await stateOf(id)).toEqual(["gone", "blocked"]);
    await store.write([turn("ann", { address: { id, ref: "{}" } })]);
    expect(await stateOf(id)).toEqual(["gone", "blocked"]);
    await store.write([turn("ann", { address: { id, state: "reachable" } })]);
    expect(await stateOf(id)).toEqual(["reachable", null]);
  });
});
