import { questionsSeen } from "../inbox/list.ts";
import type { Standing } from "../people/standing.ts";
import type { Database } from "../store/client.ts";
import { outboxStatus } from "../store/types.ts";
import { standsInFor } from "./caseload.ts";
import { type Member, membersSeen } from "./members.ts";
import { goneCodes, type Reason, whyGone } from "./reasons.ts";
import { unsentTo } from "./unsent.ts";

/** The most things of one kind that a day's list shows. */
const most = 50;

interface Item {
  /** Names this very state: hidden, it comes back when something changes. */
  readonly key: string;
  readonly personId: string;
  readonly name: string;
}

/** Everything that waits for one coordinator. */
export interface Today {
  readonly questions: readonly (Item & { readonly id: string; readonly since: number })[];
  readonly applied: readonly (Item & { readonly cohortId: string; readonly cohort: string; readonly since: number })[];
  readonly silent: readonly (Item & { readonly days: number; readonly seenAt: number; readonly cohort: string })[];
  readonly unreachable: readonly (Item & { readonly reason: Reason; readonly code: string | null })[];
  readonly unsent: readonly (Item & {
    readonly seq: number;
    readonly state: "unknown" | "rejected";
    readonly code: string;
    readonly at: number;
  })[];
  /** How many there are of each: the lists show the first ones. */
  readonly counts: Readonly<Record<"questions" | "applied" | "silent" | "unreachable" | "unsent", number>>;
}

/** How many things these are, also those that the lists leave out. */
export function countOf({ counts }: Today): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

/**
 * What needs this person at this moment: of those they look after, stand in for, or whom nobody in particular has; an administrator
 * sees everybody's. `hidden` are keys that the person put away.
 */
export async function todayFor(
  db: Database,
  standing: Standing,
  now: number,
  hidden: ReadonlySet<string>,
): Promise<Today> {
  const me = standing.personId;
  const isAdmin = standing.held.some((one) => one.role === "admin" && (one.until === null || one.until > now));
  const [all, others] = await Promise.all([membersSeen(db, standing, now), standsInFor(db, me, now)]);
  const isMine = (caredBy: string | null): boolean =>
    isAdmin || caredBy === null || caredBy === me || others.includes(caredBy);
  const mine = uniquePersons(all.filter((member) => isMine(member.caredBy)));
  const [questions, appliedSeen, messages] = await Promise.all([
    questionsSeen(db, standing, ["open"]),
    db.membership.findMany({
      where: { organisationId: { in: [...standing.withinSome("people.change")] }, state: "applied" },
      include: {
        cohort: { select: { name: true, programme: true } },
        person: { select: { name: true } },
      },
      orderBy: { joinedAt: "asc" },
    }),
    unsentTo(db, mine),
  ]);
  const applied = appliedSeen.filter(({ organisationId, cohort: { programme } }) =>
    standing.may("people.change", { organisationId, programme }),
  );
  const unsent = messages.filter(({ status }) => status !== outboxStatus.gone);
  const codes = goneCodes(messages);
  const asked = questions.filter((one) => isMine(one.caredBy));
  const askers = await db.person.findMany({
    where: { id: { in: asked.map((one) => one.personId) } },
    select: { id: true, name: true },
  });
  const names = new Map([
    ...mine.map((one) => [one.personId, one.name] as const),
    ...askers.map((one) => [one.id, one.name] as const),
  ]);
  const nameOf = (id: string): string => names.get(id) ?? "";
  const left = <Row extends Item>(rows: readonly Row[]): readonly Row[] => rows.filter((row) => !hidden.has(row.key));

  const found = {
    questions: left(
      asked.map(({ id, personId, changedAt }) => ({
        key: `question:${id}:${changedAt}`,
        id,
        personId,
        name: nameOf(personId),
        since: Number(changedAt),
      })),
    ),
    applied: left(
      applied.map(({ id, personId, cohortId, cohort, person, joinedAt }) => ({
        key: `applied:${id}`,
        personId,
        name: person.name,
        cohortId,
        cohort: cohort.name,
        since: Number(joinedAt),
      })),
    ),
    silent: left(
      mine
        .filter((member) => member.due && member.reachable && !member.quiet)
        .map(({ personId, name, silentDays, seenAt, cohort }) => ({
          key: `silent:${personId}:${seenAt}`,
          personId,
          name,
          days: silentDays,
          seenAt,
          cohort,
        })),
    ),
    unreachable: left(
      mine
        .filter((member) => !member.reachable)
        .map(({ personId, name, goneReason }) => {
          const code = codes.get(personId) ?? null;
          const reason = whyGone(goneReason, code);
          return { key: `unreachable:${personId}:${code ?? ""}`, personId, name, code, reason };
        }),
    ),
    unsent: left(
      unsent.map(({ seq, personId, status, code, createdAt }) => ({
        key: `unsent:${seq}`,
        seq,
        personId,
        name: nameOf(personId),
        state: status === outboxStatus.unknown ? ("unknown" as const) : ("rejected" as const),
        code: code ?? "",
        at: createdAt,
      })),
    ),
  };
  return {
    questions: found.questions.slice(0, most),
    applied: found.applied.slice(0, most),
    silent: found.silent.slice(0, most),
    unreachable: found.unreachable.slice(0, most),
    unsent: found.unsent.slice(0, most),
    counts: {
      questions: found.questions.length,
      applied: found.applied.length,
      silent: found.silent.length,
      unreachable: found.unreachable.length,
      unsent: found.unsent.length,
    },
  };
}

/** Somebody in two cohorts is one person: the membership in which they were active last. */
function uniquePersons(members: readonly Member[]): readonly Member[] {
  return [...new Map(members.map((member) => [member.personId, member])).values()];
}
