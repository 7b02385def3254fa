import { tell } from "../inbox/tell.ts";
import { caseOf } from "./case.ts";
import { later } from "./news.ts";
import type { AssessmentJobDeps, Inside } from "./types.ts";
import { aroundOf, barrier } from "./who.ts";

/** The job's name. */
export const rouseName = "assessmentRouse";

/** After this transaction those who may do what comes next hear that something waits. */
export async function rouseLater(
  tx: Pick<Inside, "job">,
  personId: string,
  assessment: string,
  at: number,
): Promise<void> {
  await later(tx, personId, `${assessment}:rouse:${at}`, rouseName, { assessment }, at);
}

/** Lets everybody who may do what comes next hear of it with their next push, in one line however much waits. */
export async function rouse(deps: AssessmentJobDeps, turn: string, assessment: string): Promise<void> {
  const found = await caseOf(deps, assessment);
  if (found === undefined) return;
  const { next, row } = found;
  if (next !== "first" && next !== "second" && next !== "countersign") return;
  const grants = await deps.db.grant.findMany({
    where: { role: { in: next === "countersign" ? ["assessor", "admin"] : ["assessor"] } },
    distinct: ["personId"],
    select: { personId: true },
  });
  for (const { personId } of grants) {
    if (barrier(await aroundOf(deps, personId, [row]), found, next) !== undefined) continue;
    await tell(deps, `${turn}:${personId}`, personId, "assessmentWaiting", {});
  }
}
