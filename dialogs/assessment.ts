import { z } from "zod";
import { metButRating, missingButRating } from "../src/domain/assessment.ts";
import { competencesOf } from "../src/domain/framework.ts";
import { missingText } from "../src/domain/missing.ts";
import type { Programme } from "../src/domain/programme.ts";
import type { Command, Context, Say, TimerHandler } from "../src/engine/dialog.ts";
import { join, type Markup, plainText } from "../src/engine/markup.ts";
import type { Effect } from "../src/engine/session.ts";
import type { Json } from "../src/engine/types.ts";
import { competenceTitle, ratingLines, ratingSchema } from "./ratings.ts";
import { gather } from "./reminder.ts";
import { sayingTo, standOf } from "./standing.ts";
import { localDate, ownProgramme, ownProgress, pinned, read, record } from "./support.ts";

/** Lines of missing things that are said; `path` has them all. */
const mostMissing = 3;
/** Reasons in one message. */
const mostReasons = 6;

const job = (data: Json): readonly Effect[] => [{ type: "job", name: "assessment", data }];

/** `assessment`: where one's own assessment stands, and what can be done about it; the words after it stand behind buttons. */
export const assessmentCommand: Command = {
  takesArgs: true,
  run(given, ctx) {
    const [what = "", id = ""] = given.trim().split(/\s+/u);
    const { id: programme, version } = ownProgramme(ctx);
    switch (what) {
      case "ask":
        return { effects: job({ do: "ask", programme, version }) };
      case "withdraw":
      case "resume":
      case "reasons":
        return { effects: job({ do: what, id }) };
      case "appeal":
        return { start: { dialog: "assesstext", args: { what: "appeal", assessment: id, person: ctx.person.id } } };
      default:
        return { effects: job({ do: "show", programme }) };
    }
  },
};

const last = z.object({
  id: z.string(),
  version: z.string(),
  certificate: z.string(),
  next: z.enum(["first", "firstRates", "second", "secondRates", "decide", "countersign", "learner", "over"]),
  isAppeal: z.boolean(),
  verdict: z.enum(["awarded", "refused"]).nullable(),
  reason: z.string(),
  until: z.number().nullable(),
  ratings: z.array(ratingSchema),
  watch: z.number().nullable(),
});
const shown = z.object({
  programme: z.string(),
  last: last.nullable(),
  said: z.enum(["asked", "withdrawn", "resumed", "appealed"]).optional(),
  why: z.string().optional(),
});
const reasons = z.object({ programme: z.string(), version: z.string(), reasons: z.array(ratingSchema) });

/** Where somebody's own assessment stands. */
export const assessmentTimer: TimerHandler = {
  kind: "reply",
  run(data, _due, ctx) {
    const listed = reasons.safeParse(data);
    if (listed.success) return { says: reasonPages(ctx, listed.data) };
    const { programme: id, last: found, said, why } = shown.parse(data);
    const programme = pinned(ctx, id === "" ? ownProgramme(ctx).id : id, found?.version ?? "");
    const watch: readonly Effect[] =
      found?.watch == null ? [] : [{ type: "timer.set", name: "assessmentWatch", due: found.watch, data: {} }];
    const first =
      why === undefined
        ? said && ctx.t(`assess.own.${said}`)
        : ctx.t("assess.refused", { why: ctx.s(`assess.no.${why}`) });
    const page =
      found === null || (found.next === "over" && said === undefined)
        ? over(ctx, programme, found)
        : state(ctx, programme, found);
    return { effects: watch, says: [{ ...page, text: join(first, page.text) }] };
  },
};

type Last = z.infer<typeof last>;

/** While it is under way. */
function state(ctx: Context, programme: Programme, found: Last): Say {
  const title = titleOf(ctx, programme, found.certificate);
  const resume = { label: ctx.s("b.assess.resume"), command: "assessment", args: `resume ${found.id}`, primary: true };
  const withdraw = { label: ctx.s("b.assess.withdraw"), command: "assessment", args: `withdraw ${found.id}` };
  return {
    text: join(
      ctx.t(found.isAppeal ? "assess.heading.appeal" : "assess.heading", { title }),
      ctx.t(`assess.state.${found.next}`),
      found.next === "learner" ? plainText(found.reason) : undefined,
    ),
    actions: [
      ...(found.next === "learner" ? [resume] : []),
      ...(found.next === "over" || found.next === "countersign" ? [] : [withdraw]),
      ...ctx.here(),
    ],
  };
}

/** What was decided, with every rating; and whether there is a next one to ask for. */
function over(ctx: Context, programme: Programme, found: Last | null): Say {
  const { verdict = null, until = null } = found ?? {};
  const decided = found === null || verdict === null ? undefined : decision(ctx, programme, { ...found, verdict });
  const appeals = found !== null && until !== null && until > ctx.now;
  const stand = standOf(ctx, programme);
  const isReady = stand !== undefined && metButRating(stand.finding);
  const title = stand === undefined ? "" : read(ctx, programme, stand.aim.certificate.title);
  return {
    text: join(
      decided,
      appeals ? ctx.t("assess.appeal.until", { day: localDate(ctx, until) }) : undefined,
      ...(stand === undefined
        ? [decided === undefined ? ctx.t("assess.nothing") : undefined]
        : isReady
          ? [ctx.t("assess.ready", { title })]
          : [
              ctx.t("assess.missing", { title }),
              ...missingButRating(stand.finding)
                .slice(0, mostMissing)
                .map((one) => ctx.t("path.line", { text: missingText(sayingTo(ctx), programme, one) })),
            ]),
    ),
    actions: [
      ...(isReady ? [{ label: ctx.s("b.assess.ask"), command: "assessment", args: "ask", primary: true }] : []),
      ...(stand !== undefined && !isReady ? [{ label: ctx.s("b.path"), command: "path", primary: true }] : []),
      ...(found?.ratings.some(({ reason }) => reason !== "")
        ? [{ label: ctx.s("b.assess.reasons"), command: "assessment", args: `reasons ${found.id}` }]
        : []),
      ...(appeals ? [{ label: ctx.s("b.assess.appeal"), command: "assessment", args: `appeal ${found.id}` }] : []),
      { label: ctx.s("b.menu"), command: "menu" },
    ],
  };
}

function decision(ctx: Context, programme: Programme, found: Last & { readonly verdict: string }): Markup {
  const title = titleOf(ctx, programme, found.certificate);
  const self = ownProgress(ctx, programme).self?.at(-1)?.levels ?? null;
  return join(
    ctx.t(found.verdict === "awarded" ? "assess.decided.awarded" : "assess.decided.refused", { title }),
    found.reason === "" ? undefined : ctx.t("assess.reason", { text: found.reason }),
    ...(found.ratings.length === 0
      ? []
      : [ctx.t("assess.ratings"), ...ratingLines(ctx, programme, found.ratings, self)]),
  );
}

function titleOf(ctx: Context, programme: Programme, certificate: string): string {
  const kind = programme.certification?.certificates.find(({ id }) => id === certificate);
  return kind === undefined ? certificate : read(ctx, programme, kind.title);
}

/** Reasons by competence, in pieces that every platform takes. */
function reasonPages(ctx: Context, given: z.infer<typeof reasons>): readonly Say[] {
  const programme = pinned(ctx, given.programme === "" ? ownProgramme(ctx).id : given.programme, given.version);
  const lines = (programme.framework === undefined ? [] : competencesOf(programme.framework)).flatMap(({ id }) =>
    given.reasons
      .filter(({ competence, reason }) => competence === id && reason !== "")
      .map(({ role, level, reason = "" }) =>
        ctx.t("assess.reason.line", {
          title: competenceTitle(ctx, programme, id),
          role: ctx.s(`assess.role.${role}`),
          level,
          text: reason,
        }),
      ),
  );
  if (lines.length === 0) return [{ text: ctx.t("assess.reasons.none"), actions: ctx.here() }];
  const pages = Array.from({ length: Math.ceil(lines.length / mostReasons) }, (_, page) =>
    lines.slice(page * mostReasons, (page + 1) * mostReasons),
  );
  return pages.map((page, index) => ({
    text: join(...page),
    ...(index === pages.length - 1 ? { actions: ctx.here() } : {}),
  }));
}

const news = z.object({
  what: z.enum(["begun", "returned", "decided"]),
  id: z.string(),
  root: z.string(),
  programme: z.string(),
  version: z.string(),
  certificate: z.string(),
  verdict: z.enum(["awarded", "refused"]).nullable(),
  reason: z.string(),
  until: z.number().nullable(),
  ratings: z.array(
    z.object({
      role: z.enum(["first", "second", "appeal"]),
      by: z.string(),
      competence: z.string(),
      level: z.number().int(),
    }),
  ),
});

/** A step of one's own assessment; what was found goes into the record with the decision, each rating once. */
export const assessmentNewsTimer: TimerHandler = {
  kind: "reply",
  run(data, _due, ctx) {
    const found = news.parse(data);
    const programme = pinned(ctx, found.programme, found.version);
    const title = titleOf(ctx, programme, found.certificate);
    const known = ownProgress(ctx, programme).facts?.ratings?.[found.root];
    const effects = found.ratings
      .filter(({ role, competence }) => known?.[role]?.levels[competence] === undefined)
      .map(({ role, by, competence, level }) =>
        record(ctx, programme, {
          type: "rating",
          key: `rating:${found.root}:${role}:${competence}`,
          data: { assessment: found.root, competence, level, role, by },
        }),
      );
    const look = { label: ctx.s("b.assess.look"), command: "assessment", primary: true };
    const menu = { label: ctx.s("b.menu"), command: "menu" };
    if (found.what === "begun")
      return { says: [{ text: ctx.t("assess.news.begun", { title }), actions: [look, menu] }] };
    if (found.what === "returned") {
      const resume = {
        label: ctx.s("b.assess.resume"),
        command: "assessment",
        args: `resume ${found.id}`,
        primary: true,
      };
      return {
        says: [
          { text: join(ctx.t("assess.news.returned", { title }), plainText(found.reason)), actions: [resume, menu] },
        ],
      };
    }
    const appeal = { label: ctx.s("b.assess.appeal"), command: "assessment", args: `appeal ${found.id}` };
    return {
      effects,
      says: [
        {
          text: join(
            ctx.t(found.verdict === "awarded" ? "assess.decided.awarded" : "assess.decided.refused", { title }),
            ctx.t("assess.reason", { text: found.reason }),
            ctx.t("assess.decided.by"),
            found.until === null ? undefined : ctx.t("assess.appeal.until", { day: localDate(ctx, found.until) }),
          ),
          actions: [look, ...(found.until === null ? [] : [appeal]), menu],
        },
      ],
    };
  },
};

const later = z.object({ due: z.number() });

/** Waits on behalf of somebody whose assessment is under way; says nothing to them. */
export const assessmentWatchTimer: TimerHandler = {
  kind: "reply",
  run(data) {
    const set = later.safeParse(data);
    if (set.success) return { effects: [{ type: "timer.set", name: "assessmentWatch", due: set.data.due, data: {} }] };
    return { effects: [{ type: "job", name: "assessmentWatch", data: {} }] };
  },
};

/** Something waits in the queue: said with the next push, once however much it is. */
export const assessmentWaitingTimer: TimerHandler = {
  kind: "reminder",
  run: (_data, _due, ctx) => ({
    effects: gather(ctx, {
      id: "assessments",
      words: "assess.waiting",
      label: "b.assess.queue",
      args: {},
      command: "queue",
      commandArgs: "",
    }),
  }),
};

const overdue = z.object({ id: z.string(), person: z.string(), name: z.string(), claimed: z.boolean() });

/** An assessment of somebody one looks after waits too long. */
export const assessmentOverdueTimer: TimerHandler = {
  kind: "reply",
  run(data, _due, ctx) {
    const { name, claimed } = overdue.parse(data);
    const shownName = name === "" ? ctx.s("coordinator.someone") : name;
    const text = ctx.t(claimed ? "assess.overdue.claimed" : "assess.overdue.open", { name: shownName });
    return { says: [{ text, actions: [{ label: ctx.s("supervision.open"), command: "console", primary: true }] }] };
  },
};
