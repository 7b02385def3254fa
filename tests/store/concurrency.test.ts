import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Store, StoreError, type TurnWrite } from "../../src/store/types.ts";
import { createDatabase, databaseKinds, type TestDatabase } from "../support/databases.ts";
import { addressOf, firstTurn, message, personState, readOf, session, turn } from "../support/turns.ts";

const kindOf = (error: unknown) => (error instanceof StoreError ? error.kind : "bug");

describe.each(databaseKinds)("at the same time on %s", (kind) => {
  let database: TestDatabase;
  let store: Store;
  beforeEach(async () => {
    database = await createDatabase(kind);
    store = await database.open();
  });
  afterEach(() => database.drop());

  test("no resolved write is lost beside transactions of Prisma that roll back", async () => {
    const people = Array.from({ length: 3 }, (_, index) => `p${index}`);
    await store.write(people.map((person) => firstTurn(person)));
    // Counted, not timed: on a slow machine nothing would meet anything. Who is done first stops the others.
    const enough = 60;
    const going = () => single.length < 2 * enough;
    const single: string[] = [];
    const inside: string[] = [];
    const taken = new Map<string, number>(people.map((person) => [person, 1]));
    let count = 0;
    const name = () => `key-${count++}`;
    const singles = async () => {
      while (going()) {
        const key = name();
        await store.db.meta.create({ data: { key, value: "single" } });
        single.push(key);
      }
    };
    const transactions = async (fails: boolean) => {
      while (going()) {
        const key = name();
        const work = store.db.$transaction(async (tx) => {
          await tx.meta.create({ data: { key, value: "inside" } });
          await tx.meta.count();
          if (fails) throw new Error("rolled back on purpose");
        });
        if (fails) await expect(work).rejects.toThrow("on purpose");
        else {
          await work;
          inside.push(key);
        }
      }
    };
    const hot = async (person: string) => {
      while (going()) {
        const rev = (taken.get(person) ?? 0) + 1;
        await store.write([turn(person, { session: { rev, state: session(rev) } })]);
        taken.set(person, rev);
        // As group commit does between two batches; without it nobody else's turn would ever come.
        await new Promise(setImmediate);
      }
    };
    await Promise.all([singles(), singles(), transactions(true), transactions(false), ...people.map(hot)]);
    const stored = new Set((await store.db.meta.findMany()).map((row) => row.key));
    expect([...single, ...inside].filter((key) => !stored.has(key))).toEqual([]);
    expect(stored.size).toBe(single.length + inside.length);
    expect(Math.min(single.length, inside.length)).toBeGreaterThan(0);
    const rows = await store.read(people.map((person) => readOf(person)));
    expect(rows.map((row) => row.rev)).toEqual(people.map((person) => taken.get(person)));
  });

  test("using the outer client inside a transaction fails instead of losing data", async () => {
    if (kind !== "sqlite") return;
    const work = store.db.$transaction(
      async () => {
        await store.db.meta.create({ data: { key: "outer", value: "" } });
      },
      { timeout: 300 },
    );
    await expect(work).rejects.toMatchObject({ code: "P2028" });
    // The statement waited at the gate and ran on its own afterwards.
    await expect.poll(() => store.db.meta.count()).toBe(1);
    await store.write([firstTurn("still-works")]);
  });

  test("a transaction that waits too long leaves nothing behind", async () => {
    if (kind !== "sqlite") return;
    const slow = store.db.$transaction(async () => new Promise((resolve) => setTimeout(resolve, 300)));
    const late = store.db.$transaction(async (tx) => tx.meta.create({ data: { key: "late", value: "" } }), {
      maxWait: 50,
    });
    await expect(late).rejects.toMatchObject({ code: "P2028" });
    await slow;
    await store.write([firstTurn("ann")]);
    expect(await store.db.meta.count()).toBe(0);
  });

  test("two instances that race on the same people take each turn once", async () => {
    if (kind !== "postgresql") return;
    const other = await database.open();
    const people = Array.from({ length: 30 }, (_, index) => `racer-${index}`);
    const rounds = 15;
    let conflicts = 0;
    const play = async (on: Store, seed: number) => {
      for (let round = 0; round < rounds; round++) {
        // Each instance in its own order, both with the same deliveries.
        let left = [...people].sort((one, two) => (one + seed < two + seed ? -1 : 1));
        if (seed % 2 === 1) left = left.reverse();
        for (let tries = 0; left.length > 0 && tries < 100; tries++) {
          const batch = left.slice(0, 10);
          const reads = batch.map((person) => ({
            ...readOf(person),
            delivery: { channel: "chat", tenant: "bot", id: `${person}-${round}` },
          }));
          const rows = await on.read(reads);
          const open = batch.flatMap((person, index) => {
            const found = rows[index];
            return found === undefined || found.seen ? [] : [{ person, found }];
          });
          const writes = open.map(({ person, found }): TurnWrite => {
            const delivery = { channel: "chat", tenant: "bot", id: `${person}-${round}` };
            const next = { rev: found.rev + 1, state: session((found.state?.fallbacks ?? 0) + 1) };
            const fresh = found.person === undefined && {
              newPerson: personState(person),
              newAddress: addressOf(person),
            };
            const entry = { type: "x", key: `k-${round}`, programme: "p", version: "1", data: null, at: 1 };
            return turn(person, {
              delivery,
              session: next,
              records: [entry],
              outbox: [message(person, `${person}-${round}`)],
              ...fresh,
            });
          });
          try {
            if (writes.length > 0) await on.write(writes);
            left = left.slice(batch.length);
          } catch (error) {
            expect(kindOf(error)).toBe("conflict");
            conflicts++;
          }
        }
        expect(left).toEqual([]);
      }
    };
    await Promise.all([play(store, 1), play(other, 2)]);
    const rows = await store.read(people.map((person) => readOf(person)));
    expect(rows.map((row) => [row.rev, row.state?.fallbacks])).toEqual(people.map(() => [rounds, rounds]));
    expect(await store.db.person.count()).toBe(people.length);
    expect(await store.db.record.count()).toBe(people.length * rounds);
    expect(await store.db.outbox.count()).toBe(people.length * rounds);
    expect(conflicts).toBeGreaterThan(0);
  });

  test("another instance hears what a commit has left waiting", async () => {
    if (kind !== "postgresql") return;
    const other = await database.open();
    await store.write([firstTurn("ann")]);
    const many = Array.from({ length: 300 }, (_, index) =>
      message("ann", `m${index}`, { lane: "", addressId: `web:site:${"x".repeat(40)}${index}` }),
    );
    const heard = new Set<string>();
    const all = new Promise<void>((resolve) => {
      other.onWork((work) => {
        for (const chat of [...work.chats, ...work.lanes]) heard.add(chat);
        if (heard.size === 301) resolve();
      });
    });
    await store.write([turn("ann", { outbox: [...many, message("ann", "lane")] })]);
    await all;
    expect(heard).toContain("chat:bot");
  });
});
