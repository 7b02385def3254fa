import { callOff } from "../appointments/call-off.ts";
import { isLevel, unrated } from "../domain/assessment.ts";
import { competencesOf } from "../domain/framework.ts";
import { type Case, caseOf, type Stored, storedOf } from "./case.ts";
import { hear } from "./news.ts";
import { ratingsOf, seatsOf } from "./ratings.ts";
import { rouseLater } from "./rouse.ts";
import { ratingOf, reasonOf, sealText } from "./texts.ts";
import { type AssessmentDeps, done, type Inside, no, type Outcome, talkKind } from "./types.ts";
import { aroundOf, barrier, isExternal } from "./who.ts";

/** Takes an assessment: of two who do it at once one gets it. Whoever has it already keeps it. */
export async function claim(deps: AssessmentDeps, me: string, id: string): Promise<Outcome> {
  const found = await caseOf(deps, id);
  if (found === undefined) return no("gone");
  const { row, next } = found;
  if (next === "over") return no("over");
  if (seatOf(row, me) !== undefined) return done;
  if (next !== "first" && next !== "second") return no("taken");
  const around = await aroundOf(deps, me, [row]);
  const why = barrier(around, found, next);
  if (why !== undefined) return no(why);
  const at = BigInt(deps.now());
  const { count } = await deps.db.$transaction(async (tx) => {
    const changed =
      next === "first"
        ? await tx.assessment.updateMany({
            where: { id, state: "open", claimedBy: null },
            data: {
              state: "claimed",
              claimedBy: me,
              claimedAt: at,
              firstOutside: isExternal(around.standing, row.organisationId),
              changedAt: at,
            },
          })
        : await tx.assessment.updateMany({
            where: { id, state: "rated", secondBy: null, firstAt: { not: null }, NOT: { claimedBy: me } },
            data: { secondBy: me, changedAt: at },
          });
    if (changed.count === 1 && next === "first") await hear(tx, row.personId, id, "begun", deps.now());
    return changed;
  });
  return count === 1 ? done : no("taken");
}

/** A level for one competence, or another one; `reason` undefined: the one that is there stays. */
export async function rate(
  deps: AssessmentDeps,
  me: string,
  given: { readonly id: string; readonly competence: string; readonly level: number; readonly reason?: string },
): Promise<Outcome> {
  const { id, competence, level } = given;
  const found = await caseOf(deps, id);
  if (found === undefined) return no("gone");
  const framework = found.programme.framework;
  if (framework === undefined || !competencesOf(framework).some((one) => one.id === competence))
    return no("competence");
  if (!isLevel(framework, level)) return no("scale");
  return seated(deps, me, found, async (tx, { row, role }) => {
    const [own] = (await ratingsOf({ db: tx, open: deps.open }, row)).filter((one) => one.role === role);
    const before = own?.found.get(competence);
    const reason = given.reason ?? before?.reason ?? "";
    if (before?.level === level && before.reason === reason) return done;
    const at = deps.now();
    const sealed = reason === "" ? null : sealText(deps, reason, ratingOf(id, role, competence, at));
    await tx.rating.create({
      data: { assessmentId: id, by: me, role, competence, level, reason: sealed, at: BigInt(at) },
    });
    await tx.assessment.update({ where: { id }, data: { changedAt: BigInt(at) } });
    return done;
  });
}

/** Hands one assessor's ratings in, whole and reasoned: from here on they stay as they are. */
export async function submit(deps: AssessmentDeps, me: string, id: string): Promise<Outcome> {
  const found = await caseOf(deps, id);
  if (found === undefined) return no("gone");
  const { framework } = found.programme;
  if (framework === undefined || found.need.raters === 0) return no("turn");
  return seated(deps, me, found, async (tx, { row, role }) => {
    const [own] = (await ratingsOf({ db: tx, open: deps.open }, row)).filter((one) => one.role === role);
    const levels = own?.found ?? new Map<string, { level: number; reason: string }>();
    const given = new Map([...levels].map(([key, { level, reason }]) => [key, { level, hasReason: reason !== "" }]));
    const left = unrated(framework, given, found.self);
    if (left.missing.length > 0) return no("incomplete");
    if (left.unreasoned.length > 0) return no("reason");
    const at = BigInt(deps.now());
    await tx.assessment.update({
      where: { id },
      data: role === "second" ? { secondAt: at, changedAt: at } : { state: "rated", firstAt: at, changedAt: at },
    });
    if (role !== "second" && found.need.raters > 1) await rouseLater(tx, row.personId, id, Number(at));
    return done;
  });
}

/** Gives an assessment back to the queue; `biased`: for good, because this person cannot judge here. */
export async function giveBack(deps: AssessmentDeps, me: string, id: string, biased: boolean): Promise<Outcome> {
  const found = await caseOf(deps, id);
  if (found === undefined) return no("gone");
  if (found.next === "over") return no("over");
  const seat = seatOf(found.row, me);
  if (seat === undefined && !biased) return no("taken");
  if (seat === undefined) {
    const why = barrier(await aroundOf(deps, me, [found.row]), found, found.next === "learner" ? "first" : found.next);
    if (why === "notyours" || why === "own") return no(why);
    await declare(deps.db, me, id, deps.now());
    return done;
  }
  if (seat.handedIn !== null) return no("submitted");
  return deps.db.$transaction(async (tx) => {
    const at = BigInt(deps.now());
    const { count } =
      seat.role === "second"
        ? await tx.assessment.updateMany({
            where: { id, secondBy: me, secondAt: null },
            data: { secondBy: null, state: "rated", changedAt: at },
          })
        : await tx.assessment.updateMany({
            where: { id, claimedBy: me, firstAt: null, decision: null },
            data: { claimedBy: null, claimedAt: null, firstOutside: false, state: "open", changedAt: at },
          });
    if (count === 0) return no("submitted");
    if (biased) await declare(tx, me, id, deps.now());
    await callOff(tx, { kind: talkKind, about: id, withId: me }, deps.now());
    return done;
  });
}

async function declare(db: Pick<Inside, "conflict">, me: string, id: string, now: number): Promise<void> {
  const key = { assessmentId: id, personId: me };
  await db.conflict.upsert({
    where: { assessmentId_personId: key },
    create: { ...key, at: BigInt(now) },
    update: {},
  });
}

/** Asks the person for more before anything is handed in; it comes back to the same assessor. */
export async function returnIt(deps: AssessmentDeps, me: string, id: string, reason: string): Promise<Outcome> {
  if (reason.trim() === "") return no("reason");
  const found = await caseOf(deps, id);
  if (found === undefined) return no("gone");
  return seated(deps, me, found, async (tx, { row }) => {
    const at = deps.now();
    await tx.assessment.update({
      where: { id },
      data: { state: "returned", reason: sealText(deps, reason, reasonOf(id)), changedAt: BigInt(at) },
    });
    await hear(tx, row.personId, id, "returned", at);
    return done;
  });
}

/** The seat of somebody in an assessment. */
export function seatOf(row: Stored, me: string): ReturnType<typeof seatsOf>[number] | undefined {
  return seatsOf(row).find(({ by }) => by === me);
}

/**
 * Does something for whoever sits here and has not handed in yet, with the row locked: what others do at the same moment comes before
 * or after it.
 */
async function seated(
  deps: AssessmentDeps,
  me: string,
  found: Case,
  work: (tx: Inside, seat: { readonly row: Stored; readonly role: "first" | "second" | "appeal" }) => Promise<Outcome>,
): Promise<Outcome> {
  const { id } = found.row;
  if (found.next === "over") return no("over");
  // Whoever lost the role, or became somebody who looks after this person, goes no further.
  const step = found.need.raters === 0 ? "decide" : found.row.claimedBy === me ? "first" : "second";
  const why = barrier(await aroundOf(deps, me, [found.row]), found, step);
  if (why !== undefined && why !== "external") return no(why);
  return deps.db.$transaction(async (tx) => {
    // Changes nothing and locks the row.
    await tx.assessment.updateMany({ where: { id }, data: { createdAt: { increment: 0n } } });
    const now = await tx.assessment.findUnique({ where: { id } });
    if (now === null) return no("gone");
    const row = storedOf(now);
    const seat = seatOf(row, me);
    if (seat === undefined) return no("taken");
    if (row.state === "decided" || row.state === "appealed" || row.state === "closed") return no("over");
    if (seat.handedIn !== null || row.decision !== null) return no("submitted");
    if (row.state === "returned") return no("turn");
    return work(tx, { row, role: seat.role });
  });
}
