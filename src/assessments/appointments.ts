import { mostTimes, talkMinutes, type talkPlaces } from "../domain/appointment.ts";
import { caseOf } from "./case.ts";
import { seatOf } from "./steps.ts";
import { openText, sealText } from "./texts.ts";
import { type AssessmentDeps, done, no, type Outcome } from "./types.ts";

const waiting = ["proposed", "moved"];
const placeOf = (id: string): string => `${id}:place`;

/** An appointment as both see it; instants are epoch milliseconds. */
export interface Talk {
  readonly id: string;
  readonly personId: string;
  readonly withId: string;
  readonly assessmentId: string | null;
  readonly proposed: readonly number[];
  readonly startsAt: number | null;
  readonly minutes: number;
  readonly place: string;
  readonly state: string;
  readonly sequence: number;
}

/** Reads one; undefined where it is not there. */
export async function talkOf(deps: Pick<AssessmentDeps, "db" | "open">, id: string): Promise<Talk | undefined> {
  const row = await deps.db.appointment.findUnique({ where: { id } });
  if (row === null) return undefined;
  const startsAt = row.startsAt === null ? null : Number(row.startsAt);
  const place = openText(deps, row.place, placeOf(id));
  return { ...row, proposed: JSON.parse(row.proposed) as number[], startsAt, place };
}

/** Proposes times for a talk; where there is one for this assessment already it is moved. Gives its id. */
export async function propose(
  deps: AssessmentDeps,
  me: string,
  given: {
    readonly id: string;
    readonly assessment: string;
    readonly times: readonly number[];
    readonly place: (typeof talkPlaces)[number];
  },
): Promise<Outcome & { readonly talk?: string }> {
  const now = deps.now();
  const found = await caseOf(deps, given.assessment);
  if (found === undefined) return no("gone");
  if (found.next === "over") return no("over");
  if (seatOf(found.row, me) === undefined) return no("taken");
  const times = [...new Set(given.times)].filter((at) => at > now).sort((one, other) => one - other);
  if (times.length === 0 || times.length > mostTimes) return no("turn");
  const known = await deps.db.appointment.findFirst({
    where: { assessmentId: given.assessment, withId: me, state: { in: [...waiting, "fixed"] } },
  });
  const id = known?.id ?? given.id;
  const changes = {
    proposed: JSON.stringify(times),
    startsAt: null,
    place: sealText(deps, given.place, placeOf(id)),
    changedAt: BigInt(now),
  };
  if (known !== null) {
    const state = known.state === "fixed" ? "moved" : known.state;
    await deps.db.appointment.update({ where: { id }, data: { ...changes, state, sequence: { increment: 1 } } });
    return { ok: true, talk: id };
  }
  const people = { personId: found.row.personId, withId: me, assessmentId: given.assessment };
  const rest = { kind: "assessment", minutes: talkMinutes, state: "proposed", sequence: 0, createdAt: BigInt(now) };
  await deps.db.appointment.upsert({ where: { id }, create: { id, ...people, ...rest, ...changes }, update: {} });
  return { ok: true, talk: id };
}

/** Picks one of the proposed times, or says that none fits (`undefined`). */
export async function pick(deps: AssessmentDeps, me: string, id: string, at: number | undefined): Promise<Outcome> {
  const talk = await talkOf(deps, id);
  if (talk === undefined || talk.personId !== me) return no("gone");
  if (at !== undefined && !talk.proposed.includes(at)) return no("turn");
  if (at !== undefined && at <= deps.now()) return no("turn");
  const { count } = await deps.db.appointment.updateMany({
    // Times that were changed meanwhile are not the ones that were seen.
    where: { id, state: { in: waiting }, sequence: talk.sequence },
    data: {
      ...(at === undefined ? { state: "cancelled" } : { state: "fixed", startsAt: BigInt(at) }),
      sequence: { increment: 1 },
      changedAt: BigInt(deps.now()),
    },
  });
  return count === 1 ? done : no("turn");
}

/** Cancels it, by either of the two; `held`: it took place, which only whoever proposed says, and not before its time. */
export async function closeTalk(deps: AssessmentDeps, me: string, id: string, held: boolean): Promise<Outcome> {
  const talk = await talkOf(deps, id);
  if (talk === undefined || (talk.personId !== me && talk.withId !== me)) return no("gone");
  if (held && (talk.withId !== me || talk.startsAt === null || talk.startsAt > deps.now())) return no("turn");
  const { count } = await deps.db.appointment.updateMany({
    where: { id, state: held ? "fixed" : { in: [...waiting, "fixed"] } },
    data: { state: held ? "held" : "cancelled", sequence: { increment: 1 }, changedAt: BigInt(deps.now()) },
  });
  return count === 1 ? done : no("turn");
}
