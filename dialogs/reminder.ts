import { countPush, dailyCap, type Pushed } from "../src/domain/cap.ts";
import { dayAround, localDay, mayPush, nextPush, quietHours } from "../src/domain/clock.ts";
import { countryOf, isFreeDay } from "../src/domain/holidays.ts";
import { finalTestPlace, type Period } from "../src/domain/programme.ts";
import { duePlans } from "../src/domain/progress.ts";
import type { CommandResult, Context, TimerHandler } from "../src/engine/dialog.ts";
import type { Effect, PersonState, ReminderChanges, Session } from "../src/engine/session.ts";
import { dueFor } from "./review.ts";
import { catalogue, findLesson, heldBack, nextFor, ownProgramme, ownProgress, read } from "./support.ts";
import { gathered, type Line, lineOf, type Waiting, waitingIn, withThings } from "./waiting.ts";

/** Unanswered reminders in a row after which they stop by themselves. */
const mostUnanswered = 3;
/** `unanswered` once the coordinator was told. */
const told = mostUnanswered + 1;

export const timerName = "reminder";

/** The furthest that a reminder moves to an earlier day, days: longer than holidays in a row. */
const mostDaysBefore = 21;

/** When somebody without reminders is told what waits for them. */
const workdays: NonNullable<PersonState["rhythm"]> = { days: [1, 2, 3, 4, 5], time: "09:00" };

/** Forgets the instant the reminder is set for; `arm` sets it anew at the end of the turn. */
export const rearm: readonly Effect[] = [
  { type: "timer.cancel", name: timerName },
  { type: "session", changes: { reminderAt: null } },
];

/** Sets the reminder where none is set: once a day of activity, not once a message. */
export function arm(ctx: Context): readonly Effect[] {
  if (ctx.session.reminderAt !== null) return [];
  return [...set(ctx, pushedOf(ctx.session), waitingIn(ctx.session)), ...askCountry(ctx)];
}

/** Keeps something for the next push, and makes sure that there is one. */
export function gather(ctx: Context, thing: Waiting): readonly Effect[] {
  return gatherAll(ctx, [thing]);
}

/** Keeps several things, and takes those of the ids in `gone` away, which nobody needs to hear any more. */
export function gatherAll(ctx: Context, things: readonly Waiting[], gone: readonly string[] = []): readonly Effect[] {
  const keep: Effect = { type: "session", changes: { waiting: withThings(ctx.session, things, gone) } };
  const arms = ctx.session.reminderAt === null && things.length > 0;
  return arms ? [keep, ...set(ctx, pushedOf(ctx.session), things)] : [keep];
}

/**
 * The beginning of the last day, `days` days before an instant or earlier, that has a push of the person still to come; epoch
 * milliseconds. Whoever is reminded on workdays hears of a Sunday on Friday. Undefined where there is none.
 */
export function lastPushDay(ctx: Context, instant: number, days: number): number | undefined {
  const { timeZone, rhythm } = ctx.person;
  let { start } = dayAround(instant, timeZone);
  for (let n = 0; n < days; n += 1) start = dayAround(start - 1, timeZone).start;
  for (let tries = 0; tries <= mostDaysBefore; tries += 1) {
    const { end } = dayAround(start, timeZone);
    if (end <= ctx.now) return undefined;
    const at = nextPush({ ...facts(ctx, null), now: Math.max(ctx.now, start - 1), rhythm: rhythm ?? workdays });
    if (at !== null && at >= start && at < end) return start;
    start = dayAround(start - 1, timeZone).start;
  }
  return undefined;
}

function pushedOf({ pushedOn, pushes }: Session): Pushed | null {
  return pushedOn === null ? null : { day: pushedOn, count: pushes ?? 1 };
}

/** What the clock knows of this person. */
function facts(ctx: Context, pushed: Pushed | null) {
  const { person, now } = ctx;
  const free = { country: countryFor(ctx), holidays: catalogue(ctx).holidays, calendar: calendarFor(ctx) };
  return {
    now,
    timeZone: person.timeZone,
    pausedUntil: person.pausedUntil,
    stopped: person.stopped,
    quiet: quietHours,
    pushed,
    cap: dailyCap,
    isFree: (day: string) => isFreeDay(free, day),
  };
}

/** The exam weeks and breaks of whoever learns in a programme: this year's, whatever version they learn. */
function calendarFor(ctx: Context): readonly Period[] {
  const own = ownProgramme(ctx);
  const { joinedAt, enrolment } = ownProgress(ctx, own);
  if (joinedAt === 0 && enrolment === undefined) return [];
  return catalogue(ctx).get(own.id)?.calendar ?? [];
}

/** Where the person is: by their clock, and where that is only assumed, by their organisation. */
function countryFor(ctx: Context): string | null {
  const byClock = countryOf(ctx.person.timeZone);
  const own = ctx.session.country ?? "";
  return own !== "" && (!ctx.person.timeZoneKnown || byClock === null) ? own : byClock;
}

/** Asks once which country the person's organisation is in, where reminders are sent and their own clock does not say. */
function askCountry(ctx: Context): readonly Effect[] {
  const { person, session } = ctx;
  if (session.country !== undefined || person.rhythm === null) return [];
  if (person.timeZoneKnown && countryOf(person.timeZone) !== null) return [];
  return [
    { type: "session", changes: { country: "" } },
    { type: "job", name: "country", data: {} },
  ];
}

/** Sets the next push; not before `from`, epoch milliseconds. */
function set(ctx: Context, pushed: Pushed | null, waiting: readonly Waiting[], from = ctx.now): readonly Effect[] {
  const { rhythm } = ctx.person;
  const when = { ...facts(ctx, pushed), now: Math.max(ctx.now, from) };
  const due = nextPush({ ...when, rhythm: rhythm ?? (waiting.length > 0 ? workdays : null) });
  const remember: Effect = { type: "session", changes: { reminderAt: due } };
  return due === null ? [remember] : [{ type: "timer.set", name: timerName, due, data: {} }, remember];
}

/**
 * What is due, in one message: the next step, questions to review, and everything that was gathered. A late tick (the server was down) never speaks in
 * quiet hours, on a free day or over the day's cap: it sets the next one instead. Whoever learned today is not reminded. After
 * the third reminder without an answer the next tick tells the coordinator, once, and is the last.
 */
export const reminder: TimerHandler = {
  kind: "reminder",
  run(_data, _due, ctx) {
    const { person, session, now } = ctx;
    const pushed = pushedOf(session);
    const waiting = person.stopped ? [] : waitingIn(session).filter((one) => (one.until ?? now) >= now);
    const ready = waiting.filter((one) => (one.from ?? 0) <= now);
    const learns = !person.stopped && person.rhythm !== null && session.unanswered <= mostUnanswered;
    const held = learns && heldBack(ctx);
    const steps = learns
      ? [held ? undefined : nextLine(ctx), ...laterLines(ctx)].filter((one) => one !== undefined)
      : [];
    if (steps.length > 0 && session.unanswered === mostUnanswered) return giveUp(ctx, pushed, waiting);
    if (steps.length === 0 && !held && ready.length === 0) {
      const next = earliest([learns ? nextLater(ctx) : undefined, ...waiting.map((one) => one.from)]);
      // As if none were set: whatever comes meanwhile sets an earlier one.
      const none: Effect = { type: "session", changes: { reminderAt: null } };
      return { effects: next === undefined ? [none] : [...set(ctx, pushed, waiting, next), none] };
    }
    const today = localDay(now, person.timeZone);
    const chosen = (person.rhythm ?? workdays).days.includes(weekdayOf(today));
    const lines = localDay(session.seenAt, person.timeZone) === today ? [] : steps;
    const due = [...lines, ...ready.map((one) => lineOf(ctx, one))];
    if (!chosen || due.length === 0 || !mayPush(facts(ctx, pushed))) return { effects: set(ctx, pushed, waiting) };
    return speak(ctx, due, waiting, lines.length, countPush(pushed, today));
  },
};

function speak(
  ctx: Context,
  due: readonly Line[],
  waiting: readonly Waiting[],
  /** How many of the lines remind of learning; they stand first. */
  steps: number,
  pushed: Pushed,
): CommandResult {
  const { text, actions, said } = gathered(ctx, due);
  const spoken = waiting.filter((one) => (one.from ?? 0) <= ctx.now).slice(0, Math.max(0, said - steps));
  const left = waiting.filter((one) => !spoken.includes(one));
  const reminds = steps > 0;
  const unanswered = ctx.session.unanswered + (reminds ? 1 : 0);
  const last = reminds && unanswered === mostUnanswered;
  const changes: ReminderChanges = { unanswered, pushedOn: pushed.day, pushes: pushed.count, waiting: left };
  const off = [
    { label: ctx.s("b.pause"), command: "pause" },
    { label: ctx.s("b.stop"), command: "stop" },
  ];
  return {
    says: [{ text: [...text, ...(last ? ctx.t("reminder.last") : [])], actions: [...actions, ...off] }],
    effects: [{ type: "session", changes }, ...set(ctx, pushed, left)],
  };
}

/** The reminders end here; the next thing the person does begins them again. */
function giveUp(ctx: Context, pushed: Pushed | null, waiting: readonly Waiting[]): CommandResult {
  const { seenAt } = ctx.session;
  return {
    effects: [
      { type: "session", changes: { unanswered: told, reminderAt: null } },
      { type: "job", name: "silent", data: { since: seenAt } },
      ...(waiting.length > 0 ? set(ctx, pushed, waiting) : []),
    ],
  };
}

/** 1 is Monday. */
function weekdayOf(day: string): number {
  return new Date(`${day}T00:00:00Z`).getUTCDay() || 7;
}

/** The next step, where there is one. */
function nextLine(ctx: Context): Line | undefined {
  const text = nextText(ctx);
  return text && { text, action: { label: ctx.s("b.continue"), command: "next" } };
}

/** What comes back after its lesson: plans to ask about, questions to review. Nothing while the cohort pauses. */
function laterLines(ctx: Context): readonly Line[] {
  const programme = ownProgramme(ctx);
  if (ownProgress(ctx, programme).enrolment?.paused === true) return [];
  const n = dueFor(ctx, programme).today.length;
  // One plan at a time, the one that has waited longest: each is a question.
  const [plan] = duePlans(ownProgress(ctx, programme).plans, ctx.now);
  return [
    ...(plan === undefined
      ? []
      : [
          {
            text: ctx.t("reminder.plan", { id: plan }),
            action: { label: ctx.s("b.plan"), command: "plan", args: plan },
          },
        ]),
    ...(n === 0
      ? []
      : [{ text: ctx.t("reminder.review", { n }), action: { label: ctx.s("b.review"), command: "review" } }]),
  ];
}

/** When the next of these is due, epoch milliseconds. */
function nextLater(ctx: Context): number | undefined {
  const programme = ownProgramme(ctx);
  const { enrolment, plans = {} } = ownProgress(ctx, programme);
  if (enrolment?.paused === true) return undefined;
  const next = nextFor(ctx, programme);
  return earliest([
    dueFor(ctx, programme).next,
    ...Object.values(plans),
    ...(next.type === "wait" ? [next.until] : []),
  ]);
}

function earliest(times: readonly (number | undefined)[]): number | undefined {
  const known = times.filter((time) => time !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}

function nextText(ctx: Context) {
  const open = ctx.activities()[0];
  if (open) return ctx.t("reminder.open", { title: open.title });
  const programme = ownProgramme(ctx);
  const next = nextFor(ctx, programme);
  if (next.type === "check") return ctx.t(next.unit === finalTestPlace ? "reminder.test" : "reminder.check");
  if (next.type !== "lesson") return undefined;
  const found = findLesson(programme, next.lesson);
  return (
    found &&
    ctx.t("reminder.lesson", { title: read(ctx, programme, found.lesson.title), minutes: found.lesson.minutes })
  );
}
