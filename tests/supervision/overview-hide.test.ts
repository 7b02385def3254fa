import { describe, expect, test } from "vitest";
import { seeded } from "../../src/domain/random.ts";
import { hideParts, hideShares, hideSteps, sumOf } from "../../src/supervision/overview-hide.ts";

describe("figures of groups", () => {
  test("a group below five shows nothing at all", () => {
    expect(hideSteps(4, [4, 2, 0])).toEqual(["few", "few", "few"]);
    expect(hideParts(4, [4, 0])).toEqual(["few", "few"]);
  });

  test("a step is hidden where it or what is left of another step would be below five", () => {
    expect(hideSteps(20, [20, 15, 10, 5])).toEqual([20, 15, 10, 5]);
    expect(hideSteps(20, [18, 12, 4, 0])).toEqual(["most", 12, "few", "few"]);
    expect(hideSteps(20, [15, 12, 9])).toEqual([15, "hidden", 9]);
  });

  test("weeks are judged by themselves", () => {
    expect(hideParts(20, [20, 17, 15, 14, 4])).toEqual([20, "most", 15, 14, "few"]);
  });

  test("of the parts of a whole a second one is hidden, until nothing below five is left to subtract", () => {
    expect(hideShares([30, 0, 3, 7])).toEqual([30, "few", "few", "hidden"]);
    expect(hideShares([40, 0, 0, 0])).toEqual([40, "few", "few", "few"]);
    expect(hideShares([12, 9, 8])).toEqual([12, 9, 8]);
    expect(hideShares([6, 4])).toEqual(["most", "few"]);
    expect(hideShares([38, 2, 0, 0])).toEqual(["most", "few", "few", "few"]);
    expect(hideShares([20, 4, 3])).toEqual([20, "few", "few"]);
  });

  test("whatever the numbers are, what is shown leaves nobody below five to be found", () => {
    const random = seeded(5);
    for (let run = 0; run < 2_000; run += 1) {
      const counts = Array.from({ length: 1 + Math.floor(random() * 8) }, () => Math.floor(random() * 12));
      const size = counts.reduce((sum, one) => sum + one, 0);
      const shares = hideShares(counts);
      const left = size - shares.reduce<number>((sum, one) => sum + (typeof one === "number" ? one : 0), 0);
      expect(left === 0 || left >= 5 || size < 5, `${counts}: ${shares}`).toBe(true);
      for (const one of shares) if (typeof one === "number") expect(one).toBeGreaterThanOrEqual(5);

      const nested = [...counts].sort((one, other) => other - one);
      const most = (nested[0] ?? 0) + Math.floor(random() * 12);
      const seen = [most, ...hideSteps(most, nested).filter((one) => typeof one === "number")];
      if (most < 5) expect(seen).toEqual([most]);
      for (const one of seen) {
        for (const other of seen) expect(one === other || Math.abs(one - other) >= 5, `${nested}: ${seen}`).toBe(true);
      }
    }
  });

  test("a sum is made of what is shown and says that it may be more", () => {
    const sum = sumOf([
      { shown: 12, size: 20 },
      { shown: "few", size: 9 },
      { shown: "most", size: 10 },
      { shown: "hidden", size: 30 },
    ]);
    expect(sum).toEqual({ value: 18, more: true });
    expect(sumOf([{ shown: 7, size: 7 }])).toEqual({ value: 7, more: false });
  });
});
