/** How long to wait after the n-th failure (from 1), in milliseconds: doubling from `first` up to `longest`, half of it by chance. */
export function backoffMs(times: number, first: number, longest: number, random: number): number {
  const ceiling = Math.min(longest, first * 2 ** Math.min(30, Math.max(0, times - 1)));
  return Math.round(ceiling * (0.5 + 0.5 * random));
}
