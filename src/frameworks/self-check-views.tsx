import type { JSX } from "preact";
import {
  type Answers,
  type Competence,
  competencesOf,
  type Framework,
  frameworkLanguage,
  nextLevel,
  scaleOf,
  statementId,
} from "../domain/framework.ts";
import type { Words } from "../engine/adapter.ts";
import { Text } from "../http/markup.tsx";
import { readerOf } from "./levels-shown.tsx";

/** What the pages of one attempt are drawn from. */
export interface Attempt {
  readonly words: Words;
  /** The interface language. */
  readonly language: string;
  readonly framework: Framework;
  readonly answers: Answers;
  /** Where the attempt stands, without a language. */
  readonly base: string;
}

/** Says that the statements are in another language; nothing where they are not. */
export function Fallback(given: Pick<Attempt, "words" | "language" | "framework">): JSX.Element | null {
  const { words, language, framework } = given;
  const shown = frameworkLanguage(framework, [language]);
  if (!shown.fallback) return null;
  const name = words.text(language, `language.${shown.language}`);
  return <Text markup={words.markup(language, "self.fallback", { language: name })} />;
}

/** One competence: its statements from the lowest, each with the scale. */
export function CompetenceForm(given: {
  readonly attempt: Attempt;
  readonly competence: Competence;
  readonly incomplete: boolean;
}): JSX.Element {
  const { attempt, competence, incomplete } = given;
  const { words, language, framework, answers, base } = attempt;
  const read = readerOf(framework, language);
  const text = (key: string, args?: Record<string, string | number>) => words.text(language, key, args);
  const values = scaleOf(framework, competence).values;
  return (
    <>
      <Fallback {...attempt} />
      {incomplete ? (
        <p role="alert">
          <strong>{text("framework.check.incomplete")}</strong>
        </p>
      ) : null}
      <Text markup={words.markup(language, "self.example", { text: read(competence.example) })} />
      <form method="post" action={`${base}?lang=${language}`}>
        <input type="hidden" name="competence" value={competence.id} />
        {competence.statements.map((statement) => {
          const name = statementId(competence.id, statement.level);
          return (
            <fieldset>
              <legend>{read(statement.text)}</legend>
              {values.map((one) => (
                <p>
                  <label>
                    <input type="radio" name={name} value={String(one.value)} checked={answers[name] === one.value} />{" "}
                    {read(one.text)}
                  </label>
                </p>
              ))}
            </fieldset>
          );
        })}
        <p>{text("framework.check.stop", { n: framework.stopAfter })}</p>
        <button type="submit">{text("b.next")}</button>
      </form>
      <Parts {...attempt} />
    </>
  );
}

/** The way to every competence, in any order; what is answered is said. */
export function Parts({ words, language, framework, answers, base }: Attempt): JSX.Element {
  const read = readerOf(framework, language);
  return (
    <nav aria-label={words.text(language, "self.title")}>
      <ul>
        {competencesOf(framework).map((one) => {
          const open = nextLevel(framework, one, answers) !== undefined;
          const title = headingOf(one, read);
          return (
            <li>
              <a href={`${base}?at=${one.id}&lang=${language}`}>
                {words.text(language, open ? "self.open" : "self.done", { title })}
              </a>
            </li>
          );
        })}
      </ul>
      <p>
        <a href={`${base}/report?lang=${language}`}>{words.text(language, "framework.check.report")}</a>
      </p>
    </nav>
  );
}

/** A competence by its letter and name. */
export function headingOf(competence: Competence, read: ReturnType<typeof readerOf>): string {
  return `${competence.id.toUpperCase()} ${read(competence.title)}`;
}

/** What a form answers about one competence; what is on no scale is left out. */
export function answersIn(framework: Framework, competence: Competence, fields: ReadonlyMap<string, unknown>): Answers {
  const { values } = scaleOf(framework, competence);
  return Object.fromEntries(
    competence.statements.flatMap(({ level }): [string, number][] => {
      const name = statementId(competence.id, level);
      const found = values.find(({ value }) => String(value) === fields.get(name));
      return found === undefined ? [] : [[name, found.value]];
    }),
  );
}
