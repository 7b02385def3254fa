import type { JSX } from "preact";
import type { DryRun } from "../cohorts/roster.ts";
import type { T } from "./cohorts-parts.tsx";
import { Form } from "./fields.tsx";

/** What a dry run found: the way on, or every problem with its line. */
export function Result(given: {
  readonly t: T;
  readonly run: DryRun;
  readonly id: string | undefined;
  readonly csrf: string;
  readonly cohortId: string;
  /** How many would get an e-mail and how long that takes; undefined where none can be sent. */
  readonly letters: { readonly fresh: number; readonly minutes: number } | undefined;
}): JSX.Element {
  const { t, run, id, csrf, cohortId, letters } = given;
  if (id !== undefined) {
    return (
      <div class="notice" role="status">
        <p>{t("cohorts.roster.good", { n: run.people.length })}</p>
        <Form action={`/console/cohorts/${cohortId}/roster/apply`} csrf={csrf} plain>
          <input type="hidden" name="run" value={id} />
          {letters === undefined ? null : (
            <label class="tick">
              <input type="checkbox" name="mail" value="yes" checked /> {t("cohorts.roster.mail", { ...letters })}
            </label>
          )}
          <button type="submit" class="main">
            {t("cohorts.roster.apply", { n: run.people.length })}
          </button>
        </Form>
      </div>
    );
  }
  return (
    <div class="problem" role="alert">
      <p>{t("cohorts.roster.bad", { n: run.wrong })}</p>
      <ul>
        {run.problems.map(({ line, kind, first }) => (
          <li>
            {t("cohorts.roster.line", { line })} {t(`cohorts.problem.${kind}`, { first: first ?? 0 })}
          </li>
        ))}
      </ul>
      {run.wrong > run.problems.length ? (
        <p>{t("cohorts.roster.more", { n: run.wrong - run.problems.length })}</p>
      ) : null}
    </div>
  );
}
