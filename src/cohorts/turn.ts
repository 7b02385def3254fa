import type { Json } from "../engine/types.ts";
import type { Cohort } from "./cohorts.ts";
import type { MemberState } from "./members.ts";

/** What a person's own turn is told about a cohort: enough to say it and to keep it. `fresh`: it has just become so. */
export function membershipNews(cohort: Cohort, state: MemberState, fresh: boolean): Json {
  const { id, name, programme, version, pace, startsOn } = cohort;
  const drip = pace.kind === "drip" ? { from: pace.from, every: pace.every } : null;
  return {
    cohort: { id, name, programme, version, drip, startsOn, paused: cohort.state === "paused" },
    state,
    fresh,
  };
}

/** What an applicant is asked, in the first of these languages that the cohort has it in. */
export function ticksFor(cohort: Cohort, languages: readonly (string | null)[]): readonly string[] {
  const wanted = [...languages, ...cohort.languages, ...Object.keys(cohort.ticks)];
  const found = wanted.find((language) => language !== null && cohort.ticks[language] !== undefined);
  return found === undefined || found === null ? [] : (cohort.ticks[found] ?? []);
}
