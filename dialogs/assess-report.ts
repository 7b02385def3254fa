import { assessorLevels } from "../src/domain/facts.ts";
import {
  type Answers,
  aimOf,
  type Category,
  type Competence,
  categoryLevel,
  gapsTo,
  levelsFrom,
  statusOf,
  suggestedLessons,
} from "../src/domain/framework.ts";
import { radarOf } from "../src/domain/radar.ts";
import type { SelfAttempt } from "../src/domain/self-attempts.ts";
import type { Context, PromptAction, Said, Say } from "../src/engine/dialog.ts";
import { join, type Markup, toPlain } from "../src/engine/markup.ts";
import type { Effect } from "../src/engine/session.ts";
import type { Json } from "../src/engine/types.ts";
import { type Assessed, codeOf, competenceName, dayOf, fallbackLine, levelName, readIn } from "./assess-show.ts";
import { findLesson, ownProgress, read, record } from "./support.ts";

/** How many gaps a report names, and how many lessons. */
const [mostGaps, mostLessons] = [3, 3];

/** Writes a whole attempt into the record and says what came of it. */
export function finished(
  ctx: Context,
  { programme, framework }: Assessed,
  { attempt, answers }: { readonly attempt: string; readonly answers: Answers },
): Said & { readonly end: true } {
  const levels = levelsFrom(framework, answers);
  const rated = Object.entries(answers).map(([statement, value]): Effect => {
    const [competence = "", level = ""] = statement.split(".");
    const data = { attempt, competence, level: Number(level), value };
    return record(ctx, programme, { type: "selfrated", key: `self:${attempt}:${statement}`, data });
  });
  const done = { attempt, framework: framework.version, levels: { ...levels } };
  const now: SelfAttempt = { ...done, at: ctx.now, sharedAt: null, changes: 0 };
  const attempts = [...(ownProgress(ctx, programme).self ?? []), now];
  return {
    effects: [...rated, record(ctx, programme, { type: "self.done", key: `self:${attempt}`, data: done })],
    says: [report(ctx, { programme, framework }, now, attempts)],
    end: true,
  };
}

/** Where somebody sees themselves, in words and as a picture that says the same. */
export function report(ctx: Context, given: Assessed, attempt: SelfAttempt, attempts: readonly SelfAttempt[]): Say {
  const { programme, framework } = given;
  const { levels } = attempt;
  const aim = aimOf(framework, levels);
  const gaps = gapsTo(framework, levels, aim);
  const lessons = suggestedLessons(gaps, mostLessons).flatMap((id) => findLesson(programme, id)?.lesson ?? []);
  const titles = lessons.map((one) => `${one.id} ${read(ctx, programme, one.title)}`).join(", ");
  const level = levelName(ctx, framework, statusOf(framework, levels));
  const standing = join(
    ctx.t("self.report.heading", { day: dayOf(ctx, attempt.at) }),
    ctx.t("self.report.status", { level }),
    ...framework.categories.map((category) => categoryLine(ctx, given, category, levels)),
    assessorLine(ctx, given),
  );
  const text = join(
    fallbackLine(ctx, framework),
    standing,
    ...gaps.slice(0, mostGaps).map((one) => nextLine(ctx, given, one, levels)),
    lessons.length === 0 ? undefined : ctx.t("self.report.lessons", { lessons: titles }),
    ctx.t(attempt.sharedAt !== null ? "self.report.shared" : "self.report.private"),
    ctx.t("self.never"),
  );
  const buttons: PromptAction[] = lessons.map((one) => ({
    label: ctx.s("b.lesson", { id: one.id }),
    command: "lesson",
    args: one.id,
  }));
  return {
    text,
    image: { kind: "radar", alt: toPlain(standing), data: radar(ctx, given, attempt, attempts) },
    actions: [...(buttons as NonNullable<Say["actions"]>), ...sharing(ctx, attempt), ...more(ctx, attempts)],
  };
}

function categoryLine(
  ctx: Context,
  { framework }: Assessed,
  category: Category,
  levels: SelfAttempt["levels"],
): Markup {
  const own = category.competences.map((one) => `${codeOf(one)} ${levels[one.id] ?? 0}`).join(", ");
  const title = readIn(ctx, framework, category.title);
  return ctx.t("self.report.category", { title, level: categoryLevel(category, levels), own });
}

/** What assessors said last, where they said anything. */
function assessorLine(ctx: Context, { programme, framework }: Assessed): Markup | undefined {
  const rated = assessorLevels(ownProgress(ctx, programme).facts ?? {});
  if (rated === undefined) return undefined;
  const all = framework.categories.flatMap(({ competences }) => competences);
  const own = all.flatMap((one) => (rated[one.id] === undefined ? [] : [`${codeOf(one)} ${rated[one.id]}`]));
  return own.length === 0 ? undefined : ctx.t("self.report.assessor", { own: own.join(", ") });
}

function nextLine(
  ctx: Context,
  { framework }: Assessed,
  competence: Competence,
  levels: SelfAttempt["levels"],
): Markup {
  const level = (levels[competence.id] ?? 0) + 1;
  const statement = competence.statements.find((one) => one.level === level);
  if (!statement) return [];
  const title = competenceName(ctx, framework, competence);
  return ctx.t("self.report.next", { title, level, text: readIn(ctx, framework, statement.text) });
}

function sharing(ctx: Context, { attempt, sharedAt }: SelfAttempt): NonNullable<Say["actions"]> {
  return sharedAt !== null
    ? [{ label: ctx.s("b.self.unshare"), command: "assess", args: `unshare ${attempt}` }]
    : [{ label: ctx.s("b.self.share"), command: "assess", args: `share ${attempt}` }];
}

function more(ctx: Context, attempts: readonly SelfAttempt[]): NonNullable<Say["actions"]> {
  return [
    ...(attempts.length > 1 ? [{ label: ctx.s("b.self.earlier"), command: "assess", args: "earlier" }] : []),
    { label: ctx.s("b.menu"), command: "menu" },
  ];
}

/** What the picture shows; it names nobody. */
function radar(
  ctx: Context,
  { programme, framework }: Assessed,
  attempt: SelfAttempt,
  attempts: readonly SelfAttempt[],
): Json {
  const place = attempts.findIndex((one) => one.attempt === attempt.attempt);
  const earlier = place > 0 ? attempts[place - 1]?.levels : undefined;
  return radarOf(framework, {
    words: {
      title: ctx.s("self.radar.title"),
      self: ctx.s("self.radar.self"),
      required: ctx.s("self.radar.required", { level: framework.required }),
      assessor: ctx.s("self.radar.assessor"),
      earlier: ctx.s("self.radar.earlier"),
    },
    read: (text) => readIn(ctx, framework, text),
    self: attempt.levels,
    assessor: assessorLevels(ownProgress(ctx, programme).facts ?? {}),
    earlier,
  });
}
