import type { Json } from "../engine/types.ts";
import type { Database } from "../store/client.ts";

/** Whose certificate it is or may be: the zone of their clock and what their record says; undefined where there is no such person. */
export async function learnerOf(
  db: Pick<Database, "person">,
  personId: string,
): Promise<{ readonly timeZone: string; readonly state: Json } | undefined> {
  const person = await db.person.findUnique({
    where: { id: personId },
    select: { timeZone: true, progress: { select: { state: true } } },
  });
  if (person === null) return undefined;
  return {
    timeZone: person.timeZone,
    state: person.progress === null ? {} : (JSON.parse(person.progress.state) as Json),
  };
}
