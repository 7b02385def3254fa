/** One thing the doctor looked at. */
export interface Finding {
  /** `note`: nothing is wrong, but an operator should know. */
  readonly state: "ok" | "off" | "note" | "wrong";
  readonly what: string;
  readonly detail: string;
  /** What to do about it. */
  readonly repair?: string;
}

/** A finding as lines for a terminal. */
export function show({ state, what, detail, repair }: Finding): readonly string[] {
  const [first = "", ...more] = detail.split("\n");
  const lines = [`  ${state.padEnd(5)}  ${what}: ${first}`, ...more.map((line) => `         ${line.trim()}`)];
  return repair === undefined ? lines : [...lines, `         repair: ${repair}`];
}
