import { localDay } from "../domain/clock.ts";
import { hoursByKind, ledger } from "../domain/hours.ts";
import { titleOf } from "../domain/missing.ts";
import type { Catalogue } from "../domain/programme.ts";
import { progressIn } from "../domain/progress.ts";
import type { Database } from "../store/client.ts";
import { learnerOf } from "./learner.ts";
import type { LearntHours } from "./transcript.ts";

/** The hours of a person in a programme, by kind, as the ledger counts them. */
export function learntHours({
  db,
  catalogue,
  now,
}: {
  readonly db: Database;
  readonly catalogue: Pick<Catalogue, "get">;
  readonly now: () => number;
}): (personId: string, programme: string, language: string) => Promise<LearntHours> {
  return async (personId, id, language) => {
    const person = await learnerOf(db, personId);
    if (person === undefined) return [];
    const progress = progressIn(person.state, id);
    const programme = catalogue.get(id, progress.enrolment?.version) ?? catalogue.get(id);
    if (programme === undefined) return [];
    const { timeZone } = person;
    const lines = ledger(programme, progress, timeZone);
    return hoursByKind(programme, lines, localDay(now(), timeZone)).map(({ kind, minutes }) => ({
      kind,
      name: titleOf({ wanted: [language] }, programme, programme.hours?.kinds, kind),
      minutes,
    }));
  };
}
