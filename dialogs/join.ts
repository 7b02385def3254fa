import { z } from "zod";
import { localDay } from "../src/domain/clock.ts";
import { type Command, type Context, defineDialog, type TimerHandler } from "../src/engine/dialog.ts";
import { join, type Markup, plainText } from "../src/engine/markup.ts";
import type { Effect } from "../src/engine/session.ts";
import { codeOf, useCode } from "./link.ts";
import { answeredByCohort } from "./programme.ts";
import { catalogue, localDate, ownProgress, pinned, record } from "./support.ts";

/** `join <code>`: a cohort or a role, by the code of a cohort or by an invitation. */
export const joinCommand: Command = {
  takesArgs: true,
  run(given, ctx) {
    const found = codeOf("join", given);
    if (!found) return { says: [{ text: ctx.t("join.question"), actions: ctx.here() }] };
    return { effects: [useCode(found, ctx.now)], says: [{ text: ctx.t("join.wait") }] };
  },
};

const asks = z.object({ cohort: z.string(), name: z.string(), ticks: z.array(z.string()).min(1) });
type Asks = z.infer<typeof asks>;
const ticking = z.object({ at: z.literal("tick"), n: z.number().int() });
type Ticking = z.infer<typeof ticking>;

/** An application: one sentence at a time, yes or no. Nothing is sent before the last yes. */
export const apply = defineDialog<Asks, Ticking>({
  id: "apply",
  version: 1,
  args: asks,
  state: ticking,
  activity: (given) => `apply:${given.cohort}`,
  title: (given, _now, ctx) => ctx.s("cohorts.apply.title", { name: given.name }),
  start: () => ({ state: { at: "tick", n: 0 } }),
  steps: {
    tick: {
      ask: (now, ctx, given) => ({
        text: join(
          now.n === 0 ? ctx.t("cohorts.apply.intro", { name: given.name, n: given.ticks.length }) : undefined,
          plainText(given.ticks[now.n] ?? ""),
        ),
        actions: [
          { id: "yes", label: ctx.s("cohorts.yes"), primary: true },
          { id: "no", label: ctx.s("cohorts.no") },
        ],
      }),
      take(now, answer, ctx, given) {
        if (answer.type !== "choice") return { unclear: true };
        const settled = join(
          plainText(given.ticks[now.n] ?? ""),
          ctx.t("answer.yours", { answer: ctx.s(answer.id === "yes" ? "cohorts.yes" : "cohorts.no") }),
        );
        if (answer.id !== "yes") {
          const text = ctx.t("cohorts.apply.no", { name: given.name });
          const actions = [{ label: ctx.s("b.contact"), command: "coordinator" }, ...ctx.here()];
          return { settled, says: [{ text, actions }], end: true };
        }
        if (now.n + 1 < given.ticks.length) return { settled, state: { at: "tick", n: now.n + 1 } };
        const data = { cohort: given.cohort, ticks: given.ticks };
        return { settled, effects: [{ type: "job", name: "apply", data }], end: true };
      },
    },
  },
});

/** What a roster called somebody whose platform has no name for them. */
const named = { name: z.string().optional() };

const news = z.object({
  cohort: z.object({
    id: z.string(),
    name: z.string(),
    programme: z.string(),
    version: z.string(),
    drip: z.object({ from: z.string(), every: z.number() }).nullable(),
    startsOn: z.string().nullable(),
    paused: z.boolean(),
  }),
  state: z.enum(["applied", "waiting", "active", "paused", "finished", "alumni", "left", "refused"]),
  fresh: z.boolean(),
  ...named,
});
type News = z.infer<typeof news>;

const heard = z.union([
  z.object({ role: z.string(), ...named }),
  z.object({ wrong: z.literal(true), why: z.enum(["used", "expired"]).optional() }),
  z.object({ over: z.literal(true) }),
  z.object({ asks }),
  news,
]);

/** What became of a code, an application or a place. */
export const joinedTimer: TimerHandler = {
  kind: "reply",
  run(data, _due, ctx) {
    const found = heard.parse(data);
    if ("asks" in found) return { start: { dialog: "apply", args: found.asks } };
    if ("cohort" in found) return told(found, ctx);
    if ("over" in found) {
      return { says: [{ text: ctx.t("cohorts.over"), actions: human(ctx) }] };
    }
    if ("wrong" in found) {
      const text = ctx.t(found.why === undefined ? "join.wrong" : `cohorts.invitation.${found.why}`);
      return { says: [{ text, actions: found.why === undefined ? ctx.here() : human(ctx) }] };
    }
    const roles = [...new Set([...ctx.person.roles, found.role])];
    return {
      effects: [{ type: "person", changes: { roles } }, ...called(found.name)],
      says: [{ text: ctx.t("join.done", { role: ctx.s(`role.${found.role}`) }), actions: ctx.here() }],
    };
  },
};

function told(found: News, ctx: Context) {
  const { cohort, state, fresh } = found;
  const { name } = cohort;
  const known = enrolmentIn(ctx, cohort);
  const seated = state === "active" || state === "paused";
  const text =
    seated && known && known.version !== cohort.version
      ? ctx.t("cohorts.version", { name })
      : !fresh && ["active", "paused", "applied", "waiting"].includes(state)
        ? ctx.t(`cohorts.already.${state}`, { name })
        : state === "active"
          ? active(cohort, known, ctx)
          : ctx.t(`cohorts.told.${state}`, { name });
  const open = state === "applied" || state === "waiting" || state === "refused";
  return {
    says: [{ text, actions: open ? human(ctx) : ctx.here() }],
    effects: [...enrol(found, ctx), ...called(found.name)],
    ...(seated ? answeredByCohort(ctx) : {}),
  };
}

function called(name: string | undefined): readonly Effect[] {
  return name === undefined ? [] : [{ type: "person", changes: { name } }];
}

/** The language in which somebody was invited: the welcome, if it still waits for an answer, is said in it. */
export const invitedTimer: TimerHandler = {
  kind: "reply",
  run(data, _due, ctx) {
    const { language } = z.object({ language: z.string() }).parse(data);
    const waits = ctx.session.activities.welcome !== undefined;
    if (!waits || language === ctx.language || !ctx.words.languages.includes(language)) return {};
    return { effects: [{ type: "person", changes: { language } }], resume: "welcome" };
  },
};

/** In for the first time, in and paused, or in again after a pause. */
function active(cohort: News["cohort"], known: { readonly paused: boolean } | undefined, ctx: Context): Markup {
  const { name } = cohort;
  if (cohort.paused && known) return ctx.t("cohorts.told.paused", { name });
  if (known?.paused) return ctx.t("cohorts.resumed", { name });
  const today = localDay(ctx.now, ctx.person.timeZone);
  const starts = cohort.drip?.from ?? cohort.startsOn;
  return join(
    ctx.t("cohorts.told.active", { name }),
    starts !== null && starts > today ? ctx.t("cohorts.starts", { day: dayName(ctx, starts) }) : undefined,
    cohort.drip ? ctx.t("cohorts.drip", { days: cohort.drip.every }) : undefined,
  );
}

/** Keeps the cohort in the record, from which reminders and the next step know pace, version and pause. */
function enrol({ cohort, state }: News, ctx: Context): readonly Effect[] {
  const programme = catalogue(ctx).get(cohort.programme, cohort.version) ?? catalogue(ctx).get(cohort.programme);
  if (!programme) return [];
  const seated = state === "active" || state === "paused";
  const known = enrolmentIn(ctx, cohort);
  if (!seated && !known) return [];
  const paused = state === "paused" || cohort.paused;
  const data = { cohort: cohort.id, ended: !seated, paused, drip: cohort.drip };
  const type = "enrolled";
  const key = `${type}:${cohort.id}:${ctx.id()}`;
  return [record(ctx, { ...programme, version: cohort.version }, { type, key, data })];
}

/** What the person was told about this very cohort before. */
function enrolmentIn(ctx: Context, cohort: News["cohort"]) {
  if (!catalogue(ctx).get(cohort.programme)) return undefined;
  const { enrolment } = ownProgress(ctx, pinned(ctx, cohort.programme, cohort.version));
  return enrolment?.cohort === cohort.id ? enrolment : undefined;
}

function human(ctx: Context) {
  return [{ label: ctx.s("b.contact"), command: "coordinator" }, ...ctx.here()];
}

/** A calendar day has no zone: it is named as it stands. */
function dayName(ctx: Context, day: string): string {
  return localDate({ ...ctx, person: { ...ctx.person, timeZone: "UTC" } }, Date.parse(`${day}T12:00:00Z`));
}
