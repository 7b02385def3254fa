import { z } from "zod";
import type { Catalogue, Programme } from "../domain/programme.ts";
import { progressIn } from "../domain/progress.ts";
import type { PersonState } from "../engine/session.ts";
import { organisationTree, rootId, type Standing } from "../people/standing.ts";
import type { Database } from "../store/client.ts";
import { number, numberOrNull, type Row, type Sql, text, textOrNull, type Value } from "../store/sql.ts";
import { type Audience, audienceSchema, refused } from "./types.ts";

/** Somebody an audience reaches, with everything that decides how. */
export interface Recipient
  extends Pick<
    PersonState,
    "id" | "name" | "language" | "secondLanguage" | "timeZone" | "timeZoneKnown" | "stopped" | "pausedUntil"
  > {
  /** Reachable ones first, among them the one used last, then the one that changed last. */
  readonly addresses: readonly Place[];
}

/** An address as far as planning needs it. */
export interface Place {
  readonly id: string;
  readonly channel: string;
  readonly tenant: string;
  readonly user: string;
  readonly reachable: boolean;
}

/** Some recipients in the order of their ids. `end` is the last id that was looked at, null behind the last page. */
export interface Page {
  readonly people: readonly Recipient[];
  readonly end: string | null;
}

/** Reads one page of an audience: at most `limit` people are looked at after the id `after`. */
export type ReadPage = (after: string, limit: number) => Promise<Page>;

/** How a membership counts for messages: whoever left or only applied hears nothing. */
const members = `('active', 'paused', 'finished', 'alumni')`;

interface AudienceDeps {
  readonly db: Pick<Database, "organisation" | "filter">;
  readonly sql: Sql;
  readonly catalogue: Catalogue;
}

/**
 * The pages of an audience within what the sender may write to. A page looks at a bounded number of people whatever the
 * conditions are, so that no statement holds the process up. Throws `BroadcastError` for a filter that is not there.
 */
export async function readerOf(
  deps: AudienceDeps,
  standing: Standing,
  given: Audience,
  now: number,
): Promise<ReadPage> {
  const audience = await withFilter(deps.db, standing, given);
  const organisations = await organisationsOf(deps.db, standing, audience);
  const { where, values } = conditions(deps.sql, audience, organisations, now);
  const left = stillToDo(deps.catalogue, audience);
  return async (after, limit) => {
    const end = await endOf(deps.sql, after, limit);
    const upTo = end === null ? "" : `AND p.id <= $${values.length + 2}`;
    const rows = await deps.sql.all(
      `SELECT ${personColumns}, ${left === undefined ? "NULL" : "g.state"} AS progress FROM "Person" p
        LEFT JOIN "Address" a ON a."personId" = p.id
        ${left === undefined ? "" : 'LEFT JOIN "Progress" g ON g."personId" = p.id'}
        WHERE p.id > $${values.length + 1} ${upTo} AND ${where} ORDER BY p.id`,
      [...values, after, ...(end === null ? [] : [end])],
    );
    return {
      people: recipients(left === undefined ? rows : rows.filter((row) => left(textOrNull(row, "progress")))),
      end,
    };
  };
}

/** The people who have a delivery of a broadcast in one of these states, as far as they are within somebody's reach. */
export function receiversOf(
  sql: Sql,
  broadcast: string,
  states: readonly string[],
  organisations: readonly string[],
): ReadPage {
  const named = states.map((state) => `'${state}'`).join(", ");
  // Whoever is above everybody needs no look at anybody.
  const reach = organisations.includes(rootId) ? "" : `AND ${within(sql, "$3")}`;
  return async (after, limit) => {
    const [last] = await sql.all(
      `SELECT "personId" AS id FROM "BroadcastDelivery" WHERE "broadcastId" = $1 AND "personId" > $2
        ORDER BY "personId" LIMIT 1 OFFSET ${limit - 1}`,
      [broadcast, after],
    );
    const end = last === undefined ? null : text(last, "id");
    const values = [broadcast, after, ...(reach === "" ? [] : [JSON.stringify(organisations)])];
    const rows = await sql.all(
      `SELECT ${personColumns}, NULL AS progress FROM "BroadcastDelivery" d JOIN "Person" p ON p.id = d."personId"
        LEFT JOIN "Address" a ON a."personId" = p.id
        WHERE d."broadcastId" = $1 AND d."personId" > $2 ${end === null ? "" : `AND d."personId" <= $${values.length + 1}`}
          AND d.state IN (${named}) ${reach} ORDER BY d."personId"`,
      [...values, ...(end === null ? [] : [end])],
    );
    return { people: recipients(rows), end };
  };
}

/** The people of these ids, with where they can be reached. */
export async function recipientsOf(sql: Sql, ids: readonly string[]): Promise<readonly Recipient[]> {
  const rows = await sql.all(
    `SELECT ${personColumns}, NULL AS progress FROM "Person" p LEFT JOIN "Address" a ON a."personId" = p.id
      WHERE p.id IN ${listed(sql, "$1")} ORDER BY p.id`,
    [JSON.stringify(ids)],
  );
  return recipients(rows);
}

/** A list given as JSON text in a placeholder, as a sub-select. */
export function listed(sql: Pick<Sql, "kind">, place: string): string {
  return sql.kind === "sqlite"
    ? `(SELECT value FROM json_each(${place}))`
    : `(SELECT json_array_elements_text(CAST(${place} AS json)))`;
}

/** Whether a person learns or works in one of the organisations in this placeholder. */
function within(sql: Sql, place: string): string {
  const among = listed(sql, place);
  return `(EXISTS (SELECT 1 FROM "Membership" m WHERE m."personId" = p.id AND m."organisationId" IN ${among})
    OR EXISTS (SELECT 1 FROM "Grant" h WHERE h."personId" = p.id AND h."organisationId" IN ${among}))`;
}

const personColumns = `p.id, p.name, p.language, p."secondLanguage", p."timeZone", p."timeZoneKnown", p.stopped, p."pausedUntil",
  a.id AS place, a.channel, a.tenant, a."user" AS "user", a.state AS place_state, a."changedAt" AS changed, CASE WHEN a.id = p."addressId" THEN 1 ELSE 0 END AS last`;

async function endOf(sql: Sql, after: string, limit: number): Promise<string | null> {
  const [row] = await sql.all(
    `SELECT id FROM "Person" WHERE id > $1 ORDER BY id LIMIT 1 OFFSET ${Math.max(0, Math.trunc(limit) - 1)}`,
    [after],
  );
  return row === undefined ? null : text(row, "id");
}

async function withFilter(db: AudienceDeps["db"], standing: Standing, audience: Audience): Promise<Audience> {
  if (audience.filter === undefined) return audience;
  const found = await db.filter.findUnique({ where: { id: audience.filter } });
  if (found === null || !standing.within("broadcasts.send").includes(found.organisationId)) throw refused("filter");
  const saved = z.object({ audience: audienceSchema.omit({ filter: true }) }).safeParse(JSON.parse(found.filter));
  if (!saved.success) throw refused("filter");
  const { filter: _, ...own } = audience;
  return { ...saved.data.audience, ...own };
}

/** The organisations whose people may be meant: never more than the sender's reach. */
async function organisationsOf(
  db: AudienceDeps["db"],
  standing: Standing,
  audience: Audience,
): Promise<readonly string[]> {
  const reach = standing.within("broadcasts.send");
  const { organisation, region } = audience;
  if (organisation === undefined && region === undefined) return reach;
  const tree = await organisationTree(db);
  const isBelow = (id: string): boolean => {
    for (let at: string | null | undefined = id; at; at = tree.get(at)) if (at === organisation) return true;
    return false;
  };
  const inRegion =
    region === undefined
      ? undefined
      : new Set((await db.organisation.findMany({ where: { region }, select: { id: true } })).map((one) => one.id));
  return reach.filter(
    (id) => (organisation === undefined || isBelow(id)) && (inRegion === undefined || inRegion.has(id)),
  );
}

function conditions(
  sql: Sql,
  audience: Audience,
  organisations: readonly string[],
  now: number,
): { readonly where: string; readonly values: readonly Value[] } {
  const values: Value[] = [JSON.stringify(organisations)];
  const bind = (value: Value): string => `$${values.push(value)}`;
  const among = listed(sql, "$1");
  const cohort = audience.cohort === undefined ? "" : `AND m."cohortId" = ${bind(audience.cohort)}`;
  const member = `EXISTS (SELECT 1 FROM "Membership" m WHERE m."personId" = p.id ${cohort} AND m.state IN ${members}
    AND m."organisationId" IN ${among})`;
  // Whoever belongs to no cohort belongs to the organisation at the top.
  const alone = `NOT EXISTS (SELECT 1 FROM "Membership" m WHERE m."personId" = p.id)`;
  const isStaff = audience.role !== undefined && audience.role !== "learner";
  // Who has a role belongs where the role is, whether or not they learn anything.
  const belongs = organisations.includes(rootId) && cohort === "" ? `(${alone} OR ${member})` : member;
  const parts = isStaff && cohort === "" ? [] : [belongs];
  if (audience.topic !== undefined) {
    parts.push(`EXISTS (SELECT 1 FROM "Topic" t WHERE t."personId" = p.id AND t.topic = ${bind(audience.topic)})`);
  }
  if (audience.role !== undefined && isStaff) {
    const at = bind(now);
    const counts = audience.role === "deputy" ? `AND ${standsIn(at)}` : "";
    parts.push(`EXISTS (SELECT 1 FROM "Grant" h WHERE h."personId" = p.id AND h.role = ${bind(audience.role)}
      AND h."organisationId" IN ${among} AND (h.until IS NULL OR h.until > ${at}) ${counts})`);
  } else if (audience.role === "learner") {
    parts.push(`NOT EXISTS (SELECT 1 FROM "Grant" h WHERE h."personId" = p.id AND h.role <> 'learner')`);
  }
  return { where: parts.join(" AND "), values };
}

/** Whether a deputy's grant `h` counts: whoever they stand in for is still coordinator there, or above, at the instant in `now`. */
function standsIn(now: string): string {
  return `(h."deputyFor" IS NULL OR EXISTS (
    WITH RECURSIVE up(id) AS (SELECT h."organisationId" UNION
      SELECT o."parentId" FROM up JOIN "Organisation" o ON o.id = up.id WHERE o."parentId" IS NOT NULL)
    SELECT 1 FROM "Grant" c JOIN up ON up.id = c."organisationId" WHERE c."personId" = h."deputyFor" AND c.role = 'coordinator'
      AND (c.until IS NULL OR c.until > ${now}) AND (c.programme IS NULL OR c.programme = h.programme)))`;
}

/** Whether somebody with this stored progress has not done what the audience names; undefined where it names nothing. */
function stillToDo(catalogue: Catalogue, audience: Audience): ((progress: string | null) => boolean) | undefined {
  const { notDone } = audience;
  if (notDone === undefined) return undefined;
  const programme = catalogue.programmes.find((one) => one.id === notDone.programme);
  if (programme === undefined) throw refused("filter");
  const isDone = doneIn(programme, notDone);
  return (stored) => stored === null || !isDone(progressIn(JSON.parse(stored), programme.id));
}

function doneIn(programme: Programme, what: NonNullable<Audience["notDone"]>) {
  const unit = programme.units.find((one) => one.id === what.id);
  return (progress: ReturnType<typeof progressIn>): boolean => {
    const passed = (check: string) => (progress.checks[check]?.passedAt ?? null) !== null;
    if (what.kind === "lesson") return progress.lessons[what.id] !== undefined;
    if (what.kind === "check") return passed(what.id);
    return unit?.lessons.every((lesson) => progress.lessons[lesson.id] !== undefined) === true && passed(unit.check.id);
  };
}

/** Rows are one per address, those of a person next to one another. */
function recipients(rows: readonly Row[]): readonly Recipient[] {
  const found: (Recipient & { addresses: (Place & { rank: number; changed: number })[] })[] = [];
  for (const row of rows) {
    const id = text(row, "id");
    let one = found.at(-1);
    if (one?.id !== id) {
      one = {
        id,
        name: text(row, "name"),
        language: textOrNull(row, "language"),
        secondLanguage: textOrNull(row, "secondLanguage"),
        timeZone: text(row, "timeZone"),
        timeZoneKnown: Boolean(row.timeZoneKnown),
        stopped: Boolean(row.stopped),
        pausedUntil: numberOrNull(row, "pausedUntil"),
        addresses: [],
      };
      found.push(one);
    }
    if (row.place === null) continue;
    const reachable = row.place_state === "reachable";
    one.addresses.push({
      id: text(row, "place"),
      channel: text(row, "channel"),
      tenant: text(row, "tenant"),
      user: text(row, "user"),
      reachable,
      rank: (reachable ? 0 : 2) + (number(row, "last") === 1 ? 0 : 1),
      changed: number(row, "changed"),
    });
  }
  for (const { addresses } of found)
    if (addresses.length > 1) addresses.sort((one, other) => one.rank - other.rank || other.changed - one.changed);
  return found;
}
