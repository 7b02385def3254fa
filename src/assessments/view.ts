import { missingButRating } from "../domain/assessment.ts";
import { competencesOf } from "../domain/framework.ts";
import { evaluate } from "../domain/requirements.ts";
import type { Json } from "../engine/types.ts";
import { type Case, storedOf } from "./case.ts";
import { proposal } from "./decide.ts";
import { isOpenToAssessors } from "./queue.ts";
import { type RatingsOf, ratingsOf } from "./ratings.ts";
import { seatOf } from "./steps.ts";
import { appealReasonOf, openText, reasonOf } from "./texts.ts";
import type { AssessmentDeps, EvidenceForAssessor } from "./types.ts";
import { aroundOf, barrier } from "./who.ts";

/** Everything that one assessor may see of an assessment. */
export interface Seen {
  readonly found: Case;
  /** Their own seat, handed in or not. */
  readonly seat: RatingsOf | undefined;
  /** Everybody's ratings that this person may see: their own, and all once nobody can be led by them. */
  readonly ratings: readonly RatingsOf[];
  /** Of an appeal: what was found before. Shown once the new ratings are handed in. */
  readonly before: readonly RatingsOf[];
  readonly evidence: readonly EvidenceForAssessor[];
  /** What the rule proposes; undefined before everybody has rated. */
  readonly verdict: "awarded" | "refused" | undefined;
  /** Ids of rules that are not met besides ratings, as findings. */
  readonly missing: ReturnType<typeof missingButRating>;
  /** Why this person may not do what comes next. */
  readonly barred: ReturnType<typeof barrier>;
  readonly reason: string;
  readonly appeal: string;
}

/** Reads it. Whether the person may see it at all is asked before. */
export async function seenBy(deps: AssessmentDeps, me: string, found: Case): Promise<Seen> {
  const { row, next } = found;
  const all = await ratingsOf(deps, row);
  const isOpen = isOpenToAssessors(next);
  const around = await aroundOf(deps, me, [row]);
  const original = row.appealOf === null ? undefined : around.originals.get(row.appealOf);
  const waits = next === "learner" || next === "over" ? undefined : stepFor(next);
  return {
    found,
    seat: all.find(({ by }) => by === me),
    ratings: all.filter(({ by, handedIn }) => by === me || (isOpen && handedIn !== null)),
    before: isOpen && original !== undefined ? await ratingsOf(deps, original) : [],
    evidence: (await deps.evidenceFor?.(row.personId, row.programme)) ?? [],
    verdict: isOpen ? (await proposal(deps, found)).verdict : undefined,
    missing: missingButRating(evaluate(found.rule, found.at)),
    barred: waits && seatOf(row, me)?.handedIn === null ? undefined : waits && barrier(around, found, waits),
    reason: isOpen || row.state === "returned" ? openText(deps, row.reason, reasonOf(row.id)) : "",
    appeal: openText(deps, row.appeal, appealReasonOf(row.id)),
  };
}

function stepFor(next: "first" | "firstRates" | "second" | "secondRates" | "decide" | "countersign") {
  if (next === "firstRates") return "first" as const;
  return next === "secondRates" ? ("second" as const) : next;
}

/** Every rating of a decided assessment, side by side and with its reason, an appeal's beside those before. */
export async function decidedRatings(
  deps: Pick<AssessmentDeps, "db" | "open">,
  found: Case,
): Promise<readonly RatingsOf[]> {
  const own = await ratingsOf(deps, found.row);
  if (found.row.appealOf === null) return own;
  const original = await deps.db.assessment.findUnique({ where: { id: found.row.appealOf } });
  return [...(original === null ? [] : await ratingsOf(deps, storedOf(original))), ...own];
}

/** Ratings as plain data, in the framework's order. */
export function asJson(found: Case, ratings: readonly RatingsOf[]): Json {
  const { framework } = found.programme;
  const ids = framework === undefined ? [] : competencesOf(framework).map(({ id }) => id);
  return ratings.flatMap(({ role, found: levels }) =>
    ids.flatMap((competence) => {
      const one = levels.get(competence);
      return one === undefined ? [] : [{ role, competence, level: one.level, reason: one.reason }];
    }),
  );
}
