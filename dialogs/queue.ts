import { z } from "zod";
import { hoursText, titleOf } from "../src/domain/missing.ts";
import type { Programme } from "../src/domain/programme.ts";
import type { Command, Context, Say, TimerHandler } from "../src/engine/dialog.ts";
import { join, type Markup } from "../src/engine/markup.ts";
import type { Effect } from "../src/engine/session.ts";
import type { Json } from "../src/engine/types.ts";
import { cardSchema } from "./rating.ts";
import { ratingLines, ratingSchema } from "./ratings.ts";
import { sayingTo } from "./standing.ts";
import { pinned, read } from "./support.ts";

/** Buttons of one list: what every platform shows. */
const mostButtons = 8;

const job = (data: Json): readonly Effect[] => [{ type: "job", name: "assessing", data }];

/** `queue`: what waits for an assessor; the words after it stand behind buttons. */
export const queueCommand: Command = {
  takesArgs: true,
  run(given) {
    const [what = "", id = "", more = ""] = given.trim().split(/\s+/u);
    switch (what) {
      case "":
        return { effects: job({ do: "list" }) };
      case "claim":
      case "submit":
        return { effects: job({ do: what, id }) };
      case "card":
        return { effects: job({ do: "card", id, competence: more }) };
      case "back":
      case "conflict":
        return { effects: job({ do: "back", id, biased: what === "conflict" }) };
      case "sign":
        return { effects: job({ do: "sign", id, agrees: more === "yes" }) };
      case "return":
      case "award":
      case "refuse":
        return { start: { dialog: "assesstext", args: { what, assessment: id, person: more } } };
      case "talk":
        return { start: { dialog: "talk", args: { kind: "assessment", about: id } } };
      default:
        return { effects: job({ do: "look", id: what }) };
    }
  },
};

const base = z.object({
  id: z.string(),
  person: z.string(),
  name: z.string(),
  programme: z.string(),
  version: z.string(),
  certificate: z.string(),
  next: z.enum(["first", "firstRates", "second", "secondRates", "decide", "countersign", "learner", "over"]),
  self: z.record(z.string(), z.number()).nullable(),
});
const list = z.object({ queue: z.array(base.extend({ place: z.enum(["mine", "free"]) })) });
const whole = z.object({
  said: z.string().optional(),
  why: z.string().optional(),
  assessment: base.extend({
    seat: z.object({ handedIn: z.boolean() }).nullable(),
    barred: z.string().nullable(),
    isAppeal: z.boolean(),
    appeal: z.string(),
    missing: z.number(),
    verdict: z.enum(["awarded", "refused"]).nullable(),
    decision: z.enum(["awarded", "refused"]).nullable(),
    reason: z.string(),
    ratings: z.array(ratingSchema),
    rated: z.number(),
    of: z.number(),
    hours: z.array(z.object({ kind: z.string(), minutes: z.number(), target: z.number().optional() })),
    checks: z.array(z.string()),
    evidence: z.array(z.object({ title: z.string(), state: z.string(), url: z.string() })),
  }),
});
type Whole = z.infer<typeof whole>["assessment"];
const facts = z.union([list, whole, z.object({ card: cardSchema }), z.object({ refused: z.string() })]);

/** What an assessor gets to see: the list, one assessment, a card of it, or why not. */
export const assessingTimer: TimerHandler = {
  kind: "reply",
  run(data, _due, ctx) {
    const found = facts.parse(data);
    if ("refused" in found) {
      const text = ctx.t("assess.refused", { why: ctx.s(`assess.no.${found.refused}`) });
      return { says: [{ text, actions: [toQueue(ctx), ...ctx.here()] }] };
    }
    if ("queue" in found) return { says: [listed(ctx, found)] };
    if ("card" in found) {
      const { card } = found;
      const dialog = card.competence === null ? "rated" : "rating";
      return { drop: cardsOf(card.id), start: { dialog, args: card } };
    }
    const { said, why, assessment } = found;
    const first = why === undefined ? saidText(ctx, said) : ctx.t("assess.refused", { why: ctx.s(`assess.no.${why}`) });
    const page = one(ctx, assessment);
    return { drop: cardsOf(assessment.id), says: [{ ...page, text: join(first, page.text) }] };
  },
};

/** Cards that are open show what was there when they were asked: the new one takes their place. */
function cardsOf(id: string): readonly string[] {
  return [`rating:${id}`, `rated:${id}`];
}

function saidText(ctx: Context, said: string | undefined): Markup | undefined {
  const known = ["submit", "back", "return", "decide", "sign", "completed", "claim"];
  return said !== undefined && known.includes(said) ? ctx.t(`assess.said.${said}`) : undefined;
}

function toQueue(ctx: Context) {
  return { label: ctx.s("b.assess.queue"), command: "queue" };
}

function listed(ctx: Context, { queue }: z.infer<typeof list>): Say {
  if (queue.length === 0) return { text: ctx.t("assess.queue.empty"), actions: ctx.here() };
  const shown = queue.slice(0, mostButtons);
  return {
    text: join(
      ctx.t("assess.queue", { n: queue.length }),
      ...shown.map((one, index) =>
        ctx.t("assess.queue.line", {
          n: index + 1,
          name: nameOf(ctx, one.name),
          title: certificateTitle(ctx, pinned(ctx, one.programme, one.version), one.certificate),
          state: ctx.s(`assess.waits.${one.place === "mine" ? "mine" : one.next}`),
        }),
      ),
    ),
    actions: [
      ...shown.map(({ id }, index) => ({
        label: ctx.s("b.assess.open", { n: index + 1 }),
        command: "queue",
        args: id,
        primary: index === 0,
      })),
      { label: ctx.s("b.menu"), command: "menu" },
    ],
  };
}

function one(ctx: Context, found: Whole): Say {
  const programme = pinned(ctx, found.programme, found.version);
  const name = nameOf(ctx, found.name);
  const title = certificateTitle(ctx, programme, found.certificate);
  const saying = sayingTo(ctx);
  return {
    text: join(
      ctx.t(found.isAppeal ? "assess.one.appeal" : "assess.one", { name, title }),
      ctx.t(`assess.state.${found.next}`),
      found.appeal === "" ? undefined : ctx.t("assess.appeal.text", { text: found.appeal }),
      found.missing > 0 ? ctx.t("assess.one.missing", { n: found.missing }) : undefined,
      ...found.hours.map(({ kind, minutes, target }) => {
        const line = {
          kind: titleOf(saying, programme, programme.hours?.kinds, kind),
          have: hoursText(ctx, programme, minutes),
        };
        return target === undefined
          ? ctx.t("hours.kind", line)
          : ctx.t("hours.target", { ...line, need: hoursText(ctx, programme, target) });
      }),
      ...found.checks.map((check) =>
        ctx.t("assess.one.check", { title: titleOf(saying, programme, programme.certification?.checks, check) }),
      ),
      ctx.t(found.self === null ? "assess.self.unshared" : "assess.self.shared"),
      ...(found.evidence.length === 0
        ? [ctx.t("assess.evidence.none")]
        : found.evidence.map(({ title: what, state }) => ctx.t("assess.evidence.line", { title: what, state }))),
      ...(found.ratings.length === 0
        ? []
        : [ctx.t("assess.ratings"), ...ratingLines(ctx, programme, found.ratings, found.self)]),
      found.verdict === null || found.next === "over"
        ? undefined
        : ctx.t(found.verdict === "awarded" ? "assess.proposal.awarded" : "assess.proposal.refused"),
      found.decision === null
        ? undefined
        : ctx.t(found.decision === "awarded" ? "assess.decision.awarded" : "assess.decision.refused"),
      found.decision === null || found.reason === "" ? undefined : ctx.t("assess.reason", { text: found.reason }),
      found.barred === null ? undefined : ctx.t("assess.refused", { why: ctx.s(`assess.no.${found.barred}`) }),
    ),
    actions: actions(ctx, found),
  };
}

function actions(ctx: Context, found: Whole): NonNullable<Say["actions"]> {
  const { id, next, seat } = found;
  const button = (label: string, args: string, primary = false) => ({
    label: ctx.s(`b.assess.${label}`),
    command: "queue",
    args,
    primary,
  });
  const mine = seat !== null && !seat.handedIn;
  const rates = (next === "firstRates" || next === "secondRates") && mine;
  const leave = [button("giveback", `back ${id}`), button("conflict", `conflict ${id}`)];
  const decides = next === "decide" && found.barred === null;
  const own = (): ReturnType<typeof button>[] => {
    if (rates) return [button("rate", `card ${id}`, true), button("return", `return ${id} ${found.person}`), ...leave];
    if ((next === "first" || next === "second") && found.barred === null)
      return [button("claim", `claim ${id}`, true), button("conflict", `conflict ${id}`)];
    if (decides) {
      const awards = found.verdict === "awarded";
      return [
        ...(awards ? [button("award", `award ${id} ${found.person}`, true)] : []),
        button("refuse", `refuse ${id} ${found.person}`, !awards),
        ...(mine && found.of > 0 ? [button("return", `return ${id} ${found.person}`)] : []),
        ...(mine ? leave : []),
      ];
    }
    if (next === "countersign" && found.barred === null)
      return [button("sign", `sign ${id} yes`, true), button("unsign", `sign ${id} no`)];
    return [];
  };
  const talks = mine || decides ? [{ ...button("talk.propose", `talk ${id} ${found.person}`) }] : [];
  return [
    ...own(),
    ...(seat === null ? [] : talks),
    ...found.evidence.slice(0, 1).map(({ url }) => ({ label: ctx.s("b.assess.evidence"), url })),
    toQueue(ctx),
    { label: ctx.s("b.menu"), command: "menu" },
  ];
}

function nameOf(ctx: Context, name: string): string {
  return name === "" ? ctx.s("coordinator.someone") : name;
}

function certificateTitle(ctx: Context, programme: Programme, certificate: string): string {
  const kind = programme.certification?.certificates.find(({ id }) => id === certificate);
  return kind === undefined ? certificate : read(ctx, programme, kind.title);
}
