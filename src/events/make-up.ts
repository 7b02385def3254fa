import type { Database } from "../store/client.ts";
import { inEvent, type TrainingEvent } from "./events.ts";
import { tellSeat } from "./tell.ts";

/** How a missed day is made up: by the same day of the programme in another cohort or later, or by any session of its kind of hours. */
export type MakeUpRule = "any" | "same";

/** Whether a session makes up for one that was missed. A session that was planned to make up for it always does. */
export function makesUp(missed: TrainingEvent, other: TrainingEvent, rule: MakeUpRule): boolean {
  if (missed.id === other.id) return false;
  if (other.makesUpFor === missed.id) return true;
  if (rule === "same") return missed.template !== null && missed.template === other.template;
  return missed.kind === other.kind;
}

/** Whether somebody missed a session that is over: nothing was noted, or less than all of it counts. */
export function hasMissed(
  seat: { readonly state: string; readonly attendance: string | null },
  event: Pick<TrainingEvent, "state" | "endsAt">,
  now: number,
): boolean {
  if (event.state === "cancelled" || seat.state === "asking") return false;
  if (seat.attendance === null) return now > event.endsAt;
  return ["absent", "excused", "partial"].includes(seat.attendance);
}

/** Invites somebody who missed a session to another one, and tells them. False where that one is over, or where they are on its list already. */
export async function offerMakeUp(db: Database, toId: string, personId: string, now: number): Promise<boolean> {
  const done = await inEvent(db, toId, async (tx, event) => {
    if (event.state !== "planned" || now >= event.startsAt) return false;
    const who = { eventId: toId, personId };
    const seat = await tx.seat.findUnique({ where: { eventId_personId: who } });
    if (seat !== null && seat.state !== "declined") return false;
    const fresh = { state: "invited", queuedAt: BigInt(now), changedAt: BigInt(now) };
    await tx.seat.upsert({ where: { eventId_personId: who }, create: { ...who, ...fresh }, update: fresh });
    await tellSeat(tx, personId, { event: toId, what: "makeup" }, now);
    return true;
  });
  return done ?? false;
}
