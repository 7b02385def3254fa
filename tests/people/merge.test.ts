import { describe, expect, test } from "vitest";
import { emptySession, type Session } from "../../src/engine/session.ts";
import { mergeSessions } from "../../src/people/merge.ts";

const session = (changes: Partial<Session>): Session => ({ ...emptySession, ...changes });
const merged = (from: Partial<Session>, into: Partial<Session>) => {
  const { pushedOn, pushes, waiting } = mergeSessions(session(from), session(into));
  return { pushedOn, pushes, waiting };
};

describe("two persons become one: the day's cap", () => {
  test("the later day counts with what was pushed on it", () => {
    const [early, late] = [{ pushedOn: "2026-03-03", pushes: 3 }, { pushedOn: "2026-03-04" }];
    expect(merged(early, late)).toMatchObject({ pushedOn: "2026-03-04", pushes: 1 });
    expect(merged(late, early)).toMatchObject({ pushedOn: "2026-03-04", pushes: 1 });
    expect(merged(early, {})).toMatchObject(early);
  });

  test("pushes of one day on both sides are added", () => {
    const day = { pushedOn: "2026-03-03" };
    expect(merged(day, { ...day, pushes: 2 })).toMatchObject({ pushedOn: "2026-03-03", pushes: 3 });
    expect(merged({}, {})).toMatchObject({ pushedOn: null, pushes: 0 });
  });

  test("what waits on either side waits", () => {
    expect(merged({ waiting: ["one"] }, { waiting: ["two"] }).waiting).toEqual(["two", "one"]);
    expect(merged({ waiting: ["one"] }, {}).waiting).toEqual(["one"]);
  });
});
