import { z } from "zod";
import { type TrainingDay, titleOf } from "../src/domain/training-day.ts";
import type { Context, PromptAction } from "../src/engine/dialog.ts";
import type { Markup } from "../src/engine/markup.ts";
import { catalogue, localeOf, localTime } from "./support.ts";

/** A training day as a person's turn is told of it (`src/domain/training-day.ts`). */
export const dayFacts: z.ZodType<TrainingDay> = z.object({
  id: z.string(),
  programme: z.string(),
  version: z.string(),
  template: z.string().nullable(),
  title: z.string().nullable(),
  form: z.enum(["in-person", "online"]),
  venue: z.string(),
  link: z.string(),
  startsAt: z.number(),
  endsAt: z.number(),
  timeZone: z.string(),
  overnight: z.boolean(),
  state: z.enum(["planned", "cancelled", "held"]),
  reason: z.string(),
  seat: z.object({
    state: z.enum(["invited", "coming", "declined", "waiting", "offered", "walk-in", "asking"]),
    offeredUntil: z.number().nullable(),
    overnight: z.enum(["yes", "no"]).nullable(),
    attendance: z.enum(["present", "late", "partial", "absent", "excused"]).nullable(),
    minutes: z.number().nullable(),
    place: z.number().nullable(),
  }),
  reminders: z.array(z.number()),
  calendar: z.string(),
});

/** What a day is called, where it is, and when by the person's own clock, for texts. */
export function dayArgs(ctx: Context, day: TrainingDay): { title: string; when: string; place: string } {
  const programme = catalogue(ctx).get(day.programme, day.version) ?? catalogue(ctx).get(day.programme);
  const known = programme?.events?.some(({ id }) => id === day.template)
    ? programme
    : catalogue(ctx).get(day.programme);
  const wanted = [ctx.language, ctx.person.secondLanguage ?? ctx.language];
  const place = day.form === "online" ? ctx.s("events.online") : day.venue;
  return {
    title: titleOf(known, day, ...wanted),
    when: ctx.s("events.when", { from: localTime(ctx, day.startsAt), to: endOf(ctx, day) }),
    place: place === "" ? ctx.s("events.venue.later") : place,
  };
}

/** The end: the time alone where it is the same day. */
function endOf(ctx: Context, { startsAt, endsAt }: TrainingDay): string {
  const { timeZone } = ctx.person;
  const day = (at: number) => new Intl.DateTimeFormat("en-CA", { timeZone, dateStyle: "short" }).format(at);
  if (day(startsAt) !== day(endsAt)) return localTime(ctx, endsAt);
  const format = { timeZone, hour: "2-digit", minute: "2-digit" } as const;
  return new Intl.DateTimeFormat(localeOf(ctx.language), format).format(endsAt);
}

/** Where somebody stands with a day, in a sentence. */
export function dayState(ctx: Context, day: TrainingDay): string {
  const { state, attendance, minutes, offeredUntil, place } = day.seat;
  if (day.state === "cancelled") return ctx.s("events.state.cancelled");
  if (attendance !== null) return ctx.s(`events.was.${attendance}`, { minutes: minutes ?? 0 });
  if (state === "offered")
    return ctx.s("events.state.offered", { until: localTime(ctx, offeredUntil ?? day.startsAt) });
  if (state === "waiting") return ctx.s("events.state.waiting", { n: place ?? 1 });
  return ctx.s(`events.state.${state}`);
}

/** A day in one line. */
export function dayLine(ctx: Context, day: TrainingDay): Markup {
  return ctx.t("events.line", { ...dayArgs(ctx, day), state: dayState(ctx, day) });
}

type Button = Exclude<PromptAction, { id: string }>;

/** What somebody can do about a day that is ahead: answer, say where they sleep, take it into their calendar. */
export function dayButtons(ctx: Context, day: TrainingDay): readonly Button[] {
  if (day.state !== "planned" || ctx.now >= day.endsAt) return ctx.here();
  const press = (label: string, what: string, primary = false): Button => ({
    label: ctx.s(label),
    command: "days",
    args: `${day.id} ${what}`,
    ...(primary ? { primary } : {}),
  });
  const { state, overnight } = day.seat;
  const yes = press(state === "offered" ? "events.b.take" : "events.b.coming", "yes", true);
  const no = press(state === "waiting" || state === "offered" ? "events.b.leave" : "events.b.cannot", "no");
  const answers =
    state === "invited" || state === "offered"
      ? [yes, no]
      : state === "declined"
        ? [yes]
        : state === "asking"
          ? []
          : [no];
  const comes = state === "coming" || state === "walk-in" || state === "waiting";
  const night =
    !day.overnight || !comes
      ? []
      : [overnight === "yes" ? press("events.b.home", "home") : press("events.b.night", "night")];
  const calendar: Button[] =
    state === "coming" && day.calendar !== ""
      ? [{ label: ctx.s("events.b.calendar"), url: `${day.calendar}/${day.id}.ics` }]
      : [];
  const online: Button[] =
    state === "coming" && day.link !== "" ? [{ label: ctx.s("events.b.online"), url: day.link }] : [];
  return [...answers, ...night, ...calendar, ...online];
}
