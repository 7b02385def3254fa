/** When check-in is open and how codes change, minutes. */
export interface CheckInTimes {
  /** Before the start. */
  readonly before: number;
  /** After the end. */
  readonly after: number;
  /** Whoever comes so long after the start is noted as late. */
  readonly late: number;
  /** A code is shown for so long, and taken for as long again. */
  readonly rotate: number;
}

/** Where an organisation says nothing. */
export const usualTimes: CheckInTimes = { before: 30, after: 30, late: 10, rotate: 5 };
/** Days before a session on which people are reminded, where an organisation says nothing. */
export const usualReminders: readonly number[] = [7, 1];
/** What an organisation may choose at most, minutes; how far around now sessions are looked for. */
export const mostMinutes = { before: 240, after: 110, late: 240, rotate: 60 } as const;
