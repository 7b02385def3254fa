import { inHours } from "./hours.ts";
import { finalTestPlace, inLanguage, type Localised, languageFor, type Programme } from "./programme.ts";
import type { Finding } from "./requirements.ts";

/** How something is said to one reader. */
export interface Saying {
  /** The interface language. */
  readonly language: string;
  /** The languages that a programme is read in, the most wanted first. */
  readonly wanted: readonly string[];
  /** A text of `words` without markup. */
  readonly text: (key: string, args?: Record<string, string | number>) => string;
}

/** What is missing for one rule, in the reader's words. Of a stage it is the title. */
export function missingText(saying: Saying, programme: Programme, finding: Finding): string {
  const { rule, have, need } = finding;
  const { certification } = programme;
  const list = (ids: readonly string[], name: (id: string) => string): string =>
    new Intl.ListFormat(saying.language, { type: "conjunction" }).format(ids.map(name));
  const say = (key: string, args: Record<string, string | number> = {}): string => {
    const text = saying.text(`path.missing.${key}`, args);
    const within = "within" in rule ? rule.within : "ever";
    return within === "ever" ? text : saying.text(`path.within.${within}`, { text });
  };
  const titled = (of: readonly Titled[] | undefined, id: string): string => titleOf(saying, programme, of, id);
  switch (rule.is) {
    case "hours": {
      const numbers = { have: hoursText(saying, programme, have), need: hoursText(saying, programme, need) };
      const kind = rule.kind === undefined ? saying.text("path.hours.all") : titled(programme.hours?.kinds, rule.kind);
      return rule.unit === undefined
        ? say("hours", { ...numbers, kind })
        : say("hours.unit", { ...numbers, kind, unit: rule.unit });
    }
    case "attendance":
      return say("attendance", { have, need, days: list(finding.missing, (id) => titled(programme.events, id)) });
    case "passed":
      return say("passed", {
        n: finding.missing.length,
        units: list(finding.missing, (id) => checkTitle(saying, programme, id)),
      });
    case "level":
      return rule.atLeast === undefined ? say("assessed") : say("level", { have, need });
    case "evidence":
      return rule.per === "all"
        ? say("evidence", { have, need })
        : say("evidence.in", { places: list(finding.missing, (id) => placeTitle(saying, programme, id)) });
    case "rating":
      return say("rating", { have, need, level: rule.atLeast });
    case "meeting":
      return say("meeting", { have, need });
    case "consultation":
      return say("consultation", { have, need });
    case "check":
      return say("check", { title: titled(certification?.checks, rule.check) });
    case "agreement":
      return say("agreement", { title: titled(certification?.agreements, rule.agreement) });
    case "stage":
      return titled(certification?.stages, rule.stage);
    case "all":
    case "any":
      return say("any", { have, need });
  }
}

/** Minutes as hours of the programme, in the reader's way of writing: 12.5 or 12,5. */
export function hoursText({ language }: Pick<Saying, "language">, programme: Programme, minutes: number): string {
  const value = inHours(minutes, programme.hours?.minutesPerHour ?? 60);
  return new Intl.NumberFormat(language, { maximumFractionDigits: 1 }).format(value);
}

export interface Titled {
  readonly id: string;
  readonly title: Localised<string>;
}

/** What something of a programme is called; its id where it is there no more. */
export function titleOf(
  { wanted }: Pick<Saying, "wanted">,
  programme: Programme,
  of: readonly Titled[] | undefined,
  id: string,
): string {
  const found = of?.find((one) => one.id === id);
  return found === undefined ? id : inLanguage(found.title, languageFor(programme.languages, wanted));
}

function checkTitle(saying: Saying, programme: Programme, unit: string): string {
  const { test, units } = programme;
  return titleOf(saying, programme, test === undefined ? units : [...units, { ...test, id: finalTestPlace }], unit);
}

/** A category or a competence; the framework may be there in other languages than the lessons. */
function placeTitle({ wanted }: Saying, { framework }: Programme, id: string): string {
  const all = framework?.categories.flatMap((category): readonly Titled[] => [category, ...category.competences]);
  const found = all?.find((one) => one.id === id);
  if (framework === undefined || found === undefined) return id;
  return inLanguage(found.title, languageFor(framework.languages, wanted));
}
