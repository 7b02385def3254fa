import {
  type Answers,
  type Competence,
  type Framework,
  frameworkLanguage,
  nextLevel,
} from "../src/domain/framework.ts";
import { inLanguage, type Localised, type Programme } from "../src/domain/programme.ts";
import type { Context } from "../src/engine/dialog.ts";
import type { Markup } from "../src/engine/markup.ts";
import { localeOf } from "./support.ts";

/** A programme that has a framework. */
export interface Assessed {
  readonly programme: Programme;
  readonly framework: Framework;
}

/** The programme with its framework, where it has one. */
export function assessedBy(programme: Programme): Assessed | undefined {
  return programme.framework && { programme, framework: programme.framework };
}

/** A text of the framework in the language this person reads it in. */
export function readIn(ctx: Context, framework: Framework, text: Localised<string>): string {
  return inLanguage(text, languageOf(ctx, framework).language);
}

/** Said first where the framework is in another language than the person's. */
export function fallbackLine(ctx: Context, framework: Framework): Markup | undefined {
  const { language, fallback } = languageOf(ctx, framework);
  return fallback ? ctx.t("self.fallback", { language: ctx.s(`language.${language}`) }) : undefined;
}

function languageOf(ctx: Context, framework: Framework) {
  const wanted = [ctx.language, ctx.person.secondLanguage].filter((one) => one !== null);
  return frameworkLanguage(framework, wanted);
}

/** How a competence is called on the page: `A2`. */
export const codeOf = (competence: { readonly id: string }): string => competence.id.toUpperCase();

/** `A2 Learning from practice` */
export function competenceName(ctx: Context, framework: Framework, competence: Competence): string {
  return `${codeOf(competence)} ${readIn(ctx, framework, competence.title)}`;
}

/** "Level 2 (Independent)", or that none is held yet. */
export function levelName(ctx: Context, framework: Framework, level: number): string {
  const found = framework.levels.find((one) => one.level === level);
  return found === undefined
    ? ctx.s("self.level.none")
    : ctx.s("self.level", { level, name: readIn(ctx, framework, found.name) });
}

/** How many of these competences have nothing left to ask. */
export function doneOf(framework: Framework, competences: readonly Competence[], answers: Answers): number {
  return competences.filter((one) => nextLevel(framework, one, answers) === undefined).length;
}

/** A day with its year, because attempts may lie years apart; `medium` is short enough for a button. */
export function dayOf(ctx: Context, at: number, dateStyle: "long" | "medium" = "long"): string {
  const { timeZone } = ctx.person;
  return new Intl.DateTimeFormat(localeOf(ctx.language), { timeZone, dateStyle }).format(at);
}
