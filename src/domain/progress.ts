import type { RecordEntry } from "../engine/session.ts";
import type { Json } from "../engine/types.ts";
import { type Drip, opensAt } from "./drip.ts";
import { type Facts, learnFact } from "./facts.ts";
import { type Check, finalTestPlace, type Programme } from "./programme.ts";
import { type Memories, remember } from "./review.ts";
import { assessed, type SelfAttempt } from "./self-attempts.ts";

/** Where somebody stands in one programme, computed from the record alone. */
export interface ProgrammeProgress {
  /** When they joined, epoch milliseconds. */
  readonly joinedAt: number;
  /** Finished lessons and when. */
  readonly lessons: { readonly [lesson: string]: number };
  /** Cards kept for later, the latest last. */
  readonly saved: readonly string[];
  readonly checks: { readonly [check: string]: CheckProgress };
  /** Languages in which they were told that a lesson is in another one. */
  readonly told: readonly string[];
  /** The cohort they learn in, as it was told to them last; absent for somebody who learns alone. */
  readonly enrolment?: Enrolment;
  /** Lessons whose plan waits to be asked about, and from when on, epoch milliseconds. */
  readonly plans?: { readonly [lesson: string]: number };
  /** The version in which a lesson or a check was done last; absent before the first. */
  readonly version?: string;
  /** How well each practice question is remembered; absent before the first. */
  readonly memories?: Memories;
  /** Everything else that requirements ask for; absent before the first. */
  readonly facts?: Facts;
  /** The version in which a unit was asked about last, whether they answered or not. */
  readonly feedback?: { readonly [unit: string]: string };
  /** Whether they use what they learned, asked once after the end; `skip`: they did not say. */
  readonly used?: string;
  /** How they saw themselves by the programme's framework, the latest attempt last; absent before the first. */
  readonly self?: readonly SelfAttempt[];
}

export interface Enrolment {
  readonly cohort: string;
  /** The version of the programme that the cohort learns. */
  readonly version: string;
  /** While the cohort or the place is paused nobody is reminded. */
  readonly paused: boolean;
  /** Null: at one's own pace. */
  readonly drip: Drip | null;
}

export interface CheckProgress {
  readonly failed: number;
  readonly lastAt: number;
  readonly passedAt: number | null;
  /** The best result: right answers of questions. */
  readonly right: number;
  readonly of: number;
}

export interface Progress {
  readonly [programme: string]: ProgrammeProgress;
}

const nothing: ProgrammeProgress = { joinedAt: 0, lessons: {}, saved: [], checks: {}, told: [] };

/** Progress as stored; nothing yet is nothing everywhere. */
export function readProgress(stored: Json): Progress {
  return (stored ?? {}) as unknown as Progress;
}

export function progressIn(stored: Json, programme: string): ProgrammeProgress {
  return readProgress(stored)[programme] ?? nothing;
}

/** Adds entries of the record to the progress. `fadder rebuild` and every turn use this one function. */
export function project(stored: Json, entries: readonly RecordEntry[]): Json {
  let progress = readProgress(stored);
  for (const entry of entries) {
    const before = progress[entry.programme] ?? nothing;
    const after = withFacts(step(before, entry), entry);
    if (after !== before) progress = { ...progress, [entry.programme]: after };
  }
  return progress as unknown as Json;
}

function step(before: ProgrammeProgress, entry: RecordEntry): ProgrammeProgress {
  const data = entry.data as { readonly [key: string]: Json };
  switch (entry.type) {
    case "joined":
      return { ...before, joinedAt: entry.at };
    case "enrolled":
      return enrolled(before, entry);
    case "lesson.done":
      return { ...before, version: entry.version, lessons: { ...before.lessons, [String(data.lesson)]: entry.at } };
    case "card.saved":
      return { ...before, saved: [...before.saved.filter((card) => card !== data.card), String(data.card)] };
    case "card.dropped":
      return { ...before, saved: before.saved.filter((card) => card !== data.card) };
    case "told":
      return { ...before, told: [...before.told, String(data.language)] };
    case "plan.made":
      return { ...before, plans: { ...before.plans, [String(data.lesson)]: Number(data.due) } };
    case "plan.told": {
      const { [String(data.lesson)]: _asked, ...plans } = before.plans ?? {};
      return { ...before, plans };
    }
    case "unit.feedback":
    case "unit.feedback.skipped":
      return { ...before, feedback: { ...before.feedback, [String(data.unit)]: entry.version } };
    case "skills.used":
      return { ...before, used: String(data.used) };
    case "practice":
    case "review":
      return remembered(before, data, entry.at);
    case "self.done":
    case "self.shared":
      return { ...before, self: assessed(before.self ?? [], entry.type, data, entry.at) };
    case "check.done":
      return {
        ...before,
        version: entry.version,
        checks: { ...before.checks, [String(data.check)]: checked(before.checks[String(data.check)], data, entry.at) },
      };
    default:
      return before;
  }
}

/** Adds what requirements ask for; the same object where the entry says nothing of it. */
function withFacts(before: ProgrammeProgress, entry: RecordEntry): ProgrammeProgress {
  const known = before.facts ?? noFacts;
  const facts = learnFact(known, entry);
  return facts === known ? before : { ...before, facts };
}

const noFacts: Facts = {};

/** What a practised question is remembered by. A place on a scale is nothing to forget; a case counts whole, with its last step. */
function remembered(before: ProgrammeProgress, data: { readonly [key: string]: Json }, at: number): ProgrammeProgress {
  const right = data.case === undefined ? data.right : data.caseRight;
  if (data.open === true || typeof right !== "boolean") return before;
  const question = String(data.case ?? data.question);
  const memories = before.memories ?? {};
  const answer = { right, ...(typeof data.sure === "boolean" ? { sure: data.sure } : {}) };
  return { ...before, memories: { ...memories, [question]: remember(memories[question], answer, at) } };
}

function enrolled(before: ProgrammeProgress, entry: RecordEntry): ProgrammeProgress {
  const { cohort, ended, paused, drip } = entry.data as unknown as Omit<Enrolment, "version"> & { ended: boolean };
  const { enrolment: earlier, ...rest } = before;
  if (ended) return earlier?.cohort === cohort ? rest : before;
  const enrolment = { cohort, version: entry.version, paused, drip };
  return { ...rest, enrolment, joinedAt: earlier?.cohort === cohort ? before.joinedAt : entry.at };
}

function checked(before: CheckProgress | undefined, data: { readonly [key: string]: Json }, at: number): CheckProgress {
  const passed = data.passed === true;
  const right = Number(data.right);
  const better = before === undefined || right >= before.right;
  return {
    failed: (before?.failed ?? 0) + (passed ? 0 : 1),
    lastAt: at,
    passedAt: before?.passedAt ?? (passed ? at : null),
    right: better ? right : before.right,
    of: better ? Number(data.of) : before.of,
  };
}

/** Lessons whose plan is to be asked about at an instant, the one that has waited longest first. */
export function duePlans(plans: ProgrammeProgress["plans"], now: number): readonly string[] {
  const due = Object.entries(plans ?? {}).filter(([, at]) => at <= now);
  return due.sort(([, one], [, other]) => one - other).map(([lesson]) => lesson);
}

/** What a learner does next. */
export type NextStep =
  | { readonly type: "lesson"; readonly unit: string; readonly lesson: string }
  /** `unit` is a unit's id or `finalTestPlace`. */
  | { readonly type: "check"; readonly unit: string }
  /** The cohort's calendar opens the lesson at `until`, epoch milliseconds. */
  | { readonly type: "later"; readonly unit: string; readonly lesson: string; readonly until: number }
  /** A failed check may be tried again at `until`, epoch milliseconds. */
  | { readonly type: "wait"; readonly unit: string; readonly until: number }
  | { readonly type: "done" };

/** Lessons in order, then the unit's check, unit by unit; at last the test over all of them. Days of a calendar begin where the person is (`timeZone`). */
export function nextStep(programme: Programme, progress: ProgrammeProgress, now: number, timeZone: string): NextStep {
  const drip = progress.enrolment?.drip ?? null;
  const all = programme.units.flatMap((unit) => unit.lessons);
  for (const unit of programme.units) {
    const lesson = unit.lessons.find((one) => progress.lessons[one.id] === undefined);
    if (lesson) {
      const until = drip === null ? 0 : opensAt(drip, all.indexOf(lesson), timeZone);
      const facts = { unit: unit.id, lesson: lesson.id };
      return until > now ? { type: "later", ...facts, until } : { type: "lesson", ...facts };
    }
    const next = checkNext(unit.check, unit.id, progress, now);
    if (next) return next;
  }
  const { test } = programme;
  return (test && checkNext(test.check, finalTestPlace, progress, now)) ?? { type: "done" };
}

/** Whether somebody stands inside a unit: some of its lessons are done, and its check is not passed. */
export function isInsideUnit(programme: Programme, progress: ProgrammeProgress): boolean {
  return programme.units.some(
    ({ lessons, check }) =>
      (progress.checks[check.id]?.passedAt ?? null) === null &&
      lessons.some(({ id }) => progress.lessons[id] !== undefined),
  );
}

/** The check where it is not passed yet. */
function checkNext(check: Check, unit: string, progress: ProgrammeProgress, now: number): NextStep | undefined {
  const found = progress.checks[check.id];
  if (found?.passedAt) return undefined;
  const until = retryAt(found, check);
  return until > now ? { type: "wait", unit, until } : { type: "check", unit };
}

/** When a check may be tried again, epoch milliseconds: at once, until `freeAttempts` have failed; then after a pause each time. */
export function retryAt(
  check: CheckProgress | undefined,
  rule: { readonly freeAttempts: number; readonly pauseHours: number },
): number {
  if (!check || check.failed < rule.freeAttempts) return 0;
  return check.lastAt + rule.pauseHours * 3600_000;
}
