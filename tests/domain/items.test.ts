import { describe, expect, test } from "vitest";
import { createItems } from "../../src/domain/items.ts";

const options = () => ({ ids: ["a", "b", "c"], right: "a" });

/** So many attempts of two questions: `q` as given, and `z` beside it. */
function play(rows: readonly (readonly [times: number, q: string, z: boolean])[], people = 5) {
  const items = createItems();
  for (const [times, option, z] of rows) {
    for (let n = 0; n < times; n += 1) {
      const q = { question: "q", version: "1.0.0", option, right: option === "a" };
      const other = { question: "z", version: "1.0.0", option: z ? "a" : "b", right: z };
      items.add(q, String(n % people));
      items.add(other, String(n % people));
      items.attempt([q, other]);
    }
  }
  return items.items(options).find(({ question }) => question === "q");
}

describe("a question by its answers", () => {
  test("share right, share per option and correlation as worked by hand", () => {
    // Of 40, 30 are right; 20 of these 30 and 2 of the other 10 are right in the rest.
    // r = (40·20 − 30·22) / √(30·10·22·18) = 140 / √118800 = 0.406
    const item = play([
      [20, "a", true],
      [10, "a", false],
      [2, "b", true],
      [4, "b", false],
      [4, "c", false],
    ]);
    expect(item).toMatchObject({
      answers: 40,
      right: 0.75,
      options: [
        { id: "a", share: 0.75 },
        { id: "b", share: 0.15 },
        { id: "c", share: 0.1 },
      ],
      flags: [],
    });
    expect(item?.discrimination).toBeCloseTo(0.406, 3);
  });

  test("nothing is said of 29 answers, or of fewer than five people", () => {
    expect(play([[60, "a", true]], 4)).toBeUndefined();
    expect(play([[29, "a", true]])).toBeUndefined();
    expect(play([[30, "a", true]])?.answers).toBe(30);
  });

  test.each([
    [
      "easy, with idle options",
      [
        [29, "a", true],
        [1, "a", false],
        [1, "b", true],
      ],
      ["easy", "idle", "weak"],
    ],
    [
      "95 % is not yet too easy",
      [
        [38, "a", true],
        [1, "b", false],
        [1, "c", false],
      ],
      ["idle"],
    ],
    [
      "hard",
      [
        [11, "a", true],
        [20, "b", false],
        [9, "c", false],
      ],
      ["hard"],
    ],
    [
      "30 % is not yet too hard",
      [
        [12, "a", true],
        [20, "b", false],
        [8, "c", false],
      ],
      [],
    ],
    [
      "a wrong option below 5 %",
      [
        [20, "a", true],
        [20, "b", false],
        [2, "c", false],
      ],
      ["idle"],
    ],
    [
      "who knows the rest is wrong here",
      [
        [20, "a", false],
        [12, "b", true],
        [8, "c", true],
      ],
      ["weak"],
    ],
  ] as const)("is flagged: %s", (_, rows, flags) => {
    expect(play(rows)?.flags).toEqual(flags);
  });

  test("where everybody did alike there is no correlation, and no flag for it", () => {
    expect(
      play([
        [20, "a", true],
        [10, "b", true],
        [10, "c", true],
      ]),
    ).toMatchObject({ discrimination: null, flags: [] });
  });
});
