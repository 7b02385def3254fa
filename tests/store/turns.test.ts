import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { OutboxWrite, Store, TurnWrite } from "../../src/store/types.ts";
import { createDatabase, databaseKinds, type TestDatabase } from "../support/databases.ts";
import { addressOf, firstTurn, message, personState, readOf, session, turn } from "../support/turns.ts";

describe.each(databaseKinds)("turns on %s", (kind) => {
  let database: TestDatabase;
  let store: Store;
  beforeAll(async () => {
    database = await createDatabase(kind);
    store = await database.open();
  });
  afterAll(() => database.drop());

  const read = async (person: string, delivery?: string, token?: string) => {
    const [rows] = await store.read([readOf(person, delivery, token)]);
    if (rows === undefined) throw new Error("a read must answer every row");
    return rows;
  };
  const conflict = expect.objectContaining({ name: "StoreError", kind: "conflict" });
  const refused = (turns: readonly TurnWrite[]) => expect(store.write(turns)).rejects.toEqual(conflict);

  test("nobody is known before the first turn", async () => {
    expect(await read("nobody")).toEqual({ seen: false, rev: 0 });
  });

  test("a first turn is read back whole", async () => {
    const meaning = { type: "step", activity: "lesson:1", key: "answer:1:q1" } as const;
    const first = firstTurn("anna", {
      session: { rev: 1, state: session(3) },
      tokens: [{ token: "anna-token", meaning }],
      records: [{ type: "answer", key: "answer:1:q1", programme: "p", version: "1", data: { option: "b" }, at: 5 }],
      progress: { lessons: ["1.1"], ключ: null },
    });
    await store.write([first]);
    expect(await read("anna", first.delivery.id, "anna-token")).toEqual({
      seen: true,
      address: { id: addressOf("anna").id, ref: JSON.stringify(addressOf("anna").ref), state: "reachable" },
      person: { ...personState("anna"), addressId: addressOf("anna").id },
      rev: 1,
      state: session(3),
      progress: { lessons: ["1.1"], ключ: null },
      token: { personId: "anna", meaning, answered: { option: "b" } },
    });
  });

  test("a token is known to whoever presses it, the answer only to its owner", async () => {
    await store.write([firstTurn("bo")]);
    expect((await read("bo", "none", "anna-token")).token).toMatchObject({ personId: "anna", answered: null });
    expect((await read("bo", "none", "no such token")).token).toBeUndefined();
  });

  const values = [null, 0, "text", `"quoted"`, true, [], [1, { a: null }], {}, "null"];
  test.each(values.map((data) => ({ data })))("the value $data survives", async ({ data }) => {
    const person = `value-${JSON.stringify(data)}`;
    await store.write([
      firstTurn(person, {
        progress: data,
        records: [{ type: "answer", key: "k", programme: "p", version: "1", data, at: 1 }],
        tokens: [{ token: `t-${person}`, meaning: { type: "step", activity: "a", key: "k" } }],
        timersSet: [{ name: "n", due: 1, data }],
        jobs: [{ id: `j-${person}`, name: "n", data }],
      }),
    ]);
    const rows = await read(person, "none", `t-${person}`);
    expect(rows.progress).toEqual(data);
    expect(rows.token?.answered).toEqual(data);
    expect((await store.dueTimers(10, 1_000)).find((timer) => timer.personId === person)?.data).toEqual(data);
    expect((await store.jobs(10_000_000, 1_000)).find((job) => job.personId === person)?.data).toEqual(data);
  });

  test("many turns are read in the order they were asked for", async () => {
    const people = Array.from({ length: 70 }, (_, index) => `many-${index}`);
    await store.write(people.map((person, index) => firstTurn(person, { session: { rev: 1, state: session(index) } })));
    const rows = await store.read([...people].reverse().map((person) => readOf(person)));
    expect(rows.map((row) => row.state?.fallbacks)).toEqual(people.map((_, index) => 69 - index));
  });

  test("settings, the last address, a reference and a state change where they are given", async () => {
    await store.write([firstTurn("cy")]);
    const second = addressOf("cy", "other");
    await store.write([
      turn("cy", { session: { rev: 2, state: session(1) }, newAddress: second, lastAddressId: second.id }),
    ]);
    expect((await read("cy")).person?.addressId).toBe(second.id);
    const changed = personState("cy", {
      rhythm: null,
      pausedUntil: 2 ** 45,
      stopped: true,
      roles: ["coordinator"],
      language: null,
    });
    await store.write([turn("cy", { person: changed, address: { id: addressOf("cy").id, state: "gone" } })]);
    await store.write([turn("cy", { address: { id: addressOf("cy").id, ref: '{"new":1}' } })]);
    const rows = await read("cy");
    expect(rows.person).toEqual({ ...changed, addressId: second.id });
    expect(rows.address).toEqual({ id: addressOf("cy").id, state: "gone", ref: '{"new":1}' });
    await store.write([turn("cy", { person: changed, lastAddressId: addressOf("cy").id })]);
    expect((await read("cy")).person?.addressId).toBe(addressOf("cy").id);
  });

  test("a delivery that was taken undoes the batch it comes in", async () => {
    const taken = turn("bo");
    await store.write([taken]);
    await refused([
      firstTurn("dora"),
      turn("bo", { delivery: taken.delivery, session: { rev: 2, state: session(9) } }),
    ]);
    expect(await read("dora")).toEqual({ seen: false, rev: 0 });
    expect((await read("bo")).rev).toBe(1);
  });

  test.each([1, 2, 4])("a session at revision 2 refuses revision %i, and the batch with it", async (rev) => {
    const person = `moved-${rev}`;
    const other = `beside-${rev}`;
    await store.write([firstTurn(person), firstTurn(other)]);
    await store.write([turn(person, { session: { rev: 2, state: session(2) } })]);
    await refused([turn(other, { progress: { lost: true } }), turn(person, { session: { rev, state: session(5) } })]);
    expect(await read(person)).toMatchObject({ rev: 2, state: { fallbacks: 2 } });
    expect((await read(other)).progress).toBeUndefined();
  });

  test("a session above 1 cannot begin one", async () => {
    await store.write([firstTurn("eve", { session: undefined as never })]);
    await refused([turn("eve", { session: { rev: 2, state: session(1) } })]);
    expect((await read("eve")).rev).toBe(0);
    await store.write([turn("eve", { session: { rev: 1, state: session(1) } })]);
    expect((await read("eve")).rev).toBe(1);
  });

  test("an address, a record key and a person exist once", async () => {
    await refused([firstTurn("anna")]);
    await refused([firstTurn("stranger", { newAddress: addressOf("anna") })]);
    const entry = { type: "answer", key: "answer:1:q1", programme: "p", version: "1", data: 1, at: 9 };
    await refused([turn("anna", { records: [entry] })]);
    await store.write([turn("bo", { records: [entry] })]);
  });

  test("a person who is not there any more refuses everything", async () => {
    await refused([turn("ghost")]);
    await refused([turn("ghost", { session: { rev: 1, state: session(1) } })]);
    await refused([turn("ghost", { session: { rev: 7, state: session(1) } })]);
    await refused([turn("ghost", { timersSet: [{ name: "x", due: 1, data: null }] })]);
    await refused([turn("bo", { address: { id: addressOf("anna").id, state: "gone" } })]);
    expect((await read("anna")).address?.state).toBe("reachable");
  });

  test("timers are set, replaced, cancelled and fire once", async () => {
    await store.write([
      firstTurn("tim", {
        timersSet: [
          { name: "a", due: 10, data: 1 },
          { name: "b", due: 20, data: 2 },
        ],
      }),
    ]);
    const due = async () => (await store.dueTimers(100, 1_000)).filter((timer) => timer.personId === "tim");
    await store.write([turn("tim", { timersSet: [{ name: "a", due: 30, data: 3 }] })]);
    expect(await due()).toEqual([
      {
        personId: "tim",
        name: "b",
        due: 20,
        data: 2,
        address: expect.objectContaining({ user: "tim", ref: { chat: "tim" } }),
      },
      expect.objectContaining({ name: "a", due: 30, data: 3 }),
    ]);
    await refused([turn("tim", { timerFired: { name: "a", due: 10 } })]);
    await store.write([turn("tim", { timerFired: { name: "a", due: 30 }, timersCancelled: ["a"] })]);
    await refused([turn("tim", { timerFired: { name: "a", due: 30 } })]);
    await store.write([
      turn("tim", { timerFired: { name: "b", due: 20 }, timersSet: [{ name: "b", due: 50, data: 4 }] }),
    ]);
    await refused([turn("tim", { timerFired: { name: "b", due: 20 }, timersSet: [{ name: "b", due: 60, data: 5 }] })]);
    expect(await due()).toEqual([expect.objectContaining({ name: "b", due: 50, data: 4 })]);
    await store.write([turn("tim", { timersCancelled: ["b", "c"], timersSet: [{ name: "c", due: 70, data: 6 }] })]);
    expect(await due()).toEqual([expect.objectContaining({ name: "c", due: 70 })]);
  });

  test("a due timer speaks to the address used last, else to another reachable one, else to none", async () => {
    const other = addressOf("una", "other");
    await store.write([firstTurn("una", { timersSet: [{ name: "n", due: 1, data: null }] })]);
    const address = async () => (await store.dueTimers(5, 1_000)).find((timer) => timer.personId === "una")?.address;
    await store.write([turn("una", { newAddress: other })]);
    expect(await address()).toMatchObject({ channel: "chat" });
    await store.write([turn("una", { address: { id: addressOf("una").id, state: "gone" } })]);
    expect(await address()).toMatchObject({ channel: "other" });
    await store.write([turn("una", { address: { id: other.id, state: "gone" } })]);
    expect(await address()).toBeNull();
  });

  test("a job is handed out once, comes back when it failed and after a minute without an answer", async () => {
    const at = 50_000_000;
    await store.write([firstTurn("joe", { at: at - 2, jobs: [{ id: "job-1", name: "merge", data: { with: 1 } }] })]);
    await store.write([turn("joe", { at: at - 1, jobs: [{ id: "job-2", name: "relay", data: null }] })]);
    const jobs = async (now: number) => (await store.jobs(now, 1_000)).filter((job) => job.personId === "joe");
    expect(await jobs(at - 3)).toEqual([]);
    expect((await jobs(at)).map((job) => job.id)).toEqual(["job-1", "job-2"]);
    expect(await jobs(at)).toEqual([]);
    await store.jobDone("job-2");
    await store.jobFailed("job-1", at + 10);
    expect(await jobs(at + 9)).toEqual([]);
    expect(await jobs(at + 10)).toEqual([
      { id: "job-1", personId: "joe", name: "merge", data: { with: 1 }, attempts: 1 },
    ]);
    expect(await jobs(at + 59_000)).toEqual([]);
    expect((await jobs(at + 61_000)).map((job) => job.id)).toEqual(["job-1"]);
  });

  test("what waits is told after the commit, once", async () => {
    const told: unknown[] = [];
    const first = new Promise<void>((resolve) => {
      const stop = store.onWork((work) => {
        told.push(work);
        stop();
        resolve();
      });
    });
    await store.write([
      turn("bo", {
        outbox: [message("bo", "x"), message("bo", "y", { lane: "" })],
        jobs: [{ id: "job-9", name: "n", data: 1 }],
      }),
    ]);
    await first;
    expect(told).toMatchObject([{ lanes: ["chat:bot"], chats: [addressOf("bo").id], jobs: true }]);
  });

  const handsOver = kind === "sqlite" ? test : undefined;
  handsOver?.("a reply whose address is known is told whole, others are to be claimed", async () => {
    await store.write([firstTurn("gil")]);
    const heard: Parameters<Parameters<Store["onWork"]>[0]>[0][] = [];
    const stop = store.onWork((work) => heard.push(work));
    const known = { address: { ...addressOf("gil"), ref: { chat: 7 } } };
    const write = (...outbox: OutboxWrite[]) => store.write([turn("gil", { outbox })]);
    await write(message("gil", "first"));
    await write(message("gil", "second", known));
    await write(message("gil", "third", known), message("gil", "news", { ...known, kind: "broadcast" }));
    await expect.poll(() => heard.length).toBe(3);
    stop();
    const seqs = (await store.db.outbox.findMany({ where: { personId: "gil" }, orderBy: { seq: "asc" } })).map(
      ({ seq }) => seq,
    );
    expect(heard.map(({ lanes }) => lanes)).toEqual([["chat:bot"], [], ["chat:bot"]]);
    const [second, third] = heard.flatMap(({ rows }) => rows ?? []);
    expect(second).toMatchObject({
      lane: "chat:bot",
      before: [seqs[0]],
      row: { seq: seqs[1], kind: "reply", attempts: 0, mayBeSent: false, address: known.address },
    });
    expect([...(third?.before ?? [])].sort()).toEqual(seqs.slice(0, 2));
    expect(third?.row.seq).toBe(seqs[2]);
    const lease = { name: "chat:bot", epoch: 1 };
    expect([third?.leaves(lease), third?.leaves(lease)]).toEqual([true, false]);
  });

  test("a failed turn keeps its sealed input", async () => {
    const failed = turn("bo", { failed: { input: "sealed", reason: "threw" } });
    await store.write([failed]);
    const [row] = await store.db.failedTurn.findMany();
    expect(row).toMatchObject({ personId: "bo", deliveryId: failed.delivery.id, input: "sealed", reason: "threw" });
  });

  test("the journal is kept with its delivery", async () => {
    const written = turn("bo", { journal: new Uint8Array([0, 255, 7]) });
    await store.write([written]);
    const found = await store.db.delivery.findFirst({ where: { id: written.delivery.id } });
    expect([...(found?.journal ?? [])]).toEqual([0, 255, 7]);
  });
});
