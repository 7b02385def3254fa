import { z } from "zod";
import { roles } from "../people/access.ts";

/** Whom a broadcast is for. What is named must all be true; nothing named means everybody the sender may write to. */
export const audienceSchema = z.strictObject({
  /** A cohort's id. */
  cohort: z.string().min(1).optional(),
  role: z.enum(roles).optional(),
  /** An organisation's id: its people and those of everything below it. */
  organisation: z.string().min(1).optional(),
  /** A region as organisations name it. */
  region: z.string().min(1).optional(),
  /** A topic that people subscribe to. */
  topic: z.string().min(1).optional(),
  /** Only those who have not finished this lesson, unit or check of a programme. */
  notDone: z
    .strictObject({ programme: z.string(), kind: z.enum(["lesson", "unit", "check"]), id: z.string() })
    .optional(),
  /** The id of a saved filter whose conditions are added. */
  filter: z.string().min(1).optional(),
});
export type Audience = z.infer<typeof audienceSchema>;

/** A text by language code; `{name}` stands for the first name. */
const localised = z.record(z.string().regex(/^[a-z]{2,3}$/u), z.string().trim().min(1));

/** What a broadcast says. */
export const contentSchema = z.strictObject({
  texts: localised,
  /** A button that opens the person's next step. */
  next: z.boolean().default(false),
  /** A button that says "I have read this and know what to do". */
  acknowledge: z.boolean().default(false),
  /** The answers to the question in the text, at most six. */
  options: z.array(localised).max(6).default([]),
  /** A picture that was uploaded, and what it shows, for those who cannot see it. */
  picture: z.strictObject({ id: z.string().regex(/^[0-9a-f]{64}$/u), alt: localised }).optional(),
  /** A button that opens an answer in one's own words; it goes to the coordinators. */
  reply: z.boolean().optional(),
  /** The text also goes to the group chat of the cohort that it is for. */
  group: z.boolean().optional(),
});
export type Content = z.infer<typeof contentSchema>;

/** A change of a session cannot wait for tomorrow: it passes by the daily cap and free days, never the quiet hours. */
const urgent = z.literal(true).optional();

/** When a broadcast leaves. `at` is a local time such as `2026-03-05T10:00`; without a zone it is each recipient's own. */
export const timingSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("now"), urgent }),
  z.strictObject({
    urgent,
    kind: z.literal("at"),
    at: z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d$/u),
    zone: z.string().nullable(),
  }),
]);
export type Timing = z.infer<typeof timingSchema>;

/** Something that keeps a broadcast from leaving: a key of the words `broadcast.problem.*` and what it names. */
export interface Problem {
  readonly code:
    | "nobody"
    | "language"
    | "field"
    | "length"
    | "options"
    | "alt"
    | "group"
    | "empty"
    | "past"
    | "zone"
    | "state"
    | "filter";
  readonly args: Readonly<Record<string, string | number>>;
}

/** A broadcast that may not leave as it is. Nothing was changed. */
export class BroadcastError extends Error {
  readonly problems: readonly Problem[];
  constructor(problems: readonly Problem[]) {
    super(`a broadcast cannot leave: ${problems.map((problem) => problem.code).join(", ")}`);
    this.name = "BroadcastError";
    this.problems = problems;
  }
}

/** One problem as an error. */
export function refused(code: Problem["code"], args: Problem["args"] = {}): BroadcastError {
  return new BroadcastError([{ code, args }]);
}
