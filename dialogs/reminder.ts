import { localDay, mayPush, nextPush, quietHours } from "../src/domain/clock.ts";
import { nextStep } from "../src/domain/progress.ts";
import type { Context, TimerHandler } from "../src/engine/dialog.ts";
import type { Effect } from "../src/engine/session.ts";
import { findLesson, ownProgramme, ownProgress, read } from "./support.ts";

/** Unanswered reminders in a row after which they stop by themselves. */
const mostUnanswered = 3;

export const timerName = "reminder";

/** Forgets the instant the reminder is set for; `arm` sets it anew at the end of the turn. */
export const rearm: readonly Effect[] = [
  { type: "timer.cancel", name: timerName },
  { type: "session", changes: { reminderAt: null } },
];

/** Sets the reminder where none is set: once a day of activity, not once a message. */
export function arm(ctx: Context): readonly Effect[] {
  if (ctx.session.reminderAt !== null) return [];
  return set(ctx, ctx.session.pushedOn);
}

function set(ctx: Context, lastPushedOn: string | null): readonly Effect[] {
  const { person, now } = ctx;
  const due = nextPush({
    now,
    timeZone: person.timeZone,
    rhythm: person.rhythm,
    pausedUntil: person.pausedUntil,
    stopped: person.stopped,
    quiet: quietHours,
    lastPushedOn,
  });
  if (due === null) return [{ type: "session", changes: { reminderAt: null } }];
  return [
    { type: "timer.set", name: timerName, due, data: {} },
    { type: "session", changes: { reminderAt: due } },
  ];
}

/**
 * The reminder of the next step. A late tick (the server was down) never speaks in quiet hours, on a free day or twice
 * a day: it sets the next one instead. Whoever learned today is not reminded.
 */
export const reminder: TimerHandler = {
  kind: "reminder",
  run(_data, _due, ctx) {
    const { person, session, now } = ctx;
    const today = localDay(now, person.timeZone);
    if (person.stopped || person.rhythm === null || session.unanswered >= mostUnanswered)
      return { effects: [{ type: "session", changes: { reminderAt: null } }] };
    const text = nextText(ctx);
    if (text === undefined) return { effects: [{ type: "session", changes: { reminderAt: null } }] };
    const due = {
      now,
      timeZone: person.timeZone,
      pausedUntil: person.pausedUntil,
      stopped: person.stopped,
      quiet: quietHours,
    };
    const allowed =
      mayPush({ ...due, lastPushedOn: session.pushedOn }) && person.rhythm.days.includes(weekdayOf(today));
    if (!allowed || localDay(session.seenAt, person.timeZone) === today) return { effects: set(ctx, today) };
    const last = session.unanswered + 1 >= mostUnanswered;
    return {
      says: [
        {
          text: [...text, ...(last ? ctx.t("reminder.last") : [])],
          actions: [
            { label: ctx.s("b.continue"), command: "next", primary: true },
            { label: ctx.s("b.pause"), command: "pause" },
            { label: ctx.s("b.stop"), command: "stop" },
          ],
        },
      ],
      effects: [
        { type: "session", changes: { unanswered: session.unanswered + 1, pushedOn: today } },
        // The third one was the last; the next thing the person does arms it again.
        ...(last ? ([{ type: "session", changes: { reminderAt: null } }] as const) : set(ctx, today)),
      ],
    };
  },
};

/** 1 is Monday. */
function weekdayOf(day: string): number {
  return new Date(`${day}T00:00:00Z`).getUTCDay() || 7;
}

function nextText(ctx: Context) {
  const open = ctx.activities()[0];
  if (open) return ctx.t("reminder.open", { title: open.title });
  const programme = ownProgramme(ctx);
  const next = nextStep(programme, ownProgress(ctx, programme), ctx.now);
  if (next.type === "check") return ctx.t("reminder.check");
  if (next.type !== "lesson") return undefined;
  const found = findLesson(programme, next.lesson);
  return (
    found &&
    ctx.t("reminder.lesson", { title: read(ctx, programme, found.lesson.title), minutes: found.lesson.minutes })
  );
}
