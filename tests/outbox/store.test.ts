import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type Adapter, DeliveryError } from "../../src/engine/adapter.ts";
import { createOutbox, type Outbox } from "../../src/outbox/runner.ts";
import type { OutboxPart, Store } from "../../src/store/types.ts";
import { StoreError } from "../../src/store/types.ts";
import { createDatabase, databaseKinds, type TestDatabase } from "../support/databases.ts";
import { addressOf, firstTurn, turn } from "../support/turns.ts";
import { fakePlatform, part, quiet } from "./harness.ts";

/** The runner on the real stores, on the real clock. */
describe.each(databaseKinds)("on %s", (kind) => {
  let database: TestDatabase;
  let store: Store;
  let runners: Outbox[];

  beforeEach(async () => {
    database = await createDatabase(kind);
    store = await database.open();
    runners = [];
  });
  afterEach(async () => {
    await Promise.all(runners.map((runner) => runner.stop(1_000)));
    await database.drop();
  });

  function run(adapter: Adapter, holder = "one", on: Pick<Store, "outbox" | "upkeep" | "onWork"> = store): Outbox {
    const runner = createOutbox({
      store: on,
      adapters: [adapter],
      receive: async () => ({ outcome: "taken" }),
      now: Date.now,
      log: quiet,
      holder,
      onGone: () => {},
    });
    runners.push(runner);
    runner.start();
    return runner;
  }

  // A turn that knows its address hands a reply straight to the lane.
  const row = (person: string, parts: readonly OutboxPart[], kind: "reply" | "broadcast" = "reply", known = true) => ({
    addressId: addressOf(person).id,
    ...(known && { address: addressOf(person) }),
    lane: "chat:bot",
    kind,
    parts,
    notBefore: 0,
  });
  const say = (person: string, parts: readonly OutboxPart[], kind: "reply" | "broadcast" = "reply") =>
    store.write([turn(person, { at: Date.now(), outbox: [row(person, parts, kind)] })]);
  const left = () => store.db.outbox.count({ where: { status: { lte: 1 } } });
  const empty = () => vi.waitFor(async () => expect(await left()).toBe(0), { timeout: 10_000, interval: 20 });

  test("everything arrives once and in order, whatever the platform refuses in between", async () => {
    const platform = fakePlatform("chat", { concurrency: 5 });
    let calls = 0;
    const arrived: string[] = [];
    platform.answer = async ({ id }) => {
      calls++;
      if (calls % 30 === 0) throw new DeliveryError("unreachable", "ECONNRESET");
      if (calls === 25) throw new DeliveryError("throttled", "429", { retryAfterMs: 300 });
      arrived.push(id);
    };
    const people = ["ann", "bo", "cy", "di", "ed", "flo"];
    await store.write(people.map((person) => firstTurn(person)));
    run(platform.adapter);
    const expected = new Map<string, string[]>(people.map((person) => [person, []]));
    for (let i = 0; i < 8; i++) {
      await store.write(
        people.map((person) => {
          const parts = [part(`${i}a`), part(`${i}b`)];
          expected.get(person)?.push(...parts.map(({ id }) => id));
          return turn(person, { at: Date.now(), outbox: [row(person, parts, "reply", i % 3 !== 0)] });
        }),
      );
    }
    await empty();
    for (const ids of expected.values()) expect(arrived.filter((id) => ids.includes(id))).toEqual(ids);
    expect(arrived).toHaveLength(96);
  });

  test("an edit finds the message of its prompt", async () => {
    const platform = fakePlatform("chat");
    const first = part("question", { token: "token-1" });
    const tokens = [{ token: "token-1", meaning: { type: "step", activity: "a" } as const }];
    await store.write([firstTurn("ann", { tokens, outbox: [row("ann", [first])] })]);
    run(platform.adapter);
    await empty();
    await say("ann", [part("answered", { edits: "token-1" }), part("next")]);
    await empty();
    expect(platform.sent.map(({ text, edits }) => [text, edits])).toEqual([
      ["question", undefined],
      ["answered", `m-${first.id}`],
      ["next", undefined],
    ]);
  });

  test("a reply waits behind no broadcast, and one chat's two classes do not leave at once", async () => {
    const platform = fakePlatform("chat", { concurrency: 1 });
    await store.write([firstTurn("ann"), firstTurn("bo")]);
    await say("ann", [part("news")], "broadcast");
    await say("ann", [part("answer")]);
    await say("bo", [part("news")], "broadcast");
    await say("bo", [part("answer")]);
    run(platform.adapter);
    await empty();
    expect(platform.texts()).toEqual(["answer", "answer", "news", "news"]);
    expect(platform.mostUnderWay).toBe(1);
  });

  test("a rejected part is kept with its code, what came through keeps its message id", async () => {
    const platform = fakePlatform("chat");
    const bad = part("bad");
    platform.answer = async ({ id }) => {
      if (id === bad.id) throw new DeliveryError("rejected", "too long");
    };
    const tokens = [{ token: "token-1", meaning: { type: "step", activity: "a" } as const }];
    const parts = [bad, part("question", { token: "token-1" })];
    await store.write([firstTurn("ann", { tokens, outbox: [row("ann", parts)] })]);
    run(platform.adapter);
    await empty();
    const [kept] = await store.db.outbox.findMany();
    expect(kept).toMatchObject({ code: "too long" });
    expect(JSON.parse(kept?.payload ?? "")).toEqual([bad]);
    expect(await store.db.token.findFirst()).toMatchObject({ messageId: `m-${parts[1]?.id}` });
  });

  test("a killed instance is replaced within 4 s: nothing is lost, only what was under way comes twice", async () => {
    const [one, two] = [fakePlatform("chat", { concurrency: 3 }), fakePlatform("chat", { concurrency: 3 })];
    one.answer = ({ address }) => (address.user === "ann" ? new Promise(() => {}) : Promise.resolve());
    const other = kind === "postgresql" ? await database.open() : store;
    await store.write([firstTurn("ann"), firstTurn("bo")]);
    let alive = true;
    const killed = new Proxy(store.outbox, {
      get(target, name: keyof Store["outbox"]) {
        return alive ? target[name] : () => Promise.reject(new StoreError("unavailable", "killed"));
      },
    });
    const onWork: Store["onWork"] = (listener) => store.onWork((work) => alive && listener(work));
    run(one.adapter, "one", { outbox: killed, upkeep: store.upkeep, onWork });
    await say("bo", [part("bo 1")]);
    await empty();
    run(two.adapter, "two", other);
    await say("ann", [part("ann 1")]);
    await vi.waitFor(() => expect(one.texts()).toEqual(["bo 1", "ann 1"]), { timeout: 5_000, interval: 5 });
    alive = false;
    const killedAt = performance.now();
    await say("ann", [part("ann 2")]);
    await say("bo", [part("bo 2")]);
    await vi.waitFor(() => expect(two.sent).toHaveLength(3), { timeout: 6_000, interval: 5 });
    expect(performance.now() - killedAt).toBeLessThan(4_000);
    expect(two.sent.filter(({ chat }) => chat === "ann").map(({ text }) => text)).toEqual(["ann 1", "ann 2"]);
    expect(one.sent).toHaveLength(2);
    await empty();
  });

  test("a stopped instance hands over at once", async () => {
    const [one, two] = [fakePlatform("chat"), fakePlatform("chat")];
    await store.write([firstTurn("ann")]);
    const first = run(one.adapter);
    await say("ann", [part("1")]);
    await empty();
    await first.stop();
    run(two.adapter, "two");
    const startedAt = performance.now();
    await say("ann", [part("2")]);
    await empty();
    expect(two.texts()).toEqual(["2"]);
    expect(performance.now() - startedAt).toBeLessThan(2_000);
  });
});
