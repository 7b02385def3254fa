import { longDate } from "../src/domain/long-date.ts";
import {
  type Catalogue,
  inLanguage,
  type Lesson,
  type Localised,
  languageFor,
  type Programme,
  type Unit,
} from "../src/domain/programme.ts";
import { isInsideUnit, type NextStep, nextStep, type ProgrammeProgress, progressIn } from "../src/domain/progress.ts";
import type { Context } from "../src/engine/dialog.ts";
import type { Markup } from "../src/engine/markup.ts";
import type { Effect, RecordEntry } from "../src/engine/session.ts";
import type { Json } from "../src/engine/types.ts";

/** The content packs of this turn. */
export function catalogue(ctx: Context): Catalogue {
  return ctx.content as Catalogue;
}

/** The programme a learner is in: the one joined last, else the first there is (ask `isUndecided` where that matters). */
export function ownProgramme(ctx: Context): Programme {
  const joined = catalogue(ctx)
    .programmes.map((programme) => ({ programme, progress: progressIn(ctx.progress, programme.id) }))
    .sort((one, other) => other.progress.joinedAt - one.progress.joinedAt)[0];
  if (!joined) throw new Error("there is no programme to learn in");
  const { programme, progress } = joined;
  // A cohort learns the version that its coordinators say.
  const { enrolment } = progress;
  return underWay(ctx, enrolment ? pinned(ctx, programme.id, enrolment.version) : programme, progress);
}

/** The version that is meant, but for whoever is inside a unit: they end it as they began it. */
function underWay(ctx: Context, meant: Programme, progress: ProgrammeProgress): Programme {
  if (progress.version === undefined || progress.version === meant.version) return meant;
  const begun = pinned(ctx, meant.id, progress.version);
  return isInsideUnit(begun, progress) ? begun : meant;
}

/** Whether there are several programmes and this person has not begun any of them yet. */
export function isUndecided(ctx: Context): boolean {
  const { programmes } = catalogue(ctx);
  return programmes.length > 1 && programmes.every(({ id }) => progressIn(ctx.progress, id).joinedAt === 0);
}

export function ownProgress(ctx: Context, programme: Programme): ProgrammeProgress {
  return progressIn(ctx.progress, programme.id);
}

/** What this person does next in a programme. */
export function nextFor(ctx: Context, programme: Programme, progress = ownProgress(ctx, programme)): NextStep {
  return nextStep(programme, progress, ctx.now, ctx.person.timeZone);
}

/**
 * Whether nobody is to be reminded: the cohort is paused, its calendar has opened nothing that is left to do, or there is no
 * programme yet to be reminded of.
 */
export function heldBack(ctx: Context): boolean {
  if (isUndecided(ctx)) return true;
  const programme = ownProgramme(ctx);
  if (ownProgress(ctx, programme).enrolment?.paused === true) return true;
  return ctx.activities().length === 0 && nextFor(ctx, programme).type === "later";
}

/** The pinned version of a programme; a version that is gone gives way to the newest. */
export function pinned(ctx: Context, id: string, version: string): Programme {
  const programme = catalogue(ctx).get(id, version) ?? catalogue(ctx).get(id);
  if (!programme) throw new Error(`there is no programme "${id}"`);
  return programme;
}

/** The language this person reads a programme in. */
export function contentLanguage(ctx: Context, programme: Programme): string {
  const wanted = [ctx.person.language, ctx.person.secondLanguage].filter((language) => language !== null);
  return languageFor(programme.languages, wanted);
}

/** A text of the programme in the person's language. */
export function read<T>(ctx: Context, programme: Programme, text: Localised<T>): T {
  return inLanguage(text, contentLanguage(ctx, programme));
}

export function findLesson(
  programme: Programme,
  id: string,
): { unit: Unit; lesson: Lesson; index: number } | undefined {
  for (const unit of programme.units) {
    const index = unit.lessons.findIndex((lesson) => lesson.id === id);
    const lesson = unit.lessons[index];
    if (lesson) return { unit, lesson, index };
  }
  return undefined;
}

/** "Lesson 3 of 6, about 4 minutes": always visible while learning. */
export function whereLine(ctx: Context, unit: Unit, lesson: Lesson, index: number): Markup {
  return ctx.t("lesson.where", { n: index + 1, total: unit.lessons.length, minutes: lesson.minutes });
}

/** An entry of the record about a programme. */
export function record(
  ctx: Context,
  programme: Programme,
  entry: { readonly type: string; readonly key: string; readonly data: Json },
): Effect {
  const whole: RecordEntry = { ...entry, programme: programme.id, version: programme.version, at: ctx.now };
  return { type: "record", entry: whole };
}

/** A date and time of day by the person's own clock, in their language. */
export function localTime(ctx: Context, instant: number): string {
  return new Intl.DateTimeFormat(localeOf(ctx.language), {
    timeZone: ctx.person.timeZone,
    weekday: "long",
    day: "numeric",
    month: "long",
    hour: "2-digit",
    minute: "2-digit",
  }).format(instant);
}

/** A day by the person's own calendar, in their language. */
export function localDate(ctx: Context, instant: number): string {
  return new Intl.DateTimeFormat(localeOf(ctx.language), {
    timeZone: ctx.person.timeZone,
    weekday: "long",
    day: "numeric",
    month: "long",
  }).format(instant);
}

/** European dates in English too: 4 March, 10:00. */
export function localeOf(language: string): string {
  return language === "en" ? "en-GB" : language;
}

/** A day of the calendar (`2026-11-22`) in the person's language, with its year. */
export function dayText(ctx: Context, day: string): string {
  return longDate(ctx.language, Date.parse(`${day}T12:00:00Z`));
}
