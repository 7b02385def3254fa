import { dayMs, weekMs } from "../domain/durations.ts";
import type { Catalogue, Programme } from "../domain/programme.ts";
import { progressIn } from "../domain/progress.ts";
import type { Standing } from "../people/standing.ts";
import type { Database } from "../store/client.ts";
import { number, type Sql, text } from "../store/sql.ts";
import { hideParts, hideShares, hideSteps, type Shown, smallestGroup } from "./overview-hide.ts";
import { amongGiven, type Facts, factsOf } from "./overview-people.ts";

/** How many weeks are looked back on, the present one included. */
const weeksBack = 12;
/** Who has or had a place. */
const placed = ["active", "paused", "finished", "alumni", "left"];

/** The steps of a course: those who joined or hold an invitation, who joined, who did a lesson, half of all steps, all of them. */
export const courseSteps = ["invited", "joined", "first", "half", "done"] as const;
export type CourseStep = (typeof courseSteps)[number];

/** How messages arrive on one platform. */
export const reachStates = ["reachable", "paused", "stopped", "gone"] as const;
export type ReachState = (typeof reachStates)[number];

/** A lesson with the share of wrong answers to the questions of checks about it, per cent; `few` where fewer than five answered. */
export interface Gap {
  /** The lesson's id, or the unit's where a question belongs to no lesson. */
  readonly topic: string;
  readonly share: number | "few";
  readonly wrong: number;
  readonly answers: number;
}

/** The members that one organisation has in one cohort, in figures that give no group below five away. */
export interface Group {
  readonly cohortId: string;
  readonly cohort: string;
  readonly organisationId: string;
  readonly programme: Programme | undefined;
  /** How many they are; 0 where that is not shown. */
  readonly size: number;
  readonly steps: Readonly<Record<CourseStep, Shown>>;
  /** Who did something in a week, the present one last. */
  readonly weeks: readonly Shown[];
  readonly gaps: readonly Gap[];
  /** By platform; `""` stands for nobody's platform: no chat yet. */
  readonly reach: ReadonlyMap<string, Readonly<Record<ReachState, Shown>>>;
}

export interface Overview {
  readonly groups: readonly Group[];
  /** The Mondays (UTC, epoch milliseconds) of the weeks. */
  readonly mondays: readonly number[];
}

interface Deps {
  readonly db: Pick<Database, "cohort">;
  readonly sql: Sql;
  readonly catalogue: Catalogue;
}

/**
 * The figures of all groups in reach. What is no figure of a group is in no sum either, so that nobody finds it by taking one page
 * from another. `among` narrows them to these organisations.
 */
export async function overviewFor(
  deps: Deps,
  standing: Standing,
  now: number,
  among?: ReadonlySet<string>,
): Promise<Overview> {
  const organisations = standing.withinSome("people.see").filter((id) => among === undefined || among.has(id));
  const rows = await deps.sql.all(
    `SELECT "cohortId", "organisationId", "personId", state FROM "Membership"
      WHERE "organisationId" IN ${amongGiven(deps.sql)}`,
    [JSON.stringify(organisations)],
  );
  const open = await openInvitations(deps.sql, organisations, now);
  const cohorts = await deps.db.cohort.findMany({
    where: { parts: { some: { organisationId: { in: [...organisations] } } } },
    select: { id: true, name: true, programme: true, version: true, parts: { select: { organisationId: true } } },
    orderBy: { name: "asc" },
  });
  const since = mondayOf(now) - (weeksBack - 1) * weekMs;
  const within = new Set(organisations);
  const counting = new Map<string, Counting>();
  const groupsOf = new Map<string, { readonly group: Counting; readonly present: boolean }[]>();
  for (const cohort of cohorts) {
    for (const { organisationId } of cohort.parts) {
      const where = { organisationId, programme: cohort.programme };
      if (!within.has(organisationId) || !standing.may("people.see", where)) continue;
      const programme = deps.catalogue.get(cohort.programme, cohort.version);
      const invited = open.get(`${cohort.id} ${organisationId}`) ?? 0;
      counting.set(
        `${cohort.id} ${organisationId}`,
        emptyCounting(cohort.id, cohort.name, organisationId, programme, invited),
      );
    }
  }
  for (const row of rows) {
    const group = counting.get(`${text(row, "cohortId")} ${text(row, "organisationId")}`);
    const state = text(row, "state");
    if (group === undefined || !placed.includes(state)) continue;
    const personId = text(row, "personId");
    groupsOf.set(personId, [...(groupsOf.get(personId) ?? []), { group, present: state !== "left" }]);
  }
  for await (const [id, facts] of factsOf(deps.sql, [...groupsOf.keys()], since)) {
    for (const { group, present } of groupsOf.get(id) ?? []) count(group, facts, present, now);
  }
  const groups = [...counting.values()].filter(({ size, invited }) => size + invited > 0).map(shown);
  return { groups, mondays: Array.from({ length: weeksBack }, (_, week) => since + week * weekMs) };
}

interface Counting {
  readonly cohortId: string;
  readonly cohort: string;
  readonly organisationId: string;
  readonly programme: Programme | undefined;
  readonly invited: number;
  /** The lesson, or else the unit, that a question is about. */
  readonly topics: ReadonlyMap<string, string>;
  size: number;
  /** Those of them who have not left. */
  present: number;
  first: number;
  half: number;
  done: number;
  readonly weeks: number[];
  readonly gaps: Map<string, { people: number; answers: number; wrong: number }>;
  readonly reach: Map<string, number[]>;
}

function emptyCounting(
  cohortId: string,
  cohort: string,
  organisationId: string,
  programme: Programme | undefined,
  invited: number,
): Counting {
  const topics = new Map(
    (programme?.units ?? []).flatMap((unit) =>
      unit.check.bank.map((question): [string, string] => [question.id, question.lesson ?? unit.id]),
    ),
  );
  const facts = { cohortId, cohort, organisationId, programme, invited, topics };
  const weeks = Array.from({ length: weeksBack }, () => 0);
  return { ...facts, size: 0, present: 0, first: 0, half: 0, done: 0, weeks, gaps: new Map(), reach: new Map() };
}

function count(group: Counting, facts: Facts, present: boolean, now: number): void {
  const { programme } = group;
  group.size += 1;
  if (programme !== undefined) {
    const progress = progressIn(facts.progress, programme.id);
    const lessons = programme.units.flatMap((unit) => unit.lessons);
    const all = lessons.length + programme.units.length;
    const read = lessons.filter((lesson) => progress.lessons[lesson.id] !== undefined).length;
    const steps = read + programme.units.filter((unit) => progress.checks[unit.check.id]?.passedAt).length;
    if (read > 0) group.first += 1;
    if (read > 0 && steps * 2 >= all) group.half += 1;
    if (read > 0 && steps === all) group.done += 1;
  }
  for (const week of facts.weeks) if (week < weeksBack) group.weeks[week] = (group.weeks[week] ?? 0) + 1;
  const mine = new Set<string>();
  for (const { programme: of, question, right } of facts.answers) {
    const topic = of === programme?.id ? group.topics.get(question) : undefined;
    if (topic === undefined) continue;
    const known = group.gaps.get(topic) ?? { people: 0, answers: 0, wrong: 0 };
    known.answers += 1;
    if (!right) known.wrong += 1;
    if (!mine.has(topic)) known.people += 1;
    mine.add(topic);
    group.gaps.set(topic, known);
  }
  if (!present) return;
  group.present += 1;
  const places = facts.addresses.length === 0 ? [{ channel: "", gone: true }] : facts.addresses;
  for (const { channel, gone } of places) {
    const states = group.reach.get(channel) ?? reachStates.map(() => 0);
    const state = reachStates.indexOf(stateOf(facts, gone, now));
    states[state] = (states[state] ?? 0) + 1;
    group.reach.set(channel, states);
  }
}

function stateOf(facts: Facts, gone: boolean, now: number): ReachState {
  if (gone) return "gone";
  if (facts.stopped) return "stopped";
  return facts.pausedUntil !== null && facts.pausedUntil > now ? "paused" : "reachable";
}

/** The group as it may be seen: one place where everything that is counted becomes what is shown. */
function shown(group: Counting): Group {
  const { cohortId, cohort, organisationId, programme, size } = group;
  const isSmall = size < smallestGroup;
  const [first = "few", half = "few", done = "few"] = hideSteps(size, [group.first, group.half, group.done]);
  const [joined = "few"] = hideSteps(size, [size]);
  // Whoever holds an invitation beside those who joined: none, or enough of them.
  const everybody = group.invited > 0 && group.invited < smallestGroup ? "hidden" : size + group.invited;
  const channels = [...group.reach.keys()].sort();
  // Whoever has left is part of the whole that somebody could take these from.
  const shares = hideShares([...channels.flatMap((channel) => group.reach.get(channel) ?? []), size - group.present]);
  const reach = channels.map((channel, index) => {
    const share = (state: ReachState): Shown =>
      isSmall ? "few" : (shares[index * reachStates.length + reachStates.indexOf(state)] ?? "few");
    const states = {
      reachable: share("reachable"),
      paused: share("paused"),
      stopped: share("stopped"),
      gone: share("gone"),
    };
    return [channel, states] as const;
  });
  const gaps = [...group.gaps].map(([topic, { people, answers, wrong }]): Gap => {
    const enough = people >= smallestGroup && !isSmall;
    return enough
      ? { topic, share: Math.round((100 * wrong) / answers), wrong, answers }
      : { topic, share: "few", wrong: 0, answers: 0 };
  });
  return {
    cohortId,
    cohort,
    organisationId,
    programme,
    size: isSmall ? 0 : size,
    steps: { invited: isSmall ? "few" : everybody, joined, first, half, done },
    weeks: hideParts(size, group.weeks),
    gaps,
    reach: new Map(reach),
  };
}

/** Invitations that nobody has used yet and that still work, by cohort and organisation. */
async function openInvitations(
  sql: Sql,
  organisations: readonly string[],
  now: number,
): Promise<ReadonlyMap<string, number>> {
  const rows = await sql.all(
    `SELECT i.cohort, COALESCE(i.organisation, p."organisationId") AS organisation, COUNT(*) AS n FROM "Invite" i
      JOIN "CohortPart" p ON p."cohortId" = i.cohort AND p.lead
      WHERE i."usedBy" IS NULL AND i.role = 'learner' AND i."expiresAt" >= $2
        AND COALESCE(i.organisation, p."organisationId") IN ${amongGiven(sql)}
      GROUP BY 1, 2`,
    [JSON.stringify(organisations), now],
  );
  return new Map(rows.map((row) => [`${text(row, "cohort")} ${text(row, "organisation")}`, number(row, "n")]));
}

function mondayOf(now: number): number {
  const day = Math.floor(now / dayMs) * dayMs;
  return day - ((new Date(day).getUTCDay() + 6) % 7) * dayMs;
}
