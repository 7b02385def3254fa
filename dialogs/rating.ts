import { z } from "zod";
import { asksReason } from "../src/domain/assessment.ts";
import { type Competence, competencesOf, type Framework, frameworkLanguage } from "../src/domain/framework.ts";
import { inLanguage } from "../src/domain/programme.ts";
import { type Context, defineDialog, type Move } from "../src/engine/dialog.ts";
import { join } from "../src/engine/markup.ts";
import type { Effect } from "../src/engine/session.ts";
import { competenceTitle } from "./ratings.ts";
import { sayingTo } from "./standing.ts";
import { pinned } from "./support.ts";

/** What a card of an assessment shows. `person` is there so that it goes with the person who is erased. */
export const cardSchema = z.object({
  id: z.string(),
  person: z.string(),
  name: z.string(),
  programme: z.string(),
  version: z.string(),
  self: z.record(z.string(), z.number()).nullable(),
  mine: z.record(z.string(), z.object({ level: z.number(), reason: z.boolean() })),
  competence: z.string().nullable(),
});
type Card = z.infer<typeof cardSchema>;

const state = z.discriminatedUnion("at", [
  z.object({ at: z.literal("level") }),
  z.object({ at: z.literal("reason"), level: z.number().int() }),
]);
type State = z.infer<typeof state>;

/** One competence of somebody else: the statements, how they see themselves if they share it, and a level; a reason where it differs. */
export const rating = defineDialog<Card, State>({
  id: "rating",
  version: 1,
  args: cardSchema,
  state,
  activity: ({ id }) => `rating:${id}`,
  title: ({ name }, _now, ctx) => ctx.s("assess.title", { name }),
  start: () => ({ state: { at: "level" } }),
  steps: {
    level: {
      ask(_now, ctx, card) {
        const { framework, competence, place } = placeOf(ctx, card);
        const mine = card.mine[competence.id];
        const levels = [0, ...framework.levels.map(({ level }) => level)];
        return {
          text: join(
            ctx.t("assess.card", { title: titleIn(ctx, card), n: place + 1, total: competencesOf(framework).length }),
            ...competence.statements.map(({ level, text }) =>
              ctx.t("assess.statement", { level, text: inLanguage(text, languageOf(ctx, framework)) }),
            ),
            card.self === null
              ? ctx.t("assess.self.unshared")
              : ctx.t("assess.self", { level: card.self[competence.id] ?? 0 }),
            mine && ctx.t(mine.reason ? "assess.mine.reasoned" : "assess.mine", { level: mine.level }),
            ctx.t("assess.question"),
          ),
          actions: [
            ...levels.map((level) => ({ id: String(level), label: String(level) })),
            ...(mine === undefined ? [] : [{ id: "reason", label: ctx.s("b.assess.reason") }]),
            { label: ctx.s("b.assess.overview"), command: "queue", args: `card ${card.id}` },
          ],
          // A typed 2 is the level, not the second button.
          free: true,
        };
      },
      take(_now, answer, ctx, card): Move<State> {
        const { framework, competence } = placeOf(ctx, card);
        const mine = card.mine[competence.id];
        const typed = answer.type === "choice" ? (answer.typed ?? answer.id) : answer.text;
        if (answer.type === "choice" && answer.id === "reason")
          return mine === undefined ? { unclear: true } : { state: { at: "reason", level: mine.level } };
        const digits = /^\s*(\d{1,2})\s*$/u.exec(typed)?.[1];
        const level = Number(digits);
        if (digits === undefined) return { unclear: true };
        if (level > framework.levels.length) {
          const text = ctx.t("assess.refused", { why: ctx.s("assess.no.scale") });
          return { says: [{ text }], state: { at: "level" } };
        }
        const isReasoned = mine?.reason === true && mine.level === level;
        if (asksReason(card.self, competence.id, level) && !isReasoned) return { state: { at: "reason", level } };
        return { effects: rated(card, competence, level), end: true };
      },
    },
    reason: {
      ask(now, ctx, card) {
        const { competence } = placeOf(ctx, card);
        const isOther = asksReason(card.self, competence.id, now.level);
        return {
          text: join(
            isOther
              ? ctx.t("assess.reason.differs", { level: now.level, self: card.self?.[competence.id] ?? 0 })
              : ctx.t("assess.reason.ask", { level: now.level }),
            ctx.t("m.no_names"),
          ),
          actions: [{ id: "back", label: ctx.s("b.back") }],
          free: true,
        };
      },
      take(now, answer, ctx, card) {
        if (answer.type === "choice") return { state: { at: "level" } };
        const { competence } = placeOf(ctx, card);
        return { effects: rated(card, competence, now.level, answer.text), end: true };
      },
    },
  },
});

const picking = z.object({ at: z.literal("pick") });

/** All competences of an assessment with their levels: any of them can be taken again, and the whole is handed in. */
export const ratings = defineDialog<Card, z.infer<typeof picking>>({
  id: "rated",
  version: 1,
  args: cardSchema,
  state: picking,
  activity: ({ id }) => `rated:${id}`,
  start: () => ({ state: { at: "pick" } }),
  steps: {
    pick: {
      ask(_now, ctx, card) {
        const { framework } = placeOf(ctx, card);
        const all = competencesOf(framework);
        const left = all.filter(({ id }) => card.mine[id] === undefined).length;
        const submit = { label: ctx.s("b.assess.submit"), command: "queue", args: `submit ${card.id}`, primary: true };
        return {
          text: join(
            ctx.t("assess.overview", { name: card.name, n: all.length - left, total: all.length }),
            ctx.t(left === 0 ? "assess.overview.full" : "assess.overview.open"),
          ),
          choices: all.map(({ id }) => {
            const mine = card.mine[id];
            const title = competenceTitle(ctx, pinned(ctx, card.programme, card.version), id);
            return { id, label: ctx.s("assess.line.plain", { title, level: mine === undefined ? "–" : mine.level }) };
          }),
          actions: [
            ...(left === 0 ? [submit] : []),
            { label: ctx.s("b.assess.facts"), command: "queue", args: card.id },
            { label: ctx.s("b.assess.return"), command: "queue", args: `return ${card.id} ${card.person}` },
          ],
        };
      },
      take(_now, answer, _ctx, card) {
        if (answer.type !== "choice") return { unclear: true };
        const data = { do: "card", id: card.id, competence: answer.id };
        return { effects: [{ type: "job", name: "assessing", data }], end: true };
      },
    },
  },
});

function rated(card: Card, competence: Competence, level: number, reason?: string): readonly Effect[] {
  const data = {
    do: "rate",
    id: card.id,
    competence: competence.id,
    level,
    ...(reason === undefined ? {} : { reason }),
  };
  return [{ type: "job", name: "assessing", data }];
}

function placeOf(ctx: Context, card: Card) {
  const { framework } = pinned(ctx, card.programme, card.version);
  const all = framework === undefined ? [] : competencesOf(framework);
  const place = Math.max(
    0,
    all.findIndex(({ id }) => id === card.competence),
  );
  const competence = all[place];
  if (framework === undefined || competence === undefined)
    throw new Error(`programme "${card.programme}" has no framework to rate by`);
  return { framework, competence, place };
}

function languageOf(ctx: Context, framework: Framework): string {
  return frameworkLanguage(framework, sayingTo(ctx).wanted).language;
}

function titleIn(ctx: Context, card: Card): string {
  const { competence } = placeOf(ctx, card);
  return competenceTitle(ctx, pinned(ctx, card.programme, card.version), competence.id);
}
