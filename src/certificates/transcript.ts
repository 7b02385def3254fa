import { longDate } from "../domain/long-date.ts";
import type { Programme } from "../domain/programme.ts";
import type { ProgrammeProgress } from "../domain/progress.ts";
import type { Words } from "../engine/adapter.ts";
import { envelope, inHours, listed, plainResult, type ResultPair, subjectOf } from "./credential.ts";
import { inFirst } from "./facts.ts";
import type { Signer } from "./keys.ts";
import { colours, margin, openPaper } from "./paper.ts";
import { hoursIn } from "./sheet.ts";

/** Hours that a ledger knows of, in minutes by kind; whoever keeps the ledger names the kinds. */
export type LearntHours = readonly { readonly kind: string; readonly name: string; readonly minutes: number }[];

/** What somebody takes along: what they have learnt, how it was checked and how long it took. */
export interface Transcript {
  readonly name: string;
  readonly language: string;
  readonly programme: { readonly id: string; readonly version: string; readonly title: string };
  readonly units: readonly {
    readonly id: string;
    readonly title: string;
    readonly done: number;
    readonly of: number;
    /** Of finished lessons alone. */
    readonly outcomes: readonly string[];
    readonly check: Result | undefined;
  }[];
  readonly test: Result | undefined;
  readonly hours: LearntHours;
}

interface Result {
  readonly right: number;
  readonly of: number;
  readonly passed: boolean;
}

/** Gathers a transcript from what is known of one person in one programme. Pure; what was not done is not in it. */
export function transcriptOf(
  programme: Programme,
  progress: ProgrammeProgress,
  about: { readonly name: string; readonly language: string; readonly hours: LearntHours },
): Transcript {
  const { language } = about;
  const result = (check: string): Result | undefined => {
    const found = progress.checks[check];
    return found && { right: found.right, of: found.of, passed: found.passedAt !== null };
  };
  return {
    ...about,
    programme: { id: programme.id, version: programme.version, title: inFirst(programme.title, language) },
    units: programme.units.map(({ id, title, lessons, check }) => {
      const done = lessons.filter((lesson) => progress.lessons[lesson.id] !== undefined);
      return {
        id,
        title: inFirst(title, language),
        done: done.length,
        of: lessons.length,
        outcomes: done.map((lesson) => inFirst(lesson.outcome, language)),
        check: result(check.id),
      };
    }),
    test: programme.test && result(programme.test.check.id),
  };
}

export interface TranscriptPlace {
  readonly id: string;
  readonly subject: string;
  readonly origin: string;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly house: string;
}

/** The transcript as a signed credential of the same kind as certificates, as JSON text. It says what was on one day and has no state. */
export async function signTranscript(
  words: Words,
  transcript: Transcript,
  place: TranscriptPlace,
  signer: Signer,
): Promise<string> {
  const { programme, language } = transcript;
  const t = (key: string, args = {}) => words.text(language, `certificates.record.${key}`, args);
  const achievement = `${place.origin}/certificates/check#record:${programme.id}:${programme.version}`;
  const pairs: ResultPair[] = [
    ...transcript.units.map(({ id, title, done, of, check }) =>
      plainResult(`${achievement}:unit:${id}`, title, [t("lessons", { done, of }), checkText(check, t)].join("; ")),
    ),
    ...(transcript.test === undefined
      ? []
      : [plainResult(`${achievement}:test`, t("test"), checkText(transcript.test, t))]),
    ...transcript.hours.map(({ kind, name, minutes }) =>
      plainResult(`${achievement}:hours:${kind}`, name, inHours(minutes)),
    ),
  ];
  const outcomes = transcript.units.flatMap((unit) => unit.outcomes.map((outcome) => `- ${outcome}`));
  const from = { issuer: signer.issuer, issuedAt: place.at, validFrom: place.at, validUntil: null };
  const credential = {
    ...envelope({ organisationId: null, name: place.house }, { ...place, ...from }, t("title")),
    credentialSubject: {
      ...subjectOf(place.subject, transcript.name),
      achievement: {
        id: achievement,
        type: ["Achievement"],
        achievementType: "Course",
        name: `${t("title")}: ${programme.title}`,
        description: t("text"),
        criteria: { narrative: outcomes.length === 0 ? t("nothing") : outcomes.join("\n") },
        inLanguage: language,
        version: programme.version,
        ...listed(
          "resultDescription",
          pairs.map(({ description }) => description),
        ),
      },
      ...listed(
        "result",
        pairs.map(({ result }) => result),
      ),
    },
  };
  const { signCredential } = await import("./proof.ts");
  return JSON.stringify(await signCredential(credential, signer, place.at));
}

function checkText(check: Result | undefined, t: (key: string, args?: Record<string, number>) => string): string {
  if (check === undefined) return t("unchecked");
  const { right, of } = check;
  return t(check.passed ? "passed" : "failed", { right, of });
}

/** The transcript as sheets of A4, with the signed credential in it. */
export async function drawTranscript(
  words: Words,
  transcript: Transcript,
  place: Pick<TranscriptPlace, "id" | "at" | "house">,
  credential: string,
): Promise<Uint8Array> {
  const { language, programme } = transcript;
  const t = (key: string, args = {}) => words.text(language, `certificates.record.${key}`, args);
  const paper = await openPaper({
    title: `${t("title")}: ${programme.title}`,
    author: place.house,
    language,
    at: place.at,
    credential,
    attachment: "record.json",
  });
  const column = { x: margin, width: paper.width - 2 * margin };
  paper.line(place.house, { size: 11, bold: true, colour: colours.mark, after: 12 });
  paper.line(t("title"), { size: 24, bold: true, tag: "H1", after: 6 });
  const size = paper.fit(transcript.name, 18, 12, column.width, true);
  paper.line(transcript.name, { size, bold: true, after: 4 });
  paper.line(`${programme.title} (${programme.version})`, { size: 11, colour: colours.soft, after: 2 });
  paper.line(t("day", { day: longDate(language, place.at) }), { size: 11, colour: colours.soft, after: 10 });
  paper.line(t("text"), { size: 10, colour: colours.soft, after: 16 });
  for (const unit of transcript.units) {
    paper.room(70);
    paper.line(`${unit.id}. ${unit.title}`, { size: 13, bold: true, tag: "H2", after: 4 });
    paper.rows(
      [
        [t("of-lessons"), t("lessons", { done: unit.done, of: unit.of })],
        [t("check"), checkText(unit.check, t)],
      ],
      column,
    );
    for (const outcome of unit.outcomes) {
      paper.room(32);
      paper.line(`•  ${outcome}`, { size: 10, after: 3 }, { x: margin + 10, width: column.width - 10 });
    }
    paper.y += 12;
  }
  const rest: (readonly [string, string])[] = [
    ...(transcript.test === undefined ? [] : [[t("test"), checkText(transcript.test, t)] as const]),
    ...transcript.hours.map(({ name, minutes }) => [name, hoursIn(words, language, minutes)] as const),
  ];
  if (rest.length > 0) {
    paper.room(30 + rest.length * 20);
    paper.line(t("more"), { size: 13, bold: true, tag: "H2", after: 4 });
    paper.rows(rest, column);
  }
  paper.room(30);
  paper.line(t("signed", { number: place.id }), { size: 9, colour: colours.soft });
  return paper.finish();
}
