import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { project } from "../../src/domain/progress.ts";
import { dueAt, type Memories, type Memory, remember } from "../../src/domain/review.ts";
import type { RecordEntry } from "../../src/engine/session.ts";

const day = 86_400_000;
const start = Date.UTC(2026, 2, 3, 12, 30);

/** The memory after answers at these distances, in days, each after the one before. */
function answered(...answers: readonly (readonly [right: boolean, days: number])[]): Memory {
  let memory: Memory | undefined;
  let at = start;
  for (const [right, days] of answers) {
    at += days * day;
    memory = remember(memory, { right }, at);
  }
  if (memory === undefined) throw new Error("no answer");
  return memory;
}

describe("how well something is remembered", () => {
  test("the published state after six answers, FSRS-6 with its default parameters", () => {
    const memory = answered([false, 0], [true, 0], [true, 1], [true, 3], [true, 8], [true, 21]);
    expect(memory.stability).toBeCloseTo(53.62691, 3);
    expect(memory.difficulty).toBeCloseTo(6.3574867, 3);
  });

  test.each([
    ["wrong", { right: false }, 0.212, 6.4133],
    ["right but unsure", { right: true, sure: false }, 1.2931, 5.1121707],
    ["right", { right: true, sure: true }, 2.3065, 2.118104],
  ])("the published state after a first answer: %s", (_name, answer, stability, difficulty) => {
    const memory = remember(undefined, answer, start);
    expect(memory.stability).toBeCloseTo(stability, 3);
    expect(memory.difficulty).toBeCloseTo(difficulty, 3);
  });

  test("right each time it is due: after 2, 11 and 46 days", () => {
    const days: number[] = [];
    let memory: Memory | undefined;
    for (let n = 0; n < 3; n += 1) {
      const at = memory?.due ?? start;
      memory = remember(memory, { right: true }, at);
      days.push((memory.due - at) / day);
    }
    expect(days).toEqual([2, 11, 46]);
  });

  test("what was wrong comes back on the next day, and never later than in a year", () => {
    expect(answered([false, 0]).due - start).toBe(day);
    const years = Array.from({ length: 12 }, () => [true, 365] as const);
    const memory = answered([true, 0], ...years);
    // The scheduler keeps “good” a day above “hard”.
    expect((memory.due - memory.last) / day).toBeLessThanOrEqual(366);
  });

  test("a clock that was set back breaks nothing", () => {
    const memory = remember(undefined, { right: true }, start);
    expect(remember(memory, { right: true }, start - 3 * day).last).toBe(start);
  });

  test("the log replayed gives the same memory, whatever it is cut into", () => {
    const answer = fc.record({ right: fc.boolean(), sure: fc.boolean(), days: fc.integer({ min: 0, max: 400 }) });
    fc.assert(
      fc.property(fc.array(answer, { minLength: 1, maxLength: 20 }), fc.nat(20), (answers, cut) => {
        let at = start;
        const entries = answers.map(({ right, sure, days }, n): RecordEntry => {
          at += days * day;
          const data = { question: "one", right, sure };
          return { type: "review", key: `review:${n}:one`, programme: "p", version: "1.0.0", data, at };
        });
        const whole = project(null, entries);
        expect(project(project(null, entries.slice(0, cut)), entries.slice(cut))).toEqual(whole);
        // What is stored is JSON: nothing may be lost in it.
        expect(JSON.parse(JSON.stringify(whole))).toEqual(whole);
      }),
    );
  });
});

describe("what is due", () => {
  const today = { start: Math.floor(start / day) * day, end: (Math.floor(start / day) + 1) * day };
  const memory = (due: number, more: Partial<Memory> = {}): Memory => ({
    due: start + due * day,
    last: start - 20 * day,
    stability: 10,
    difficulty: 5,
    reps: 1,
    lapses: 0,
    ...more,
  });
  const many = (count: number): Memories =>
    Object.fromEntries(Array.from({ length: count }, (_, n) => [`q${n}`, memory(-1, { stability: 10 + n })]));

  test("after a break a few a day, those first that are nearest to being forgotten", () => {
    expect(dueAt(many(40), start, 5, today)).toMatchObject({ today: ["q0", "q1", "q2", "q3", "q4"], all: 40 });
  });

  test("what was reviewed today counts; what was learned today does not", () => {
    const reviewed = { a: memory(9, { last: start, reps: 2 }), b: memory(9, { last: start, reps: 1 }) };
    expect(dueAt({ ...many(40), ...reviewed }, start, 5, today).today).toHaveLength(4);
  });

  test("nothing is due before its time, and the next time is known", () => {
    expect(dueAt({ a: memory(0.4) }, start, 5, today).today).toEqual(["a"]);
    expect(dueAt({ a: memory(2), b: memory(1) }, start, 5, today)).toEqual({
      today: [],
      all: 0,
      next: start + day,
    });
    expect(dueAt({}, start, 5, today)).toEqual({ today: [], all: 0, next: undefined });
  });
});
