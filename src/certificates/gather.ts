import { lastDay } from "../domain/calendar.ts";
import type { CertificateKind } from "../domain/certification.ts";
import { localDay } from "../domain/clock.ts";
import type { Framework, Levels } from "../domain/framework.ts";
import { competencesOf } from "../domain/framework.ts";
import { hoursByKind, ledger } from "../domain/hours.ts";
import type { Localised, Programme } from "../domain/programme.ts";
import type { ProgrammeProgress } from "../domain/progress.ts";
import type { Words } from "../engine/adapter.ts";
import type { CertificateFacts } from "./facts.ts";
import { endOf, nextInstant } from "./life.ts";

/** What somebody decided, and about whom. */
export interface Decided {
  readonly assessmentId: string;
  readonly personId: string;
  readonly programme: Programme;
  readonly kind: CertificateKind;
  readonly organisationId: string;
  /** What the assessors found, by competence: of two the lower, so that both stand behind it. */
  readonly levels: Levels;
  /** The certificate that it renews. */
  readonly renews?: string;
}

/** Everything else that a certificate says, from the record of its person and the house that gives it. */
export interface Surroundings {
  readonly name: string;
  readonly language: string;
  readonly timeZone: string;
  readonly progress: ProgrammeProgress;
  readonly issuer: CertificateFacts["issuer"];
  readonly shows: { readonly name: boolean; readonly programme: boolean };
  readonly words: Words;
  /** Where the framework's items are published, without a trailing slash. */
  readonly origin: string;
  /** The public address of an item of a framework. */
  readonly itemUri: (framework: Framework, competence: string) => string;
  readonly now: number;
}

/** Gathers what a certificate says. It is valid from today on, where its person is. */
export function gatherFacts(decided: Decided, around: Surroundings): CertificateFacts {
  const { programme, kind } = decided;
  const { words, timeZone, now } = around;
  const today = localDay(now, timeZone);
  const until = lastDay(today, kind.validity.months);
  const languages = words.languages.filter((language) => programme.languages.includes(language));
  const inEach = (key: string): Localised<string> =>
    Object.fromEntries(
      languages.map((language) => [
        language,
        words.text(language, key, { programme: programme.title[language] ?? programme.id }),
      ]),
    );
  const nextAt = nextInstant(until, kind.validity, timeZone, now);
  const { level } = kind;
  return {
    personId: decided.personId,
    name: around.name,
    programme: { id: programme.id, version: programme.version, title: programme.title },
    certificate: {
      id: kind.id,
      title: kind.title,
      ...(kind.neutralTitle === undefined ? {} : { neutralTitle: kind.neutralTitle }),
      description: inEach("award.description"),
      criteria: inEach("award.criteria"),
    },
    language: around.language,
    ...(level === undefined || programme.framework === undefined
      ? {}
      : {
          level: {
            number: level,
            all: programme.framework.levels.map((one) => ({ number: one.level, name: one.name })),
          },
        }),
    hours: hoursByKind(programme, ledger(programme, around.progress, timeZone), today).map((line) => ({
      kind: line.kind,
      name: programme.hours?.kinds.find(({ id }) => id === line.kind)?.title ?? {},
      minutes: line.minutes,
    })),
    competences: programme.framework === undefined ? [] : aligned(programme.framework, decided.levels, around),
    issuer: around.issuer,
    validFrom: now,
    validUntil: endOf(until, timeZone),
    shows: around.shows,
    assessmentId: decided.assessmentId,
    ...(decided.renews === undefined ? {} : { supersedes: decided.renews }),
    ...(nextAt === undefined ? {} : { nextAt }),
  };
}

/** The items of the framework that were found to be held, each with its level. */
function aligned(framework: Framework, levels: Levels, { itemUri }: Surroundings): CertificateFacts["competences"] {
  return competencesOf(framework).flatMap((competence) => {
    const level = levels[competence.id] ?? 0;
    if (level < 1) return [];
    return [
      {
        uri: itemUri(framework, competence.id),
        code: competence.id.toUpperCase(),
        name: competence.title,
        framework: `${framework.id} ${framework.version}`,
        level: String(level),
      },
    ];
  });
}
