import { localDay } from "../domain/clock.ts";
import type { Receive } from "../engine/adapter.ts";
import { tell } from "../inbox/tell.ts";
import type { Database } from "../store/client.ts";
import { type AwardRow, type Reason, untilOf } from "./award.ts";
import { lastDayOf } from "./life.ts";

/** What somebody decided about a certificate. */
export type Became = "awarded" | "extended" | "withdrawn" | "superseded";

/** Lets the person's own turn keep and say what became of their certificate; once for each change of the row. */
export async function tellCertified(
  deps: { readonly db: Database; readonly receive: Receive; readonly now: () => number },
  award: AwardRow,
  state: Became,
): Promise<boolean> {
  if (award.personId === null) return false;
  const person = await deps.db.person.findUnique({ where: { id: award.personId }, select: { timeZone: true } });
  if (person === null) return false;
  const until = untilOf(award);
  const { programme, version, certificate } = award;
  const reason = award.reason as Reason | null;
  return tell(deps, `certified:${award.id}:${state}:${award.changedAt}`, award.personId, "certified", {
    programme,
    version,
    certificate,
    award: award.id,
    state,
    from: localDay(Number(award.validFrom), person.timeZone),
    until: until === null ? noEnd : lastDayOf(until, person.timeZone),
    // The instant of the change: a certificate may be extended more than once over the years.
    n: Number(award.changedAt),
    ...(reason === null ? {} : { reason }),
  });
}

/** The last day of what never ends. */
const noEnd = "9999-12-31";
