import { createHash } from "node:crypto";
import { eraseAssessments, forgetAssessors, ratedBy } from "../assessments/erase.ts";
import { emptied } from "../certificates/award.ts";
import type { Session } from "../engine/session.ts";
import { blankFiles } from "../evidence/destroy.ts";
import type { Store } from "../store/types.ts";

/** Stands where a person's id stood. */
const ERASED = "erased";

/** What every tombstone's key begins with. */
const TOMBSTONE = "erased:";

/**
 * Deletes every row about the person, also where others' rows name them, in one transaction. What stays says that
 * somebody was erased, and when. Returns counts per table; undefined where there is no such person.
 */
export async function eraseEverything(
  store: Pick<Store, "db">,
  personId: string,
  now: number,
): Promise<Readonly<Record<string, number>> | undefined> {
  const { db } = store;
  if ((await db.person.findUnique({ where: { id: personId } })) === null) return undefined;
  const ids = { in: [...(await idsOf(store, personId))] };
  const where = { personId: ids };
  const addresses = await db.address.findMany({ where, select: { tenant: true, user: true } });
  // What adapters keep about a person ends in the identity and the person's id there.
  const kept = addresses.map(({ tenant, user }) => ({ key: { endsWith: `:${tenant}:${user}` } }));
  // A question to a coordinator stands in the coordinator's rows. The id is random, so whatever contains it is about them.
  const about = { contains: personId };
  // What is only deleted can still be read in an embedded database's file.
  const evidence = await db.evidence.findMany({ where, select: { id: true } });
  await blankFiles(
    store,
    evidence.map(({ id }) => id),
  );
  const rated = await ratedBy(db, ids.in);
  const steps = [
    ...(await eraseAssessments(db, ids.in)),
    ["appointments", db.appointment.deleteMany({ where: { OR: [where, { withId: ids }] } })],
    ["messages", db.outbox.deleteMany({ where: { OR: [where, { payload: about }] } })],
    ["questions", db.token.deleteMany({ where: { OR: [where, { meaning: about }] } })],
    ["deliveries", db.delivery.deleteMany({ where })],
    ["failed turns", db.failedTurn.deleteMany({ where })],
    ["record", db.record.deleteMany({ where })],
    ["timers", db.timer.deleteMany({ where: { OR: [where, { data: about }] } })],
    ["jobs", db.job.deleteMany({ where: { OR: [where, { data: about }] } })],
    ["link codes", db.linkCode.deleteMany({ where })],
    ["progress", db.progress.deleteMany({ where })],
    ["session", db.session.deleteMany({ where })],
    ["addresses", db.address.deleteMany({ where })],
    ["kept by platforms", db.keep.deleteMany({ where: { OR: kept } })],
    ["former ids", db.formerPerson.deleteMany({ where })],
    ["questions to people", db.question.deleteMany({ where })],
    // What they wrote into others' questions: the question stays its asker's, their words go.
    ["answers to others", db.questionEntry.deleteMany({ where: { author: ids } })],
    // Links, steps and files go with it.
    ["evidence", db.evidence.deleteMany({ where })],
    ["decisions about evidence", db.evidenceStep.updateMany({ where: { by: ids }, data: { by: ERASED } })],
    [
      "decisions about evidence",
      db.evidenceFile.updateMany({ where: { destroyedBy: ids }, data: { destroyedBy: ERASED } }),
    ],
    ["notes", db.note.deleteMany({ where: { OR: [where, { author: ids }] } })],
    ["announcements", db.broadcastDelivery.deleteMany({ where })],
    ["training days", db.seat.deleteMany({ where })],
    ["calendars", db.calendarFeed.deleteMany({ where })],
    ["filters", db.filter.deleteMany({ where: { owner: ids } })],
    ["undo", db.undo.deleteMany({ where: { subject: ids } })],
    ["sign-ins", db.signIn.deleteMany({ where })],
    ["sessions of the console", db.consoleSession.deleteMany({ where })],
    ["self-checks", db.selfCheck.deleteMany({ where: { usedBy: ids } })],
    ["topics", db.topic.deleteMany({ where })],
    ["permissions", db.consent.deleteMany({ where })],
    ["courses", db.membership.deleteMany({ where })],
    ["roles", db.grant.deleteMany({ where })],
    // Their places in the list of states stay marked: nobody else gets one, and a copy somewhere does not count any more.
    ["certificates", db.award.updateMany({ where, data: emptied(now) })],
    // The trail says what was done to or by somebody, and no longer who that was.
    ["trail", db.audit.updateMany({ where: { subject: ids }, data: { subject: ERASED, detail: "{}" } })],
    ["trail", db.audit.updateMany({ where: { actor: ids }, data: { actor: ERASED } })],
    ["trail", db.audit.updateMany({ where: { detail: about }, data: { detail: "{}" } })],
    ["who cares", db.membership.updateMany({ where: { caredBy: ids }, data: { caredBy: null } })],
    ["who cares", db.question.updateMany({ where: { caredBy: ids }, data: { caredBy: null } })],
    ["deputies", db.grant.deleteMany({ where: { deputyFor: ids } })],
    ["who gave roles", db.grant.updateMany({ where: { createdBy: ids }, data: { createdBy: ERASED } })],
    ["who invited", db.invite.updateMany({ where: { invitedBy: ids }, data: { invitedBy: ERASED } })],
    ["authors", db.broadcast.updateMany({ where: { author: ids }, data: { author: ERASED } })],
    ["planning", db.broadcast.updateMany({ where: { cursor: ids, planned: true }, data: { cursor: null } })],
    // Planning goes on from a place just before: who has a row already gets no second one.
    ["planning", db.broadcast.updateMany({ where: { cursor: ids }, data: { cursor: personId.slice(0, -4) } })],
    ["who noted", db.seat.updateMany({ where: { notedBy: ids }, data: { notedBy: ERASED } })],
    ["who planned", db.event.updateMany({ where: { createdBy: ids }, data: { createdBy: ERASED } })],
    ["sign-offs", db.qualityReview.updateMany({ where: { signedBy: ids }, data: { signedBy: ERASED } })],
    // A draft stays its organisation's; who wrote in it and what they gave as a reason goes.
    ["programmes", db.programmeStep.updateMany({ where: { by: ids }, data: { by: ERASED, said: null } })],
    ["undone by", db.undo.updateMany({ where: { actor: ids }, data: { actor: ERASED } })],
    ["approvals", db.approval.updateMany({ where: { askedBy: ids }, data: { askedBy: ERASED } })],
    ["approvals", db.approval.updateMany({ where: { decidedBy: ids }, data: { decidedBy: ERASED } })],
    ["approvals", db.approval.updateMany({ where: { detail: about }, data: { detail: "{}" } })],
    // Not emptied: a code that was used must not work again.
    [
      "invites",
      db.invite.updateMany({ where: { usedBy: ids }, data: { usedBy: ERASED, invitee: null, inviteeHash: null } }),
    ],
    ["person", db.person.deleteMany({ where: { id: personId } })],
  ] as const;
  const results = await db.$transaction([...steps.map(([, step]) => step), tombstone(store, personId, now)]);
  const counts: Record<string, number> = {};
  for (const [index, [table]] of steps.entries()) {
    counts[table] = (counts[table] ?? 0) + ((results[index] as { count: number } | undefined)?.count ?? 0);
  }
  counts["places of others"] = await forgetElsewhere(store, personId);
  counts["records of others"] = await forgetAssessors(db, ids.in, rated);
  return counts;
}

/** The person's id and those of persons that became part of them: old buttons still name these. */
export async function idsOf(store: Pick<Store, "db">, personId: string): Promise<readonly string[]> {
  const former = await store.db.formerPerson.findMany({ where: { personId }, select: { id: true } });
  return [personId, ...former.map((row) => row.id)];
}

/** Takes every activity about the person out of others' sessions. A session that moves meanwhile is read again. */
async function forgetElsewhere(store: Pick<Store, "db">, personId: string): Promise<number> {
  let count = 0;
  for (let tries = 0; tries < 10; tries += 1) {
    const sessions = await store.db.session.findMany({ where: { state: { contains: personId } } });
    if (sessions.length === 0) break;
    for (const session of sessions) {
      const state: Session = JSON.parse(session.state);
      const kept = Object.entries(state.activities).filter((activity) => !JSON.stringify(activity).includes(personId));
      const activities = Object.fromEntries(kept);
      const focus = state.focus !== null && state.focus in activities ? state.focus : null;
      const changed = await store.db.session.updateMany({
        where: { personId: session.personId, rev: session.rev },
        data: { rev: session.rev + 1, state: JSON.stringify({ ...state, focus, activities }) },
      });
      count += changed.count;
    }
  }
  return count;
}

/** Only a hash: enough to erase the same person again in a restored copy, not enough to say who it was. */
function tombstone(store: Pick<Store, "db">, personId: string, now: number) {
  const key = keyOf(personId);
  const data = { key, value: String(now) };
  return store.db.meta.upsert({ where: { key }, create: data, update: data });
}

/** Who was erased here, as hashes, with the instant. */
export async function tombstonesIn(store: Pick<Store, "db">): Promise<ReadonlyMap<string, string>> {
  const rows = await store.db.meta.findMany({ where: { key: { startsWith: TOMBSTONE } } });
  return new Map(rows.map((row) => [row.key, row.value]));
}

/** Makes erasures again that a restored copy does not know of; returns how many persons were there again. */
export async function eraseAgain(
  store: Pick<Store, "db">,
  tombstones: ReadonlyMap<string, string>,
  now: number,
): Promise<number> {
  if (tombstones.size === 0) return 0;
  let count = 0;
  for (const { id } of await store.db.person.findMany({ select: { id: true } })) {
    if (!tombstones.has(keyOf(id))) continue;
    await eraseEverything(store, id, now);
    count += 1;
  }
  for (const [key, value] of tombstones) {
    await store.db.meta.upsert({ where: { key }, create: { key, value }, update: { value } });
  }
  return count;
}

function keyOf(personId: string): string {
  return `${TOMBSTONE}${createHash("sha256").update(personId).digest("hex")}`;
}
