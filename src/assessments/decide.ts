import { proposalOf, type Verdict } from "../domain/assessment.ts";
import { type Case, caseOf, type Stored } from "./case.ts";
import { hear, later } from "./news.ts";
import { asFacts, ratingsOf } from "./ratings.ts";
import { rouseLater } from "./rouse.ts";
import { reasonOf, sealText } from "./texts.ts";
import { type AssessmentDeps, done, type Inside, no, type Outcome } from "./types.ts";
import { aroundOf, barrier } from "./who.ts";

/** The rule's proposal for an assessment as its ratings stand. */
export async function proposal(deps: Pick<AssessmentDeps, "db" | "open">, found: Case) {
  const ratings = await ratingsOf(deps, found.row);
  return proposalOf(found.rule, found.at, found.root, asFacts(ratings, found.at.timeZone));
}

/**
 * Decides. The rule proposes: below it nobody awards, and a person may refuse what it would give. Where somebody countersigns, it
 * counts with their yes.
 */
export async function decide(
  deps: AssessmentDeps,
  me: string,
  given: { readonly id: string; readonly verdict: Verdict; readonly reason: string },
): Promise<Outcome> {
  const { id, verdict } = given;
  if (given.reason.trim() === "") return no("reason");
  const found = await caseOf(deps, id);
  if (found === undefined) return no("gone");
  if (found.next === "over") return no("over");
  if (found.next === "countersign") return no("submitted");
  if (found.next !== "decide") return no("turn");
  const why = barrier(await aroundOf(deps, me, [found.row]), found, "decide");
  if (why !== undefined) return no(why);
  if (verdict === "awarded" && (await proposal(deps, found)).verdict !== "awarded") return no("below");
  const at = BigInt(deps.now());
  return deps.db.$transaction(async (tx) => {
    const { count } = await tx.assessment.updateMany({
      where: { id, decision: null, state: found.row.state, claimedBy: found.row.claimedBy, openKey: { not: null } },
      data: {
        decision: verdict,
        decidedBy: me,
        decidedAt: at,
        reason: sealText(deps, given.reason, reasonOf(id)),
        changedAt: at,
      },
    });
    if (count === 0) return no("submitted");
    if (found.need.countersign) await rouseLater(tx, found.row.personId, id, Number(at));
    else await settle(deps, tx, found.row, verdict);
    return done;
  });
}

/** Somebody who did not rate signs a decision, or gives it back to be decided again. */
export async function countersign(deps: AssessmentDeps, me: string, id: string, agrees: boolean): Promise<Outcome> {
  const found = await caseOf(deps, id);
  if (found === undefined) return no("gone");
  if (found.next === "over") return no("over");
  const { row } = found;
  if (found.next !== "countersign" || row.decision === null) return no("turn");
  const why = barrier(await aroundOf(deps, me, [row]), found, "countersign");
  if (why !== undefined) return no(why);
  const { decision } = row;
  const at = BigInt(deps.now());
  return deps.db.$transaction(async (tx) => {
    const where = { id, decision, decidedBy: row.decidedBy, countersignedBy: null, openKey: { not: null } };
    const { count } = await tx.assessment.updateMany({
      where,
      data: agrees
        ? { countersignedBy: me, changedAt: at }
        : { decision: null, decidedBy: null, decidedAt: null, changedAt: at },
    });
    if (count === 0) return no("taken");
    if (agrees) await settle(deps, tx, row, decision);
    return done;
  });
}

/** From here on it is decided: the person hears of it, and what was awarded goes its way. */
async function settle(deps: AssessmentDeps, tx: Inside, row: Stored, verdict: Verdict): Promise<void> {
  const { id, personId } = row;
  const now = deps.now();
  await tx.assessment.update({
    where: { id },
    data: { state: "decided", openKey: null, decidedAt: BigInt(now), changedAt: BigInt(now) },
  });
  if (row.appealOf !== null) {
    await tx.assessment.updateMany({
      where: { id: row.appealOf },
      data: { state: "closed", changedAt: BigInt(now) },
    });
  }
  await hear(tx, personId, id, "decided", now);
  if (verdict === "awarded") await later(tx, personId, `award:${id}`, "award", { assessment: id }, now);
}
