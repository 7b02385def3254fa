import { inviteeHash } from "./codes.ts";
import { pause, RosterError, readRoster } from "./roster-read.ts";

/** The most rows of one roster. */
export const mostRows = 50_000;
/** Problems that are kept to be shown; the rest is counted. */
const mostProblems = 200;
/** Rows between two pauses. */
const piece = 250;

/** Somebody to be invited. */
export interface Invitee {
  readonly line: number;
  readonly name: string;
  readonly email: string;
  /** An interface language; undefined: the roster does not say. */
  readonly language: string | undefined;
  readonly organisationId: string;
  readonly cohortId: string;
}

/** What is wrong with a line; the kinds are keys of `words/cohorts`. */
export interface RosterProblem {
  readonly line: number;
  readonly kind:
    | "encoding"
    | "damaged"
    | "empty"
    | "header"
    | "swapped"
    | "email"
    | "name"
    | "language"
    | "organisation"
    | "cohort"
    | "duplicate"
    | "formula"
    | "many";
  /** For a duplicate: the line that it repeats. */
  readonly first?: number;
}

export interface RosterFacts {
  readonly secret: string;
  /** Organisations and cohorts by their folded names, and what stands where a row says nothing. */
  readonly organisations: ReadonlyMap<string, string>;
  readonly cohorts: ReadonlyMap<string, string>;
  readonly organisationId: string;
  readonly cohortId: string;
  /** The interface language that a word names. */
  readonly language: (word: string) => string | undefined;
}

/** What a dry run found. Nothing has been changed. */
export interface DryRun {
  readonly people: readonly Invitee[];
  /** The first problems by line. */
  readonly problems: readonly RosterProblem[];
  /** All problems, also those that are not kept. */
  readonly wrong: number;
}

const columns = {
  name: ["name", "fullname", "navn", "fuldenavn", "namn", "име", "имена", "nimi"],
  email: [
    ..."email,emailaddress,mail,emailadresse,epost,epostadress,имейл,имейладрес,електроннапоща,sahkoposti".split(","),
    ..."sähköposti,sähköpostiosoite".split(","),
  ],
  language: ["language", "sprog", "språk", "sprak", "език", "kieli"],
  organisation: ["organisation", "organization", "организация", "organisaatio"],
  cohort: ["cohort", "group", "hold", "kursgrupp", "grupp", "група", "ryhmä", "ryhma"],
} as const;
type Column = keyof typeof columns;

/** Reads a roster without changing anything: who would be invited, and every problem with its line. */
export async function dryRun(bytes: Uint8Array, facts: RosterFacts): Promise<DryRun> {
  const people: Invitee[] = [];
  const problems: RosterProblem[] = [];
  const seen = new Map<string, number>();
  let wrong = 0;
  let places: ReadonlyMap<Column, number> | undefined;
  let rows = 0;
  const note = (problem: RosterProblem): void => {
    wrong += 1;
    if (problems.length < mostProblems) problems.push(problem);
  };
  try {
    for await (const { line, cells } of readRoster(bytes)) {
      if (places === undefined) {
        places = headerOf(cells);
        if (places === undefined) {
          note({ line, kind: "header" });
          break;
        }
        continue;
      }
      rows += 1;
      if (rows > mostRows) {
        note({ line, kind: "many" });
        break;
      }
      if (rows % piece === 0) await pause();
      const found = inviteeOf(line, cells, places, facts);
      if ("kind" in found) {
        note(found);
        continue;
      }
      const key = inviteeHash(facts.secret, found.email);
      const first = seen.get(key);
      if (first !== undefined) note({ line, kind: "duplicate", first });
      else {
        seen.set(key, line);
        people.push(found);
      }
    }
  } catch (error) {
    if (!(error instanceof RosterError)) throw error;
    note({ line: error.line ?? 1, kind: error.kind });
  }
  if (rows === 0 && wrong === 0) note({ line: 1, kind: "empty" });
  return { people, problems, wrong };
}

/** Where each column stands; undefined where there is no column for names or for e-mail addresses. */
function headerOf(cells: readonly string[]): ReadonlyMap<Column, number> | undefined {
  const places = new Map<Column, number>();
  for (const [index, cell] of cells.entries()) {
    const word = cell.toLowerCase().replace(/[^\p{L}]/gu, "");
    for (const column of Object.keys(columns) as Column[]) {
      const names: readonly string[] = columns[column];
      if (names.includes(word) && !places.has(column)) places.set(column, index);
    }
  }
  return places.has("name") && places.has("email") ? places : undefined;
}

function inviteeOf(
  line: number,
  cells: readonly string[],
  places: ReadonlyMap<Column, number>,
  facts: RosterFacts,
): Invitee | RosterProblem {
  const cell = (column: Column): string => {
    const place = places.get(column);
    return place === undefined ? "" : (cells[place] ?? "").trim();
  };
  const [name, email] = [cell("name"), cell("email")];
  // What a spreadsheet would run when somebody opens a list that was made from this.
  if (cells.some((each) => /^[=+\-@\t\r]/u.test(each))) return { line, kind: "formula" };
  if (isEmail(name) && !isEmail(email)) return { line, kind: "swapped" };
  if (!isEmail(email)) return { line, kind: "email" };
  if (name === "" || name.length > 200) return { line, kind: "name" };
  const language = cell("language") === "" ? undefined : facts.language(cell("language"));
  if (cell("language") !== "" && language === undefined) return { line, kind: "language" };
  const organisationId =
    cell("organisation") === "" ? facts.organisationId : facts.organisations.get(foldName(cell("organisation")));
  if (organisationId === undefined) return { line, kind: "organisation" };
  const cohortId = cell("cohort") === "" ? facts.cohortId : facts.cohorts.get(foldName(cell("cohort")));
  if (cohortId === undefined) return { line, kind: "cohort" };
  return { line, name, email: email.toLowerCase(), language, organisationId, cohortId };
}

function isEmail(text: string): boolean {
  return text.length <= 254 && /^[^\s@,;<>"]+@[^\s@,;<>"]+\.[^\s@,;<>".]{2,}$/u.test(text);
}

/** A name as it is compared. */
export function foldName(name: string): string {
  return name.trim().toLowerCase().replace(/\s+/gu, " ");
}
