import { type Part, parts } from "./tables.ts";

// `{part}` stands for the rows of a part as x; `{part.column}` for one of its columns as an array, by which rows are reached
// whatever the planner believes about the size of a table.
const always = `
  session AS (
    INSERT INTO "Session" AS old ("personId", rev, state) SELECT person, rev, state FROM {session}
    ON CONFLICT ("personId") DO UPDATE SET rev = excluded.rev, state = excluded.state WHERE old.rev = excluded.rev - 1
    RETURNING (xmax = 0) = (rev = 1) AS fits),
  delivery AS (
    INSERT INTO "Delivery"(channel, tenant, id, "personId", at, journal)
    SELECT channel, tenant, id, person, at, journal FROM {delivery}),
  record AS (
    INSERT INTO "Record"("personId", type, key, programme, version, data, at)
    SELECT person, type, key, programme, version, data, at FROM {record}),
  progress AS (
    INSERT INTO "Progress"("personId", state) SELECT person, state FROM {progress}
    ON CONFLICT ("personId") DO UPDATE SET state = excluded.state),
  token AS (
    INSERT INTO "Token"(token, "personId", meaning, "answerKey", at) SELECT token, person, meaning, key, at FROM {token}),
  outbox AS (
    INSERT INTO "Outbox"(lane, "addressId", "personId", class, status, payload, "notBefore", attempts, "mayBeSent", "createdAt")
    SELECT lane, address, person, class, status, parts, "notBefore", 0, false, at FROM {outbox})`;

const people = `,
  person AS (
    INSERT INTO "Person"(id, name, language, "secondLanguage", "timeZone", "timeZoneKnown", rhythm, "pausedUntil", stopped, roles,
      "addressId", "createdAt")
    SELECT id, name, language, "secondLanguage", "timeZone", "timeZoneKnown", rhythm, "pausedUntil", stopped, roles, address, at
    FROM {new}),
  changed AS (
    UPDATE "Person" p SET name = x.name, language = x.language, "secondLanguage" = x."secondLanguage", "timeZone" = x."timeZone",
      "timeZoneKnown" = x."timeZoneKnown", rhythm = x.rhythm, "pausedUntil" = x."pausedUntil", stopped = x.stopped,
      roles = x.roles, "addressId" = coalesce(x.address, p."addressId")
    FROM {changed} WHERE p.id = ANY({changed.id}) AND p.id = x.id RETURNING 1),
  moved AS (
    UPDATE "Person" p SET "addressId" = x.address FROM {moved} WHERE p.id = ANY({moved.id}) AND p.id = x.id RETURNING 1),
  place AS (
    INSERT INTO "Address"(id, "personId", channel, tenant, "user", ref, state, "changedAt")
    SELECT id, person, channel, tenant, "user", ref, 'reachable', at FROM {place}),
  address AS (
    UPDATE "Address" a SET ref = coalesce(x.ref, a.ref), state = coalesce(x.state, a.state), "changedAt" = x.at,
      reason = CASE WHEN coalesce(x.state, a.state) = 'gone' THEN coalesce(x.reason, a.reason) END
    FROM {address} WHERE a.id = ANY({address.id}) AND a.id = x.id AND a."personId" = x.person RETURNING 1)`;

const time = `,
  fired AS (
    DELETE FROM "Timer" t USING {fired}
    WHERE t."personId" = ANY({fired.person}) AND t."personId" = x.person AND t.name = x.name AND t.due = x.due RETURNING 1),
  again AS (
    UPDATE "Timer" t SET due = x.next, data = x.data FROM {again}
    WHERE t."personId" = ANY({again.person}) AND t."personId" = x.person AND t.name = x.name AND t.due = x.due RETURNING 1),
  cancelled AS (
    DELETE FROM "Timer" t USING {cancelled}
    WHERE t."personId" = ANY({cancelled.person}) AND t."personId" = x.person AND t.name = x.name),
  timer AS (
    INSERT INTO "Timer"("personId", name, due, data) SELECT person, name, due, data FROM {timer}
    ON CONFLICT ("personId", name) DO UPDATE SET due = excluded.due, data = excluded.data)`;

const rest = `,
  alive AS (SELECT 1 FROM "Person" p WHERE p.id = ANY({alive.id}) FOR KEY SHARE),
  job AS (
    INSERT INTO "Job"(id, "personId", name, data, attempts, "notBefore", "createdAt")
    SELECT id, person, name, data, 0, at, at FROM {job}),
  failed AS (
    INSERT INTO "FailedTurn"("personId", channel, tenant, "deliveryId", input, reason, at)
    SELECT person, channel, tenant, id, input, reason, at FROM {failed})`;

/** Tables in groups, so that there are few different statements for the server to keep; the first is always there. */
const groups: readonly {
  readonly parts: readonly Part[];
  readonly statements: string;
  /** Whose rows must come back. */
  readonly counted: readonly string[];
}[] = [
  {
    parts: ["session", "delivery", "record", "progress", "token", "outbox"],
    statements: always,
    counted: ["session WHERE fits"],
  },
  {
    parts: ["new", "changed", "moved", "place", "address"],
    statements: people,
    counted: ["changed", "moved", "address"],
  },
  { parts: ["fired", "again", "cancelled", "timer"], statements: time, counted: ["fired", "again"] },
  { parts: ["alive", "job", "failed"], statements: rest, counted: ["alive"] },
];

/** A write statement: its text, and the parts whose columns are its values, before the expected count and what is told. */
export interface WriteStatement {
  readonly name: string;
  readonly text: string;
  readonly parts: readonly Part[];
}

/** The statement for a batch that has these parts, with or without telling other instances. */
export function writeStatement(used: ReadonlySet<Part>, told: boolean): WriteStatement {
  const wanted = groups.filter((group, index) => index === 0 || group.parts.some((part) => used.has(part)));
  const name = `write${wanted.map((group) => groups.indexOf(group)).join("")}${told ? "t" : ""}`;
  const known = statements.get(name);
  if (known !== undefined) return known;
  const all = wanted.flatMap((group) => group.parts);
  const places = new Map<string, string>();
  let next = 1;
  for (const part of all) {
    const columns = Object.entries(parts[part]).map(([column, type]) => {
      const place = `$${next++}::${type}[]`;
      places.set(`${part}.${column}`, place);
      return { column, place };
    });
    const names = columns.map(({ column }) => `"${column}"`).join(", ");
    places.set(part, `unnest(${columns.map(({ place }) => place).join(", ")}) AS x(${names})`);
  }
  const filled = wanted
    .map((group) => group.statements)
    .join("")
    .replace(/\{([\w.]+)\}/g, (_, place: string) => places.get(place) ?? "");
  const counts = wanted.flatMap((group) => group.counted).map((from) => `(SELECT count(*) FROM ${from})`);
  const check = `SELECT 1 / CASE WHEN ${counts.join(" + ")} = $${next++}::int THEN 1 ELSE 0 END`;
  const tell = told ? `, (SELECT count(pg_notify('fadder', payload)) FROM unnest($${next}::text[]) AS payload)` : "";
  const statement = { name, text: `WITH ${filled} ${check}${tell}`, parts: all };
  statements.set(name, statement);
  return statement;
}

const statements = new Map<string, WriteStatement>();
