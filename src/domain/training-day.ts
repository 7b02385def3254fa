import { dayMs } from "./durations.ts";
import { inLanguage, languageFor, type Programme } from "./programme.ts";

/** What a person's own turn is told about a training day. Instants are epoch milliseconds. */
export interface TrainingDay {
  readonly id: string;
  readonly programme: string;
  readonly version: string;
  /** The programme's own day, which names it where `title` is null. */
  readonly template: string | null;
  readonly title: string | null;
  readonly form: "in-person" | "online";
  readonly venue: string;
  readonly link: string;
  readonly startsAt: number;
  readonly endsAt: number;
  readonly timeZone: string;
  readonly overnight: boolean;
  readonly state: "planned" | "cancelled" | "held";
  /** Why it was cancelled. */
  readonly reason: string;
  readonly seat: {
    readonly state: "invited" | "coming" | "declined" | "waiting" | "offered" | "walk-in" | "asking";
    readonly offeredUntil: number | null;
    readonly overnight: "yes" | "no" | null;
    readonly attendance: "present" | "late" | "partial" | "absent" | "excused" | null;
    readonly minutes: number | null;
    /** The place in the queue, from 1. */
    readonly place: number | null;
  };
  /** Days before it on which the person is reminded. */
  readonly reminders: readonly number[];
  /** The address of the person's calendar, without `.ics`. */
  readonly calendar: string;
}

/** What a training day is called: its own title, else what the programme calls it in the first of these languages that it has. */
export function titleOf(
  programme: Programme | undefined,
  day: { readonly title: string | null; readonly template: string | null },
  ...languages: readonly string[]
): string {
  if (day.title !== null) return day.title;
  const template = programme?.events?.find(({ id }) => id === day.template);
  if (programme === undefined || template === undefined) return day.template ?? "";
  return inLanguage(template.title, languageFor(programme.languages, languages));
}

/** So near a day is told at once and does not wait for the next push, milliseconds: somebody may be reminded once a week. */
const nearMs = 3 * dayMs;

/** Whether a day is so near that it is told at once. */
export function isNear(startsAt: number, now: number): boolean {
  return startsAt - now < nearMs;
}
