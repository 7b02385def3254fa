import { z } from "zod";
import { type Command, type Context, defineDialog, type TimerHandler } from "../src/engine/dialog.ts";
import { join, plainText } from "../src/engine/markup.ts";
import type { Effect } from "../src/engine/session.ts";
import { gather } from "./reminder.ts";
import { standOf } from "./standing.ts";
import { dayText, ownProgramme, ownProgress, pinned, read, record } from "./support.ts";
import { waitingIn } from "./waiting.ts";

const about = { programme: z.string(), version: z.string(), certificate: z.string() };
const args = z.object({ ...about, assessment: z.string(), refused: z.boolean().optional() });
type Args = z.infer<typeof args>;

const state = z.discriminatedUnion("at", [
  z.object({ at: z.literal("name") }),
  z.object({ at: z.literal("sure"), name: z.string() }),
]);
type State = z.infer<typeof state>;

/** The most letters of a name: `cleanName` in src/certificates/refusal.ts. */
const mostLetters = 120;

/** A certificate was decided: its owner says how their name is written on it, and sees it once more before it is signed. */
export const award = defineDialog<Args, State>({
  id: "award",
  version: 1,
  args,
  state,
  activity: (given) => `award:${given.assessment}`,
  title: (given, _now, ctx) => ctx.s("award.title", { title: titleOf(ctx, given) }),
  start: () => ({ state: { at: "name" } }),
  steps: {
    name: {
      ask(_now, ctx, given) {
        const { name } = ctx.person;
        return {
          text: join(
            ctx.t(given.refused === true ? "award.name.wrong" : "award.decided", { title: titleOf(ctx, given) }),
            ctx.t("award.name"),
          ),
          actions: name.trim() === "" ? [] : [{ id: "known", label: name.slice(0, 60), primary: true }],
          free: true,
        };
      },
      take(_now, answer, ctx) {
        const typed = answer.type === "text" ? answer.text : answer.id === "known" ? ctx.person.name : "";
        const name = typed.normalize("NFC").replace(/\s+/gu, " ").trim();
        if (name === "" || [...name].length > mostLetters || !/\p{L}/u.test(name)) return { unclear: true };
        return { state: { at: "sure", name } };
      },
    },
    sure: {
      ask: (now, ctx) => ({
        text: join(ctx.t("award.sure"), plainText(now.name)),
        actions: [
          { id: "yes", label: ctx.s("b.award.yes"), primary: true },
          { id: "change", label: ctx.s("b.award.change") },
        ],
      }),
      take(now, answer, ctx, given) {
        if (answer.type !== "choice") return { unclear: true };
        if (answer.id !== "yes") return { state: { at: "name" } };
        return {
          effects: [{ type: "job", name: "issue", data: { assessment: given.assessment, name: now.name } }],
          says: [{ text: ctx.t("award.signing") }],
          end: true,
        };
      },
    },
  },
});

/** Asks for the name. A decision is told once; a name that cannot be printed is asked for again. */
export const awardedTimer: TimerHandler = {
  kind: "reply",
  run: (data) => ({ start: { dialog: "award", args: args.parse(data) } }),
};

/** The certificate waits for the review of its programme: said once, with what happens next. */
export const reviewingTimer: TimerHandler = {
  kind: "reply",
  run: (data, _due, ctx) => ({
    says: [
      { text: ctx.t("quality.reviewing", { title: titleOf(ctx, z.object(about).parse(data)) }), actions: ctx.here() },
    ],
  }),
};

const certified = z.object({
  ...about,
  award: z.string(),
  state: z.enum(["awarded", "extended", "withdrawn", "superseded"]),
  from: z.string(),
  until: z.string(),
  /** Why it was withdrawn, as a code. */
  reason: z.enum(["expired", "request", "conduct", "mistake"]).optional(),
  /** How often something became of it: part of the entry's key. */
  n: z.number().int(),
});

/** What became of a certificate by somebody's decision: kept in the record and said at once. */
export const certifiedTimer: TimerHandler = {
  kind: "reply",
  run(data, _due, ctx) {
    const found = certified.parse(data);
    const { state: became, until, reason } = found;
    const title = titleOf(ctx, found);
    const effects = [keep(ctx, found, became, `certificate:${found.award}:${became}:${found.n}`), ...quiet(ctx, found)];
    // The one that took its place is told of, and that is enough.
    if (became === "superseded") return { effects };
    const text =
      became === "withdrawn"
        ? ctx.t(`award.withdrawn.${reason ?? "mistake"}`, { title })
        : ctx.t(`award.${became}`, { title, day: dayText(ctx, until) });
    const actions =
      became === "withdrawn"
        ? [{ label: ctx.s("b.contact"), command: "coordinator" }, ...ctx.here()]
        : [{ label: ctx.s("b.award.show"), command: "certificate", primary: true }, ...ctx.here()];
    return { effects, says: [{ text, actions }] };
  },
};

const renewal = z.intersection(
  z.object({ ...about, award: z.string(), until: z.string(), graceDays: z.number().int() }),
  z.discriminatedUnion("type", [
    z.object({ type: z.literal("reminder"), days: z.number().int() }),
    z.object({ type: z.literal("ended") }),
    z.object({ type: z.literal("lapsed") }),
  ]),
);

/** A certificate went on by the calendar. It is said with the next push, at the person's own hour, and never at midnight. */
export const renewalTimer: TimerHandler = {
  kind: "reminder",
  run(data, _due, ctx) {
    const found = renewal.parse(data);
    const programme = pinned(ctx, found.programme, found.version);
    const known = ownProgress(ctx, programme).facts?.awards?.[found.award];
    // It was renewed, extended or withdrawn meanwhile, or is already known to have lapsed.
    if (known === undefined || !["awarded", "extended"].includes(known.state) || known.until !== found.until) return {};
    const title = titleOf(ctx, found);
    const day = dayText(ctx, found.until);
    const thing = {
      id: waitingId(found.certificate),
      label: "b.path",
      command: "path",
      commandArgs: "",
    };
    switch (found.type) {
      case "reminder":
        return {
          effects: gather(ctx, { ...thing, words: "award.reminder", args: { title, day, days: found.days } }),
        };
      case "ended":
        return {
          effects: gather(ctx, { ...thing, words: "award.ended", args: { title, day, days: found.graceDays } }),
        };
      case "lapsed": {
        const entry = keep(ctx, { ...found, from: known.from }, "lapsed", `certificate:${found.award}:lapsed:1`);
        return { effects: [entry, ...gather(ctx, { ...thing, words: "award.lapsed", args: { title, day } })] };
      }
    }
  },
};

/** For whoever looks after people: some certificate of theirs ends. Which one stands in the console. */
export const expiringTimer: TimerHandler = {
  kind: "reminder",
  run: (_data, _due, ctx) => ({
    effects: gather(ctx, {
      id: "expiring",
      words: "award.expiring",
      label: "b.award.look",
      args: {},
      command: "console",
      commandArgs: "",
    }),
  }),
};

/** `extension`: asks for more time, while renewal is open; somebody responsible decides. */
export const extensionCommand: Command = {
  run(_given, ctx) {
    const programme = ownProgramme(ctx);
    const stand = standOf(ctx, programme);
    const { renews, certificate } = stand?.aim ?? {};
    if (renews === undefined || certificate === undefined)
      return { says: [{ text: ctx.t("award.extension.closed"), actions: ctx.here() }] };
    const isExtended = ownProgress(ctx, programme).facts?.awards?.[renews.award]?.state === "extended";
    if (certificate.validity.extensionMonths === 0 || isExtended)
      return { says: [{ text: ctx.t("award.extension.none"), actions: ctx.here() }] };
    return {
      effects: [{ type: "job", name: "extension", data: { award: renews.award } }],
      says: [{ text: ctx.t("award.extension.asked"), actions: ctx.here() }],
    };
  },
};

/** What became of a request for more time that was not granted. */
export const extensionTimer: TimerHandler = {
  kind: "reply",
  run: (_data, _due, ctx) => ({
    says: [
      {
        text: ctx.t("award.extension.refused"),
        actions: [
          { label: ctx.s("b.path"), command: "path" },
          { label: ctx.s("b.contact"), command: "coordinator" },
        ],
      },
    ],
  }),
};

function keep(
  ctx: Context,
  found: {
    readonly programme: string;
    readonly version: string;
    readonly award: string;
    readonly certificate: string;
    readonly from: string;
    readonly until: string;
  },
  state: string,
  key: string,
): Effect {
  const { award: id, certificate, from, until } = found;
  const programme = pinned(ctx, found.programme, found.version);
  return record(ctx, programme, { type: "certificate", key, data: { award: id, certificate, state, from, until } });
}

/** A reminder that waits is not said any more once the certificate was renewed or taken back. */
function quiet(ctx: Context, { certificate }: { readonly certificate: string }): readonly Effect[] {
  const waiting = waitingIn(ctx.session);
  const left = waiting.filter(({ id }) => id !== waitingId(certificate));
  return left.length === waiting.length ? [] : [{ type: "session", changes: { waiting: left } }];
}

const waitingId = (certificate: string): string => `renewal:${certificate}`;

function titleOf(
  ctx: Context,
  given: { readonly programme: string; readonly version: string; readonly certificate: string },
): string {
  const programme = pinned(ctx, given.programme, given.version);
  const kind = programme.certification?.certificates.find(({ id }) => id === given.certificate);
  return kind === undefined ? given.certificate : read(ctx, programme, kind.title);
}
