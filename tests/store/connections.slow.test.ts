import pg from "pg";
import { expect, test } from "vitest";
import { StoreError } from "../../src/store/types.ts";
import { createDatabase, databaseKinds } from "../support/databases.ts";
import { firstTurn, message, readOf, session, turn } from "../support/turns.ts";

const kindOf = (error: unknown) => (error instanceof StoreError ? error.kind : "bug");

test.skipIf(!databaseKinds.includes("postgresql"))(
  "connections that are cut under load cost nothing that was acknowledged",
  async ({ signal, onTestFinished }) => {
    const database = await createDatabase("postgresql");
    onTestFinished(() => database.drop());
    const store = await database.open();
    const people = Array.from({ length: 16 }, (_, index) => `cut-${index}`);
    await store.write(people.map((person) => firstTurn(person)));
    const killer = new pg.Client({ connectionString: database.url });
    await killer.connect();
    const outcomes: string[] = [];
    // By progress and not by the clock: on a busy machine a cut every few milliseconds comes before any turn is through.
    const turnsBetweenCuts = 7;
    let written = 0;
    const cutNowAndThen = async () => {
      written++;
      if (written % turnsBetweenCuts !== 0) return;
      await killer.query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()",
      );
    };
    const play = async (person: string) => {
      // A test that ran out of time must not go on beside the next ones.
      for (let number = 1; number <= 25 && !signal.aborted; ) {
        const delivery = { channel: "chat", tenant: "bot", id: `${person}-${number}` };
        try {
          const [found] = await store.read([{ ...readOf(person), delivery }]);
          if (found === undefined) throw new Error("no answer");
          if (!found.seen) {
            const state = session((found.state?.fallbacks ?? 0) + 1);
            await store.write([turn(person, { delivery, session: { rev: found.rev + 1, state } })]);
            await cutNowAndThen();
          }
          number++;
        } catch (error) {
          outcomes.push(kindOf(error));
        }
      }
    };
    try {
      await Promise.all(people.map(play));
    } finally {
      await killer.end();
    }
    const read = async () => store.read(people.map((person) => readOf(person)));
    const rows = await read().catch(read);
    expect(rows.map((row) => row.state?.fallbacks)).toEqual(people.map(() => 25));
    expect(outcomes.filter((outcome) => outcome !== "unavailable" && outcome !== "conflict")).toEqual([]);
    expect(outcomes.length).toBeGreaterThan(0);
    // The ear comes back by itself.
    const other = await database.open();
    await expect
      .poll(
        async () => {
          let told = false;
          const stop = store.onWork((work) => {
            told ||= work.chats.length > 0;
          });
          await other.write([turn("cut-1", { outbox: [message("cut-1", "x", { lane: "" })] })]).catch(() => undefined);
          await new Promise((resolve) => setTimeout(resolve, 50));
          stop();
          return told;
        },
        { timeout: 10_000 },
      )
      .toBe(true);
  },
  40_000,
);
