import { z } from "zod";
import {
  type Category,
  type Competence,
  competencesOf,
  nextLevel,
  scaleOf,
  statementId,
} from "../src/domain/framework.ts";
import { type Answer, type Context, defineDialog, type Move, type Prompt } from "../src/engine/dialog.ts";
import { join } from "../src/engine/markup.ts";
import { finished } from "./assess-report.ts";
import { type Assessed, assessedBy, competenceName, doneOf, fallbackLine, readIn } from "./assess-show.ts";
import { pinned } from "./support.ts";

const args = z.object({ programme: z.string(), version: z.string() });
type Args = z.infer<typeof args>;

/** `answers` by statement. They reach the record when all is answered: until then each may be changed. */
const common = { attempt: z.string(), answers: z.record(z.string(), z.number().int()) };
const state = z.discriminatedUnion("at", [
  z.object({ at: z.literal("overview"), ...common }),
  z.object({ at: z.literal("category"), category: z.string(), ...common }),
  /** The answers of a competence, to change one of them. */
  z.object({ at: z.literal("answered"), competence: z.string(), ...common }),
  z.object({ at: z.literal("statement"), competence: z.string(), level: z.number().int(), ...common }),
]);
type State = z.infer<typeof state>;
type At<Name extends State["at"]> = Extract<State, { at: Name }>;
type Common = Pick<State, "attempt" | "answers">;

/** Somebody looks at themselves: one statement a card, in any order, left and taken up again at any time. It never certifies. */
export const assess = defineDialog<Args, State>({
  id: "assess",
  version: 1,
  args,
  state,
  activity: (given) => `assess:${given.programme}`,
  title: (_given, _now, ctx) => ctx.s("self.title"),
  recap(given, now, ctx) {
    const { framework } = names(given, ctx);
    const all = competencesOf(framework);
    return join(
      fallbackLine(ctx, framework),
      ctx.t("self.recap", { done: doneOf(framework, all, now.answers), of: all.length }),
    );
  },
  start(given, ctx) {
    const { framework } = names(given, ctx);
    const text = join(
      fallbackLine(ctx, framework),
      ctx.t("self.intro", { title: readIn(ctx, framework, framework.title) }),
      ctx.t("self.never"),
    );
    return { says: [{ text }], state: { at: "overview", attempt: ctx.id(), answers: {} } };
  },
  steps: {
    overview: { ask: askOverview, take: takeOverview },
    category: { ask: askCategory, take: takeCategory },
    answered: { ask: askAnswered, take: takeAnswered },
    statement: { ask: askStatement, take: takeStatement },
  },
});

function askOverview(now: At<"overview">, ctx: Context, given: Args): Prompt {
  const { framework } = names(given, ctx);
  const all = competencesOf(framework);
  const done = doneOf(framework, all, now.answers);
  const complete = done === all.length;
  return {
    text: join(
      ctx.t("self.overview", { done, of: all.length }),
      ctx.t(complete ? "self.overview.complete" : "self.overview.choose"),
    ),
    choices: framework.categories.map((category) => ({
      id: category.id,
      label: ctx.s("self.category", {
        title: readIn(ctx, framework, category.title),
        done: doneOf(framework, category.competences, now.answers),
        of: category.competences.length,
      }),
    })),
    actions: complete
      ? [{ id: "finish", label: ctx.s("b.self.finish"), primary: true }]
      : [
          { id: "go", label: ctx.s(done === 0 ? "b.start" : "b.continue"), primary: true },
          { command: "menu", label: ctx.s("b.later") },
        ],
  };
}

function takeOverview(now: At<"overview">, answer: Answer, ctx: Context, given: Args): Move<State> {
  const { framework, programme } = names(given, ctx);
  if (answer.type !== "choice") return { unclear: true };
  if (answer.id === "go") return { state: onwards(now, undefined, ctx, given) };
  if (answer.id === "finish") return finished(ctx, { programme, framework }, now);
  const category = framework.categories.find((one) => one.id === answer.id);
  return category ? { state: { ...kept(now), at: "category", category: category.id } } : { unclear: true };
}

function askCategory(now: At<"category">, ctx: Context, given: Args): Prompt {
  const { framework } = names(given, ctx);
  const category = categoryAt(now.category, ctx, given);
  return {
    text: ctx.t("self.category.choose", { title: readIn(ctx, framework, category.title) }),
    choices: category.competences.map((one) => ({
      id: one.id,
      label: ctx.s(nextLevel(framework, one, now.answers) === undefined ? "self.done" : "self.open", {
        title: competenceName(ctx, framework, one),
      }),
    })),
    actions: [{ id: "overview", label: ctx.s("b.self.overview") }],
  };
}

function takeCategory(now: At<"category">, answer: Answer, ctx: Context, given: Args): Move<State> {
  if (answer.type !== "choice") return { unclear: true };
  const here = kept(now);
  if (answer.id === "overview") return { state: { ...here, at: "overview" } };
  const { framework } = names(given, ctx);
  const competence = categoryAt(now.category, ctx, given).competences.find((one) => one.id === answer.id);
  if (!competence) return { unclear: true };
  const level = nextLevel(framework, competence, now.answers);
  if (level === undefined) return { state: { ...here, at: "answered", competence: competence.id } };
  return { state: { ...here, at: "statement", competence: competence.id, level } };
}

function askAnswered(now: At<"answered">, ctx: Context, given: Args): Prompt {
  const { framework } = names(given, ctx);
  const competence = competenceAt(now.competence, ctx, given);
  const { values } = scaleOf(framework, competence);
  const said = competence.statements.flatMap(({ level, text }) => {
    const value = values.find((one) => one.value === now.answers[statementId(competence.id, level)]);
    return value === undefined
      ? []
      : [{ level, text: readIn(ctx, framework, text), answer: readIn(ctx, framework, value.text) }];
  });
  return {
    text: join(
      ctx.t("self.answered", { title: competenceName(ctx, framework, competence) }),
      ...said.map((one) => ctx.t("self.answered.line", one)),
    ),
    choices: said.map(({ level, answer }) => ({
      id: String(level),
      label: ctx.s("self.answered.change", { level, answer }),
    })),
    actions: [{ id: "overview", label: ctx.s("b.self.overview"), primary: true }],
  };
}

function takeAnswered(now: At<"answered">, answer: Answer, _ctx: Context, _given: Args): Move<State> {
  if (answer.type !== "choice") return { unclear: true };
  const here = kept(now);
  if (answer.id === "overview") return { state: { ...here, at: "overview" } };
  return { state: { ...here, at: "statement", competence: now.competence, level: Number(answer.id) } };
}

function askStatement(now: At<"statement">, ctx: Context, given: Args): Prompt {
  const { framework } = names(given, ctx);
  const competence = competenceAt(now.competence, ctx, given);
  const statement = competence.statements.find((one) => one.level === now.level);
  if (!statement) throw new Error(`competence "${competence.id}" has no level ${now.level}`);
  return {
    text: join(
      ctx.t("self.where", {
        title: competenceName(ctx, framework, competence),
        level: now.level,
        of: framework.levels.length,
      }),
      ctx.t("self.statement", { text: readIn(ctx, framework, statement.text) }),
      ctx.t("self.example", { text: readIn(ctx, framework, competence.example) }),
    ),
    choices: scaleOf(framework, competence).values.map(({ value, text }) => ({
      id: `v${value}`,
      label: readIn(ctx, framework, text),
    })),
    actions: [{ id: "overview", label: ctx.s("b.self.overview") }],
  };
}

function takeStatement(now: At<"statement">, answer: Answer, ctx: Context, given: Args): Move<State> {
  if (answer.type !== "choice") return { unclear: true };
  if (answer.id === "overview") return { state: { ...kept(now), at: "overview" } };
  const { framework } = names(given, ctx);
  const competence = competenceAt(now.competence, ctx, given);
  const value = scaleOf(framework, competence).values.find((one) => `v${one.value}` === answer.id)?.value;
  if (value === undefined) return { unclear: true };
  const id = statementId(competence.id, now.level);
  const isChange = now.answers[id] !== undefined;
  const answers = { ...now.answers, [id]: value };
  const here = { attempt: now.attempt, answers };
  // A change comes from the answers of one competence and goes back to them, where it opens no further statement.
  if (isChange && nextLevel(framework, competence, answers) === undefined)
    return { state: { ...here, at: "answered", competence: competence.id } };
  return { state: onwards(here, competence, ctx, given) };
}

/** The next statement: of this competence, of the category, of the rest; at last the overview. */
function onwards(now: Common, from: Competence | undefined, ctx: Context, given: Args): State {
  const { framework } = names(given, ctx);
  const all = competencesOf(framework);
  const own = framework.categories.find((one) => one.competences.some(({ id }) => id === from?.id));
  for (const competence of [from, ...(own?.competences ?? []), ...all]) {
    const level = competence && nextLevel(framework, competence, now.answers);
    if (competence && level !== undefined) return { ...kept(now), at: "statement", competence: competence.id, level };
  }
  return { ...kept(now), at: "overview" };
}

function kept({ attempt, answers }: Common): { attempt: string; answers: Record<string, number> } {
  return { attempt, answers };
}

function names(given: Args, ctx: Context): Assessed {
  const programme = pinned(ctx, given.programme, given.version);
  const found = assessedBy(programme);
  if (!found) throw new Error(`programme "${programme.id}" ${programme.version} has no framework`);
  return found;
}

function categoryAt(id: string, ctx: Context, given: Args): Category {
  const found = names(given, ctx).framework.categories.find((one) => one.id === id);
  if (!found) throw new Error(`the framework has no category "${id}"`);
  return found;
}

function competenceAt(id: string, ctx: Context, given: Args): Competence {
  const found = competencesOf(names(given, ctx).framework).find((one) => one.id === id);
  if (!found) throw new Error(`the framework has no competence "${id}"`);
  return found;
}
