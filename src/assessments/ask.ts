import { callOff } from "../appointments/call-off.ts";
import { appealMs, metButRating } from "../domain/assessment.ts";
import { aimOf } from "../domain/certification.ts";
import { evaluate } from "../domain/requirements.ts";
import { placeOf } from "../inbox/responsible.ts";
import { circumstancesOf, storedOf } from "./case.ts";
import { rouseLater } from "./rouse.ts";
import { appealReasonOf, sealText } from "./texts.ts";
import { type AssessmentDeps, done, no, type Outcome, talkKind } from "./types.ts";

const underWay = ["open", "claimed", "rated", "returned"];

/**
 * Asks that people decide about a person's next certificate of a programme; `id` is the assessment's, so that asking twice in one
 * breath is once. `none`: there is nothing to ask for; `missing`: something else than ratings is not there yet.
 */
export async function ask(
  deps: AssessmentDeps,
  personId: string,
  given: { readonly id: string; readonly programme: string; readonly version: string },
): Promise<Outcome> {
  const { db, catalogue, now } = deps;
  const programme = catalogue.get(given.programme, given.version) ?? catalogue.get(given.programme);
  const person = await db.person.findUnique({ where: { id: personId }, select: { timeZone: true } });
  if (programme?.certification === undefined || person === null) return no("none");
  const at = await circumstancesOf(deps, personId, person.timeZone, programme);
  const aim = aimOf(programme.certification, at.progress.facts ?? {}, at.today);
  if (aim === undefined) return no("none");
  const finding = evaluate(aim.requires, aim.renews === undefined ? at : { ...at, termFrom: aim.renews.term.from });
  if (!metButRating(finding)) return no("missing");
  const certificate = aim.certificate.id;
  const running = { personId, programme: programme.id, certificate, state: { in: underWay } };
  const known = await db.assessment.findFirst({ where: running, select: { id: true } });
  if (known !== null) return known.id === given.id ? done : no("running");
  const place = await placeIn(deps, personId, programme.id);
  const moment = BigInt(now());
  // Of two that are asked for at once the key lets one in.
  const openKey = `${personId}:${programme.id}:${certificate}`;
  try {
    await db.assessment.create({
      data: {
        ...{ id: given.id, personId, programme: programme.id, version: programme.version, certificate, openKey },
        frameworkVersion: programme.framework?.version ?? null,
        ...place,
        ...{ state: "open", firstOutside: false, createdAt: moment, changedAt: moment },
      },
    });
    await rouseLater(db, personId, given.id, Number(moment));
  } catch (error) {
    if ((await db.assessment.count({ where: running })) > 0) return no("running");
    throw error;
  }
  return done;
}

/** The organisation that is responsible for somebody in a programme. */
async function placeIn({ db }: Pick<AssessmentDeps, "db">, personId: string, programme: string) {
  const member = await db.membership.findFirst({
    where: { personId, cohort: { programme }, state: { in: ["active", "paused", "finished", "alumni"] } },
    orderBy: { changedAt: "desc" },
    select: { organisationId: true, cohortId: true },
  });
  if (member !== null) return member;
  const { organisationId, cohortId } = await placeOf(db, personId);
  return { organisationId, cohortId };
}

/** Takes the question back before it is decided; talks that were agreed about it are called off. */
export function withdraw(deps: AssessmentDeps, personId: string, id: string): Promise<Outcome> {
  const now = deps.now();
  return deps.db.$transaction(async (tx) => {
    const { count } = await tx.assessment.updateMany({
      where: { id, personId, state: { in: underWay }, decision: null },
      data: { state: "closed", openKey: null, changedAt: BigInt(now) },
    });
    if (count === 0) return no("over");
    await callOff(tx, { kind: talkKind, about: id }, now);
    return done;
  });
}

/** Says that what was asked for is there; it goes back to the assessor who asked. */
export async function resume(deps: AssessmentDeps, personId: string, id: string): Promise<Outcome> {
  const row = await deps.db.assessment.findUnique({ where: { id } });
  if (row === null || row.personId !== personId) return no("gone");
  const { count } = await deps.db.assessment.updateMany({
    where: { id, personId, state: "returned" },
    data: { state: row.firstAt === null ? "claimed" : "rated", changedAt: BigInt(deps.now()) },
  });
  return count === 1 ? done : no("turn");
}

/** Appeals against a refusal, once and in time: somebody who had no part in it looks again. */
export async function appeal(
  deps: AssessmentDeps,
  personId: string,
  given: { readonly id: string; readonly of: string; readonly text: string },
): Promise<Outcome> {
  const { db, now } = deps;
  const found = await db.assessment.findUnique({ where: { id: given.of } });
  if (found === null || found.personId !== personId) return no("gone");
  const row = storedOf(found);
  if (row.state !== "decided" || row.decision !== "refused" || row.appealOf !== null) {
    const made = await db.assessment.count({ where: { id: given.id, appealOf: row.id } });
    return made > 0 ? done : no("over");
  }
  if (now() > (row.decidedAt ?? 0) + appealMs) return no("late");
  if (given.text.trim() === "") return no("reason");
  const at = BigInt(now());
  return db.$transaction(async (tx) => {
    const { count } = await tx.assessment.updateMany({
      where: { id: row.id, state: "decided" },
      data: { state: "appealed", changedAt: at },
    });
    if (count === 0) return no("over");
    const { programme, version, certificate, organisationId, cohortId } = row;
    await tx.assessment.create({
      data: {
        ...{ id: given.id, personId, programme, version, certificate, organisationId, cohortId },
        frameworkVersion: found.frameworkVersion,
        openKey: `${personId}:${programme}:${certificate}`,
        appealOf: row.id,
        appeal: sealText(deps, given.text, appealReasonOf(given.id)),
        ...{ state: "open", firstOutside: false, createdAt: at, changedAt: at },
      },
    });
    await rouseLater(tx, personId, given.id, Number(at));
    return done;
  });
}
