/** The smallest group whose number is shown. */
export const smallestGroup = 5;

/**
 * A figure as everybody may see it: a number, `few` (fewer than five), `most` (all of the group but fewer than five), or `hidden`
 * where the number beside others would give a group below five away.
 */
export type Shown = number | "few" | "most" | "hidden";

/** Whether two figures that stand beside one another tell of no group below five between them. */
const isFar = (one: number, other: number): boolean => one === other || Math.abs(one - other) >= smallestGroup;

/**
 * Figures of which each counts some of those of the one before, as the steps of a course: `size` people in all, `counts` among them.
 * A figure is shown where it is five or more and its difference to every other that is shown is none or five or more.
 */
export function hideSteps(size: number, counts: readonly number[]): readonly Shown[] {
  if (size < smallestGroup) return counts.map(() => "few");
  const seen = [size];
  return counts.map((count): Shown => {
    if (count < smallestGroup) return "few";
    if (seen.every((other) => isFar(count, other))) {
      seen.push(count);
      return count;
    }
    return size - count < smallestGroup ? "most" : "hidden";
  });
}

/** Figures that each count some of `size` people and have nothing to do with one another, as the weeks of a calendar. */
export function hideParts(size: number, counts: readonly number[]): readonly Shown[] {
  return counts.map((count): Shown => hideSteps(size, [count])[0] ?? "few");
}

/**
 * Figures that together are everybody, as the states of addresses. Whatever is below five is hidden, and then the next smallest
 * too, until nobody finds a group below five by taking what is shown from the whole.
 */
export function hideShares(counts: readonly number[]): readonly Shown[] {
  const order = counts.map((_, index) => index).sort((one, other) => (counts[one] ?? 0) - (counts[other] ?? 0));
  const hidden = new Set<number>();
  let sum = 0;
  // The smallest first.
  for (const index of order) {
    const count = counts[index] ?? 0;
    if (count >= smallestGroup && (sum === 0 || sum >= smallestGroup)) break;
    hidden.add(index);
    sum += count;
  }
  const all = counts.reduce((whole, count) => whole + count, 0);
  return counts.map((count, index): Shown => {
    if (!hidden.has(index)) return count;
    if (count < smallestGroup) return "few";
    return all - count < smallestGroup ? "most" : "hidden";
  });
}

/** A sum of figures, made of nothing but what is shown; `more`: something in it is not shown, so that it may be more. */
export interface Sum {
  readonly value: number;
  readonly more: boolean;
}

/** Adds figures of groups up; `size` is the group's. */
export function sumOf(figures: readonly { readonly shown: Shown; readonly size: number }[]): Sum {
  const values = figures.map(({ shown, size }) => {
    if (typeof shown === "number") return shown;
    return shown === "most" ? size - smallestGroup + 1 : 0;
  });
  return {
    value: values.reduce((sum, one) => sum + one, 0),
    more: figures.some(({ shown }) => typeof shown !== "number"),
  };
}
