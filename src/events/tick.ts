import { hourMs } from "../domain/durations.ts";
import type { Database } from "../store/client.ts";
import { inEvent, inviteMembers } from "./events.ts";
import { offerPlaces, passOffers } from "./seats.ts";

/** How often it is looked, milliseconds of the product's clock. */
const everyMs = 10_000;
/** Sessions looked at in one go. */
const piece = 50;
/** How long after its end a session counts as held, milliseconds. */
export const heldAfterMs = 2 * hourMs;

/**
 * What happens to sessions by itself: offers pass on when their time is over, free places are offered to those who wait, whoever joined a
 * cohort is invited, whoever left it gives the place back, and what is over counts as held. Several instances may do it at once: each change locks the session.
 */
export function createEventsTick({ db, now }: { readonly db: Database; readonly now: () => number }) {
  let lookedAt = Number.NEGATIVE_INFINITY;
  return async (): Promise<void> => {
    const at = now();
    if (Math.abs(at - lookedAt) < everyMs) return;
    lookedAt = at;
    const ids = async (where: NonNullable<Parameters<Database["event"]["findMany"]>[0]>["where"]) =>
      (await db.event.findMany({ where: { state: "planned", ...where }, select: { id: true }, take: piece })).map(
        ({ id }) => id,
      );
    await db.event.updateMany({
      where: { state: "planned", endsAt: { lt: BigInt(at - heldAfterMs) } },
      data: { state: "held" },
    });
    for (const id of await left(db, at)) await giveBack(db, id, at);
    for (const id of await ids({ seats: { some: { state: "offered", offeredUntil: { lte: BigInt(at) } } } })) {
      await inEvent(db, id, (tx, event) => passOffers(tx, event, at));
    }
    // Places that became free by themselves: more of them, or somebody was erased.
    const ahead = { startsAt: { gt: BigInt(at) } };
    for (const id of await ids({ ...ahead, seats: { some: { state: "waiting" } } })) {
      await inEvent(db, id, (tx, event) => offerPlaces(tx, event, at));
    }
    for (const id of await uninvited(db, at)) {
      await inEvent(db, id, (tx, event) =>
        event.state === "planned" ? inviteMembers(tx, id, at) : Promise.resolve(0),
      );
    }
  };
}

/** Sessions ahead with a member of their cohort who has no seat. A make-up session invites whom somebody chose. */
async function uninvited(db: Database, now: number): Promise<readonly string[]> {
  const at = BigInt(now);
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT e.id FROM "Event" e WHERE e.state = 'planned' AND e."startsAt" > CAST(${at} AS BIGINT) AND e."makesUpFor" IS NULL
      AND EXISTS (SELECT 1 FROM "Membership" m WHERE m."cohortId" = e."cohortId" AND m.state IN ('active', 'paused')
        AND NOT EXISTS (SELECT 1 FROM "Seat" s WHERE s."eventId" = e.id AND s."personId" = m."personId"))
    LIMIT 50`;
  return rows.map(({ id }) => id);
}

/** Sessions ahead on whose list somebody stands who is in their cohort no more. */
async function left(db: Database, now: number): Promise<readonly string[]> {
  const at = BigInt(now);
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT DISTINCT e.id FROM "Event" e JOIN "Seat" s ON s."eventId" = e.id AND s.state IN ('invited', 'coming', 'waiting', 'offered')
      JOIN "Membership" m ON m."cohortId" = e."cohortId" AND m."personId" = s."personId" AND m.state IN ('left', 'refused')
    WHERE e.state = 'planned' AND e."startsAt" > CAST(${at} AS BIGINT) LIMIT 50`;
  return rows.map(({ id }) => id);
}

async function giveBack(db: Database, id: string, now: number): Promise<void> {
  await inEvent(db, id, async (tx, event) => {
    const gone = await tx.membership.findMany({
      where: { cohortId: event.cohortId, state: { in: ["left", "refused"] } },
      select: { personId: true },
    });
    await tx.seat.updateMany({
      where: { eventId: id, personId: { in: gone.map(({ personId }) => personId) }, checkedInAt: null },
      data: { state: "declined", offeredUntil: null, changedAt: BigInt(now) },
    });
    await offerPlaces(tx, event, now);
  });
}
