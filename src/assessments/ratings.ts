import { localDay } from "../domain/clock.ts";
import type { RatingRole, Ratings } from "../domain/facts.ts";
import type { Stored } from "./case.ts";
import { openText, ratingOf } from "./texts.ts";
import type { AssessmentDeps, Inside } from "./types.ts";

/** What one assessor found of one competence. */
export interface Found {
  readonly level: number;
  readonly reason: string;
}

/** What one assessor of a decision found, by competence, and whether they have handed it in. */
export interface RatingsOf {
  readonly role: RatingRole;
  readonly by: string;
  readonly handedIn: number | null;
  readonly found: ReadonlyMap<string, Found>;
}

/** The ratings of an assessment, each assessor's by themselves; the latest of a competence counts. Without `open` no reasons. */
export async function ratingsOf(
  { db, open }: { readonly db: Pick<Inside, "rating">; readonly open: AssessmentDeps["open"] },
  row: Stored,
): Promise<readonly RatingsOf[]> {
  const rows = await db.rating.findMany({ where: { assessmentId: row.id }, orderBy: { id: "asc" } });
  return seatsOf(row).map(({ role, by, handedIn }) => {
    const own = rows.filter((one) => one.role === role && one.by === by);
    const found = own.map((one): [string, Found] => {
      const reason = openText({ open }, one.reason, ratingOf(row.id, role, one.competence, Number(one.at)));
      return [one.competence, { level: one.level, reason }];
    });
    return { role, by, handedIn, found: new Map(found) };
  });
}

/** Who sits where: an appeal has one seat of its own kind. */
export function seatsOf(row: Stored): readonly {
  readonly role: RatingRole;
  readonly by: string;
  readonly handedIn: number | null;
}[] {
  const { claimedBy, firstAt, secondBy, secondAt, appealOf } = row;
  const first = appealOf === null ? ("first" as const) : ("appeal" as const);
  return [
    ...(claimedBy === null ? [] : [{ role: first, by: claimedBy, handedIn: firstAt }]),
    ...(secondBy === null ? [] : [{ role: "second" as const, by: secondBy, handedIn: secondAt }]),
  ];
}

/** As the record tells it, for the rules; only what was handed in. */
export function asFacts(ratings: readonly RatingsOf[], timeZone: string): { readonly [role in RatingRole]?: Ratings } {
  return Object.fromEntries(
    ratings.flatMap(({ role, by, handedIn, found }) => {
      if (handedIn === null) return [];
      const levels = Object.fromEntries([...found].map(([id, { level }]) => [id, level]));
      return [[role, { by, day: localDay(handedIn, timeZone), levels }]];
    }),
  );
}
