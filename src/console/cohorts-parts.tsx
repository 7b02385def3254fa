import type { JSX } from "preact";
import { cohortStates } from "../cohorts/cohorts.ts";
import type { Move } from "../cohorts/members.ts";
import type { ReachedCohort } from "../cohorts/reach.ts";
import { Form } from "./fields.tsx";

/** A text in the reader's language. */
export type T = (key: string, args?: Record<string, string | number>) => string;

/** What is known about a cohort. */
export function Facts({ t, found }: { readonly t: T; readonly found: ReachedCohort }): JSX.Element {
  const { cohort, parts } = found;
  const { pace } = cohort;
  const facts: [string, string][] = [
    ["state", t(`cohorts.cohort.${cohort.state}`)],
    ["programme", `${cohort.programme} ${cohort.version}`],
    ["languages", cohort.languages.join(", ")],
    [
      "pace",
      pace.kind === "own" ? t("cohorts.pace.own") : t("cohorts.pace.calendar", { day: pace.from, days: pace.every }),
    ],
    ["startsOn", cohort.startsOn ?? "–"],
    ["endsOn", cohort.endsOn ?? "–"],
    ["places", cohort.places === null ? t("cohorts.places.all") : String(cohort.places)],
    ["joining", t(`cohorts.joining.${cohort.joining}`)],
    ["parts", parts.map((part) => (part.name === "" ? t("cohorts.root") : part.name)).join(", ")],
    ["code", cohort.code ?? t("cohorts.code.none")],
  ];
  return (
    <dl class="facts">
      {facts.map(([name, value]) => (
        <>
          <dt>{t(`cohorts.field.${name}`)}</dt>
          <dd>{value}</dd>
        </>
      ))}
    </dl>
  );
}

/** What can be done with a cohort as a whole. */
export function Controls(given: {
  readonly t: T;
  readonly found: ReachedCohort;
  readonly csrf: string;
  /** A version of the programme that it could go on with. */
  readonly newer: string | undefined;
}): JSX.Element {
  const { t, found, csrf, newer } = given;
  const { id, state, code } = found.cohort;
  const to = (path: string): string => `/console/cohorts/${id}/${path}`;
  return (
    <section>
      <h2>{t("cohorts.controls")}</h2>
      <p class="row">
        <a href={to("edit")}>{t("cohorts.edit")}</a>
        {code === null ? null : <a href={to("poster")}>{t("cohorts.poster")}</a>}
        <a href={to("roster")}>{t("cohorts.roster")}</a>
        <a href={to("group")}>{t("cohorts.group")}</a>
      </p>
      <Form action={to("state")} csrf={csrf} plain>
        <div class="row">
          {cohortStates
            .filter((one) => one !== state && one !== "planned")
            .map((one) => (
              <button type="submit" name="state" value={one} class={one === "finished" ? "danger" : undefined}>
                {t(`cohorts.make.${one}`)}
              </button>
            ))}
        </div>
      </Form>
      {newer === undefined ? null : (
        <Form action={to("version")} csrf={csrf} plain>
          <p>{t("cohorts.version.hint")}</p>
          <button type="submit" name="version" value={newer}>
            {t("cohorts.version.move", { version: newer })}
          </button>
        </Form>
      )}
      <Form action={to("code")} csrf={csrf} plain>
        <div class="row">
          <button type="submit" name="code" value="renew">
            {t(code === null ? "cohorts.code.open" : "cohorts.code.renew")}
          </button>
          {code === null ? null : (
            <button type="submit" name="code" value="close" class="danger">
              {t("cohorts.code.close")}
            </button>
          )}
        </div>
      </Form>
    </section>
  );
}

/** What can be done with one member. */
export function MemberForm(given: {
  readonly t: T;
  readonly csrf: string;
  readonly cohortId: string;
  readonly personId: string;
  readonly name: string;
  readonly moves: readonly Move[];
  readonly others: readonly ReachedCohort[];
}): JSX.Element | null {
  const { t, csrf, cohortId, personId, name, moves, others } = given;
  if (moves.length === 0) return null;
  const label = (key: string) => ({ "aria-label": `${t(key)}: ${name}` });
  return (
    <Form action={`/console/cohorts/${cohortId}/members`} csrf={csrf} plain>
      <input type="hidden" name="person" value={personId} />
      <div class="row">
        {moves.map((one) => (
          <button type="submit" name="move" value={one} {...label(`cohorts.move.${one}`)}>
            {t(`cohorts.move.${one}`)}
          </button>
        ))}
        {others.length === 0 || !moves.includes("remove") ? null : (
          <>
            <select name="to" {...label("cohorts.move.to")}>
              {others.map(({ cohort }) => (
                <option value={cohort.id}>{cohort.name}</option>
              ))}
            </select>
            <button type="submit" name="move" value="to" {...label("cohorts.move.to")}>
              {t("cohorts.move.to")}
            </button>
          </>
        )}
      </div>
    </Form>
  );
}
