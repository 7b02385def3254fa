import { dayMs } from "../domain/durations.ts";
import { standingOf } from "../people/standing.ts";
import { type Place, placeOf, programmeOf } from "./responsible.ts";
import type { InboxDeps, ThreadEntry } from "./types.ts";

/** What a person writes within this time after the last word belongs to the same question. */
const sameThreadMs = 14 * dayMs;
const purpose = "question";

/** A text for the inbox. */
export interface Asked {
  /** The question's id, where it becomes a new one; the same question handed in twice is kept once. */
  readonly id: string;
  readonly personId: string;
  readonly text: string;
  /** Epoch milliseconds. */
  readonly at: number;
  /** The broadcast that it replies to: each has a thread of its own. */
  readonly broadcastId?: string;
}

/** A question as it was kept. */
export interface Kept extends Place {
  readonly id: string;
}

/** What is written inside one transaction. */
type Inside = Omit<InboxDeps["db"], "$connect" | "$disconnect" | "$on" | "$transaction" | "$extends">;

/** Keeps what a person asked, sealed: in the thread that is still going on, else in one of its own. */
export async function keepQuestion(deps: Pick<InboxDeps, "db" | "seal">, asked: Asked): Promise<Kept> {
  const { db } = deps;
  const { id, personId, text, at } = asked;
  const broadcastId = asked.broadcastId ?? null;
  const place = await placeOf(db, personId);
  const running = await db.question.findFirst({
    where: {
      personId,
      broadcastId,
      OR: [{ id }, { state: { in: ["open", "answered"] }, changedAt: { gte: BigInt(at - sameThreadMs) } }],
    },
    orderBy: { changedAt: "desc" },
  });
  if (running !== null) {
    const twice = await db.questionEntry.count({ where: { questionId: running.id, author: personId, at: BigInt(at) } });
    if (twice === 0) {
      await db.$transaction([
        db.questionEntry.create({ data: entry(deps, running.id, personId, text, at) }),
        // What was answered since these words were written stays answered.
        db.question.updateMany({
          where: { id: running.id, changedAt: { lt: BigInt(at) } },
          data: { state: "open", changedAt: BigInt(at) },
        }),
      ]);
    }
    const { cohortId, caredBy } = running;
    const organisationId = running.organisationId ?? place.organisationId;
    return { id: running.id, organisationId, cohortId, caredBy, programme: await programmeOf(db, cohortId) };
  }
  const { questionId: _, ...first } = entry(deps, id, personId, text, at);
  await db.question.create({
    data: {
      id,
      personId,
      organisationId: place.organisationId,
      cohortId: place.cohortId,
      broadcastId,
      caredBy: place.caredBy,
      state: "open",
      createdAt: BigInt(at),
      changedAt: BigInt(at),
      entries: { create: first },
    },
  });
  return { ...place, id };
}

/** An answer as it was kept, and what others had answered before to the same words. */
export interface KeptAnswer {
  readonly entryId: number;
  readonly asker: string;
  readonly before: readonly ThreadEntry[];
}

/**
 * Keeps an answer; the same author's answer of the same instant is kept once. `also` is written in the same transaction. Undefined where
 * there is no such question.
 */
export async function keepAnswer(
  deps: Pick<InboxDeps, "db" | "seal" | "open">,
  given: { readonly questionId: string; readonly author: string; readonly text: string; readonly at: number },
  also: (tx: Inside, entryId: number) => Promise<unknown> = async () => undefined,
): Promise<KeptAnswer | undefined> {
  const { questionId, author, text, at } = given;
  const made = await deps.db.$transaction(async (tx) => {
    // Changes nothing and locks the question: of the same answer twice at once one is kept.
    await tx.question.updateMany({ where: { id: questionId }, data: { createdAt: { increment: 0n } } });
    const question = await tx.question.findUnique({ where: { id: questionId }, select: { personId: true } });
    if (question === null) return undefined;
    const known = await tx.questionEntry.findFirst({ where: { questionId, author, at: BigInt(at) } });
    if (known !== null) return { id: known.id, asker: question.personId };
    const { id } = await tx.questionEntry.create({ data: entry(deps, questionId, author, text, at) });
    // What was asked after these words were written is not answered by them.
    await tx.question.updateMany({
      where: { id: questionId, changedAt: { lte: BigInt(at) } },
      data: { state: "answered", changedAt: BigInt(at) },
    });
    await tx.question.updateMany({ where: { id: questionId, caredBy: null }, data: { caredBy: author } });
    await also(tx, id);
    return { id, asker: question.personId };
  });
  if (made === undefined) return undefined;
  const thread = (await readThread(deps, questionId)).filter((one) => one.id < made.id);
  const lastAsked = thread.findLastIndex((one) => one.author === made.asker);
  const before = thread.slice(lastAsked + 1).filter((one) => one.author !== author);
  return { entryId: made.id, asker: made.asker, before };
}

/** Keeps what a coordinator writes to a person who has asked nothing: a thread that begins with the answer. Kept once per `id`. */
export async function keepFirst(
  deps: Pick<InboxDeps, "db" | "seal" | "open">,
  given: {
    readonly id: string;
    readonly personId: string;
    readonly author: string;
    readonly text: string;
    readonly at: number;
  },
): Promise<KeptAnswer | undefined> {
  const { id, personId, author, text, at } = given;
  const { organisationId, cohortId } = await placeOf(deps.db, personId);
  const times = { createdAt: BigInt(at), changedAt: BigInt(at) };
  await deps.db.question.upsert({
    where: { id },
    create: { id, personId, organisationId, cohortId, caredBy: author, state: "answered", ...times },
    update: {},
  });
  return keepAnswer(deps, { questionId: id, author, text, at });
}

/** The texts of a thread, the oldest first. One that does not open any more is left out. */
export async function readThread(
  deps: Pick<InboxDeps, "db" | "open">,
  questionId: string,
): Promise<readonly ThreadEntry[]> {
  const rows = await deps.db.questionEntry.findMany({ where: { questionId }, orderBy: { id: "asc" } });
  return rows.flatMap((row): readonly ThreadEntry[] => {
    const at = Number(row.at);
    try {
      const text = deps.open(purpose, row.text, contextOf(questionId, row.author, at));
      return [{ id: row.id, author: row.author, text, at }];
    } catch {
      return [];
    }
  });
}

/** Whether a person may answer there: by a role in the organisation for the question's programme, or as coordinator of everything. */
export async function mayAnswer(
  db: InboxDeps["db"],
  personId: string,
  place: { readonly organisationId: string | null; readonly programme: string | null },
  now: number,
): Promise<boolean> {
  const standing = await standingOf(db, personId, now);
  const { organisationId, programme } = place;
  const where = { programme, ...(organisationId === null ? {} : { organisationId }) };
  if (standing.held.length > 0) return standing.may("inbox.answer", where);
  // Named coordinator by the command line's invitation, which knows no organisation.
  const person = await db.person.findUnique({ where: { id: personId }, select: { roles: true } });
  return person?.roles.includes('"coordinator"') ?? false;
}

function entry(deps: Pick<InboxDeps, "seal">, questionId: string, author: string, text: string, at: number) {
  const sealed = deps.seal(purpose, text, contextOf(questionId, author, at));
  return { questionId, author, text: new Uint8Array(sealed), at: BigInt(at) };
}

function contextOf(questionId: string, author: string, at: number): string {
  return JSON.stringify([questionId, author, at]);
}
