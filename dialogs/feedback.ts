import type { Option, Programme, SimpleQuestion } from "../src/domain/programme.ts";
import type { Given } from "../src/domain/question.ts";
import type { Context } from "../src/engine/dialog.ts";
import { type Inline, join, type Markup, toPlain } from "../src/engine/markup.ts";
import { read } from "./support.ts";

/** An answer in words, as it stays in the chat and in the record. */
export function labelOf(ctx: Context, programme: Programme, step: SimpleQuestion, given: Given): string {
  switch (step.kind) {
    case "single":
    case "multiple":
      return given.map((id) => optionText(ctx, programme, step.options, id)).join(" · ");
    case "ordering":
      return given.map((id, index) => `${index + 1}. ${optionText(ctx, programme, step.options, id)}`).join(" ");
    case "matching":
      return step.options
        .map(
          (option, index) => `${read(ctx, programme, option.text)} → ${targetText(ctx, programme, step, given[index])}`,
        )
        .join(" · ");
    case "number":
    case "text":
    case "scale":
      return given[0] ?? "";
  }
}

function optionText(ctx: Context, programme: Programme, options: readonly Option[], id: string): string {
  const option = options.find((one) => one.id === id);
  if (!option) throw new Error(`there is no option "${id}"`);
  return read(ctx, programme, option.text);
}

function targetText(
  ctx: Context,
  programme: Programme,
  step: Extract<SimpleQuestion, { kind: "matching" }>,
  id: string | undefined,
): string {
  const target = step.targets.find((one) => one.id === id);
  if (!target) throw new Error(`question "${step.id}" has no target "${id}"`);
  return read(ctx, programme, target.text);
}

/** Why: for what was chosen, and for what would have been right. */
export function reasons(
  ctx: Context,
  programme: Programme,
  step: SimpleQuestion,
  given: Given,
  right: boolean,
): Markup {
  const why = (option: Option): Markup => read(ctx, programme, option.feedback);
  switch (step.kind) {
    case "single": {
      const chosen = step.options.filter((one) => one.id === given[0]);
      const best = right ? [] : step.options.filter((one) => one.id === step.right);
      return join(
        ...chosen.map(why),
        ...best.flatMap((one) => [better(ctx, read(ctx, programme, one.text)), why(one)]),
      );
    }
    case "multiple":
      return list(
        step.options
          .filter((one) => given.includes(one.id) || step.right.includes(one.id))
          .map((one) => {
            const mark = step.right.includes(one.id) ? "✓" : "✗";
            return `${mark} ${read(ctx, programme, one.text)}: ${toPlain(why(one))}`;
          }),
        false,
      );
    case "ordering":
      return list(
        step.options.map((one) => `${read(ctx, programme, one.text)}: ${toPlain(why(one))}`),
        true,
      );
    case "matching":
      return list(
        step.options.map((one) => {
          const target = targetText(ctx, programme, step, step.right[one.id]);
          return `${read(ctx, programme, one.text)} → ${target}: ${toPlain(why(one))}`;
        }),
        false,
      );
    case "text": {
      const [best = ""] = read(ctx, programme, step.accepted);
      return join(right ? undefined : better(ctx, best), read(ctx, programme, step.feedback));
    }
    case "number": {
      const best = new Intl.NumberFormat(ctx.language, { maximumFractionDigits: 10 }).format(step.right);
      return join(right ? undefined : better(ctx, best), read(ctx, programme, step.feedback));
    }
    case "scale": {
      const best = step.right === undefined ? "" : `${step.right.from}–${step.right.to}`;
      return join(right ? undefined : better(ctx, best), read(ctx, programme, step.feedback));
    }
  }
}

function better(ctx: Context, answer: string): Markup {
  return ctx.t("answer.better", { answer });
}

function list(items: readonly string[], ordered: boolean): Markup {
  const asInline = (value: string): readonly Inline[] => [{ type: "text", value }];
  return items.length === 0 ? [] : [{ type: "list", ordered, items: items.map(asInline) }];
}
