import { z } from "zod";
import type { Option, Programme, Question, SimpleQuestion } from "../src/domain/programme.ts";
import { type Given, isRight, optionsFor, readTyped, stepsOf } from "../src/domain/question.ts";
import type { Answer, Context, Move, Prompt, Said } from "../src/engine/dialog.ts";
import { markFor } from "../src/engine/marks.ts";
import { join, type Markup } from "../src/engine/markup.ts";
import type { Effect } from "../src/engine/session.ts";
import { understandSeveral } from "../src/engine/understand.ts";
import { labelOf, reasons } from "./feedback.ts";
import { read, record } from "./support.ts";

/** How far the answer to one question has come. Absent while nothing was done with it. */
export const draftSchema = z.object({
  /** Chosen so far: options of a multiple choice or an ordering, targets of a matching. */
  picked: z.array(z.string()).default([]),
  /** Of a case: the step that is asked, and how many were answered wrong. */
  step: z.number().int().default(0),
  missed: z.number().int().default(0),
  /** The whole answer, while the learner is asked how sure they are. */
  given: z.array(z.string()).optional(),
});
export type Draft = z.infer<typeof draftSchema>;

const blank: Draft = { picked: [], step: 0, missed: 0 };

/** One question as one attempt asks it. */
export interface Asking {
  readonly programme: Programme;
  readonly question: Question;
  readonly attempt: string;
  readonly draft: Draft | undefined;
  /** Kind of the record's entry and the beginning of its domain key: `answer`, `practice`. */
  readonly type: string;
}

/** What an answer led to. */
type Taken =
  | { readonly unclear: true }
  /** Not whole yet: a choice ticked, a step of a case answered. `same`: the message is renewed in place. */
  | (Said & { readonly draft: Draft; readonly same: boolean })
  /** Whole, and worth what it is worth. */
  | (Said & { readonly right: boolean });

/** The question as it stands, without what is around it. Pure: asked again it reads the same. */
export function askQuestion(ctx: Context, asking: Asking): Prompt {
  const { programme, question, attempt } = asking;
  const draft = asking.draft ?? blank;
  const step = stepOf(question, draft);
  const text = stem(ctx, asking, draft);
  const key = keyOf(asking, step);
  if (draft.given !== undefined) return askSure(ctx, text, key);
  const mine = (option: Option): string => read(ctx, programme, option.text);
  switch (step.kind) {
    case "single":
      return { text, choices: optionsFor(step, attempt).map((one) => ({ id: one.id, label: mine(one) })), key };
    case "multiple":
    case "ordering": {
      const place = (id: string): string => {
        const index = draft.picked.indexOf(id);
        if (index < 0) return "";
        return step.kind === "ordering" ? `${index + 1}. ` : "✓ ";
      };
      const done = { id: "done", label: ctx.s("b.done"), primary: true };
      return {
        text: join(text, ctx.t(`question.${step.kind}`)),
        choices: optionsFor(step, attempt).map((one) => ({ id: one.id, label: `${place(one.id)}${mine(one)}` })),
        actions: step.kind === "multiple" && draft.picked.length > 0 ? [done] : [],
        free: true,
        key,
      };
    }
    case "matching": {
      const option = step.options[draft.picked.length];
      const item = option === undefined ? "" : mine(option);
      return {
        text: join(text, ctx.t("question.matching", { item, n: draft.picked.length + 1, total: step.options.length })),
        choices: step.targets.map((one) => ({ id: one.id, label: read(ctx, programme, one.text) })),
        ...(draft.picked.length + 1 === step.options.length ? { key } : {}),
      };
    }
    case "text":
    case "number":
      return { text: join(text, ctx.t(`question.${step.kind}`)), free: true, key };
    case "scale": {
      const ends = { low: read(ctx, programme, step.ends.low), high: read(ctx, programme, step.ends.high) };
      return {
        text: join(text, ctx.t("question.scale", ends)),
        actions: Array.from({ length: 11 }, (_, place) => ({ id: String(place), label: String(place) })),
        key,
      };
    }
  }
}

function askSure(ctx: Context, text: Markup, key: string): Prompt {
  return {
    key,
    text: join(text, ctx.t("question.sure")),
    actions: [
      { id: "sure", label: ctx.s("b.sure") },
      { id: "unsure", label: ctx.s("b.unsure") },
    ],
  };
}

/**
 * Takes an answer to the question as it stands, and says and records what a whole answer was worth. `at` is the dialog's state with
 * a draft; `onward` is where it goes with a whole answer.
 */
export function takeQuestion<State>(
  ctx: Context,
  asking: Asking,
  answer: Answer,
  at: (draft: Draft) => State,
  onward: (said: Said, right: boolean) => Move<State>,
): Move<State> {
  const taken = judge(ctx, asking, answer);
  if ("unclear" in taken) return taken;
  if ("draft" in taken) {
    const { draft, same, ...said } = taken;
    return { ...said, state: at(draft), ...(same ? { stay: true } : {}) };
  }
  const { right, ...said } = taken;
  return onward(said, right);
}

function judge(ctx: Context, asking: Asking, answer: Answer): Taken {
  const draft = asking.draft ?? blank;
  const step = stepOf(asking.question, draft);
  if (draft.given !== undefined) {
    if (answer.type !== "choice" || !["sure", "unsure"].includes(answer.id)) return { unclear: true };
    return whole(ctx, asking, step, draft, draft.given, answer.id === "sure");
  }
  const found = readAnswer(ctx, asking, step, draft, answer);
  if (found === undefined) return { unclear: true };
  if ("picked" in found) {
    const picked = labels(ctx, asking.programme, step, found.picked);
    return { draft: { ...draft, picked: found.picked }, same: found.same, ...(found.same ? { notice: picked } : {}) };
  }
  const asksSure = asking.type === "practice" && asking.programme.confidence === true && step.kind !== "scale";
  // A message of its own: under the same buttons a second press would say how sure one is.
  if (asksSure) return { draft: { ...draft, given: [...found.given] }, same: false };
  return whole(ctx, asking, step, draft, found.given, undefined);
}

/** What is ticked so far, for whoever typed and looks below. */
function labels(ctx: Context, programme: Programme, step: SimpleQuestion, picked: readonly string[]): string {
  const options = "options" in step ? step.options : [];
  const chosen = picked.flatMap((id) => options.filter((one) => one.id === id));
  return chosen.map((one) => `✓ ${read(ctx, programme, one.text)}`).join("\n") || ctx.s("notice.noted");
}

type Read = { readonly given: Given } | { readonly picked: string[]; readonly same: boolean } | undefined;

function readAnswer(ctx: Context, asking: Asking, step: SimpleQuestion, draft: Draft, answer: Answer): Read {
  switch (step.kind) {
    case "single":
    case "scale":
      return answer.type === "choice" ? { given: [answer.id] } : undefined;
    case "text":
    case "number": {
      const typed = answer.type === "text" ? readTyped(step.kind, answer.text) : undefined;
      return typed === undefined ? undefined : { given: [typed] };
    }
    case "matching": {
      if (answer.type !== "choice") return undefined;
      const picked = [...draft.picked, answer.id];
      return picked.length === step.options.length ? { given: picked } : { picked, same: false };
    }
    case "multiple":
    case "ordering": {
      if (answer.type === "text") return readSeveral(ctx, asking, step, answer.text);
      if (answer.id === "done") return { given: draft.picked };
      const picked = draft.picked.includes(answer.id)
        ? draft.picked.filter((id) => id !== answer.id)
        : [...draft.picked, answer.id];
      const last = step.kind === "ordering" && picked.length === step.options.length;
      return last ? { given: picked } : { picked, same: true };
    }
  }
}

/** "A, C" or "2 1 3": several marks or labels in one text; undefined where one of them has no single reading. */
function readSeveral(
  ctx: Context,
  { programme, attempt }: Asking,
  step: Extract<SimpleQuestion, { kind: "multiple" | "ordering" }>,
  text: string,
): Read {
  const shown = optionsFor(step, attempt).map((one, index) => ({
    option: one.id,
    id: one.id,
    label: read(ctx, programme, one.text),
    mark: markFor(ctx.language, index),
  }));
  const given = understandSeveral(text, shown);
  return given === undefined || (step.kind === "ordering" && given.length !== shown.length) ? undefined : { given };
}

/** A whole answer to one step: recorded once under its domain key; a case goes on to its next step. */
function whole(
  ctx: Context,
  asking: Asking,
  step: SimpleQuestion,
  draft: Draft,
  given: Given,
  sure: boolean | undefined,
): Taken {
  const { programme, question, type } = asking;
  const right = isRight(step, given);
  const label = labelOf(ctx, programme, step, given);
  const judged = step.kind !== "scale" || step.right !== undefined;
  const feedback = join(
    judged ? ctx.t(right ? "answer.right" : "answer.wrong") : undefined,
    reasons(ctx, programme, step, given, right),
  );
  const steps = stepsOf(question).length;
  const missed = draft.missed + (right ? 0 : 1);
  const isLast = draft.step + 1 === steps;
  const data = {
    question: step.id,
    option: given.join(" "),
    label,
    right,
    ...(judged ? {} : { open: true }),
    ...(sure === undefined ? {} : { sure }),
    // What the case was worth is known with its last step.
    ...(question.kind === "case" ? { case: question.id, ...(isLast ? { caseRight: missed === 0 } : {}) } : {}),
  };
  const effects: Effect[] = [record(ctx, programme, { type, key: keyOf(asking, step), data })];
  const said = {
    settled: join(stem(ctx, asking, draft), ctx.t("answer.yours", { answer: label }), feedback),
    feedback,
    notice: ctx.s(judged ? (right ? "notice.right" : "notice.wrong") : "notice.noted"),
    effects,
  };
  if (!isLast) return { ...said, draft: { picked: [], step: draft.step + 1, missed }, same: false };
  return { ...said, right: missed === 0 };
}

/** The stem; a case's own stands above its first step, and every step says where it is. */
function stem(ctx: Context, { programme, question }: Asking, draft: Draft): Markup {
  const step = stepOf(question, draft);
  if (question.kind !== "case") return read(ctx, programme, step.stem);
  return join(
    draft.step === 0 ? read(ctx, programme, question.stem) : undefined,
    ctx.t("question.step", { n: draft.step + 1, total: question.steps.length }),
    read(ctx, programme, step.stem),
  );
}

function stepOf(question: Question, draft: Draft): SimpleQuestion {
  const step = stepsOf(question)[draft.step];
  if (!step) throw new Error(`question "${question.id}" has no step ${draft.step + 1}`);
  return step;
}

function keyOf({ type, attempt }: Asking, step: SimpleQuestion): string {
  return `${type}:${attempt}:${step.id}`;
}
