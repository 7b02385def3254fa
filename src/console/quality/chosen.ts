import type { Programme } from "../../domain/programme.ts";
import type { Action } from "../../people/access.ts";
import { type QualityReport, reportOf } from "../../quality/report.ts";
import { dayOf } from "../../quality/reviews.ts";
import { organisationChoices, subtree } from "../people-data.ts";
import type { ConsoleDeps, Visit } from "../types.ts";

/** Which report somebody looks at, and what else they may choose. */
export interface Chosen {
  readonly programme: Programme;
  readonly organisationId: string;
  readonly year: number;
  readonly programmes: readonly Programme[];
  readonly organisations: readonly { readonly value: string; readonly label: string }[];
}

/** Reads what a page or a form names; the first of each where it names none. Undefined: there is nothing, or not for this person. */
export async function chosenOf(
  { standing }: Visit,
  deps: ConsoleDeps,
  given: URLSearchParams,
  action: Action,
): Promise<Chosen | undefined> {
  const programmes = deps.catalogue.programmes.filter(({ id }) => standing.may(action, { programme: id }));
  const wanted = given.get("programme");
  const programme = wanted === null ? programmes[0] : programmes.find(({ id }) => id === wanted);
  if (programme === undefined) return undefined;
  const within = standing
    .withinSome(action)
    .filter((organisationId) => standing.may(action, { organisationId, programme: programme.id }));
  const organisations = await organisationChoices(deps.store.db, within);
  const asked = given.get("organisation");
  const organisationId = asked === null ? organisations[0]?.value : within.find((id) => id === asked);
  const now = Number(dayOf(deps.now()).slice(0, 4));
  const year = Number(given.get("year") ?? now);
  if (organisationId === undefined || !Number.isInteger(year) || year < 2020 || year > now) return undefined;
  return { programme, organisationId, year, programmes, organisations };
}

/** The report of what was chosen, with everything below that organisation. */
export async function reportFor(chosen: Chosen, deps: ConsoleDeps): Promise<QualityReport> {
  const { programme, organisationId, year } = chosen;
  const { db } = deps.store;
  const within = await subtree(db, organisationId);
  return reportOf({ db, open: deps.open }, programme, organisationId, [...within], year);
}
