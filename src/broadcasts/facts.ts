import type { StreamedRow } from "../engine/adapter.ts";
import { rootId } from "../people/standing.ts";
import { deliveryOf } from "../store/delivery.ts";
import { number, type Sql, text } from "../store/sql.ts";
import { eachWindow } from "./write.ts";

/** How many people each thing is true of; `delivered` counts only what a platform has told. */
export interface Numbers {
  readonly people: number;
  readonly planned: number;
  readonly sent: number;
  readonly delivered: number;
  readonly acted: number;
  readonly acknowledged: number;
  readonly failed: number;
  readonly skipped: number;
  readonly unknown: number;
  readonly cancelled: number;
  /** How many chose each option, by its number. */
  readonly answers: Readonly<Record<string, number>>;
}

/** Fewer people than this are not told as a figure about answers: it could point at somebody. */
export const fewest = 5;

/** Counts the deliveries of a broadcast, in pieces. */
export async function numbersOf(sql: Sql, broadcast: string): Promise<Numbers> {
  const states: Record<string, number> = {};
  const answers: Record<string, number> = {};
  let [people, delivered, acted, acknowledged] = [0, 0, 0, 0];
  await eachWindow(sql, broadcast, async (where, values) => {
    const rows = await sql.all(
      `SELECT d.state, coalesce(d.answer, '') AS answer, count(*) AS people, count(d."deliveredAt") AS delivered,
        count(d."actedAt") AS acted, count(d."acknowledgedAt") AS acknowledged
        FROM "BroadcastDelivery" d WHERE ${where} GROUP BY d.state, coalesce(d.answer, '')`,
      values,
    );
    for (const row of rows) {
      const count = number(row, "people");
      const answer = text(row, "answer");
      states[text(row, "state")] = (states[text(row, "state")] ?? 0) + count;
      if (answer !== "") answers[answer] = (answers[answer] ?? 0) + count;
      people += count;
      delivered += number(row, "delivered");
      acted += number(row, "acted");
      acknowledged += number(row, "acknowledged");
    }
    return false;
  });
  const state = (name: string): number => states[name] ?? 0;
  return {
    people,
    planned: state("planned"),
    sent: state("sent"),
    delivered,
    acted,
    acknowledged,
    failed: state("failed"),
    skipped: state("skipped"),
    unknown: state("unknown"),
    cancelled: state("cancelled"),
    answers,
  };
}

/** What became of a press. */
export interface Pressed {
  readonly result: "acknowledged" | "answered" | "already" | "none";
  /** The number of the option that counts. */
  readonly option?: string;
}

/**
 * Notes a press under a message of a broadcast: an acknowledgement, an answer, or the way to the next step. An answer counts
 * once: a second one changes nothing and the first is named. `none` where this person has no delivery of it.
 * Run again after a crash it says the same.
 */
export async function notePress(
  sql: Sql,
  press: { readonly broadcast: string; readonly person: string; readonly what: string; readonly now: number },
): Promise<Pressed> {
  const { broadcast, person, what, now } = press;
  // Whoever was merged into somebody, before or after the message left, is one person with them.
  const mine = `"broadcastId" = $1 AND ("personId" = $2 OR "personId" IN
    (SELECT id FROM "FormerPerson" WHERE "personId" = $2 UNION SELECT "personId" FROM "FormerPerson" WHERE id = $2))`;
  const isOption = /^[1-6]$/u.test(what);
  const changed = await sql.run(
    `UPDATE "BroadcastDelivery" SET "actedAt" = coalesce("actedAt", CAST($3 AS BIGINT))
      ${what === "ack" ? ', "acknowledgedAt" = coalesce("acknowledgedAt", CAST($3 AS BIGINT))' : ""}
      ${isOption ? ", answer = coalesce(answer, CAST($4 AS TEXT))" : ""}
      WHERE ${mine}`,
    isOption ? [broadcast, person, now, what] : [broadcast, person, now],
  );
  if (changed === 0 || what === "next" || what === "reply") return { result: "none" };
  if (!isOption) return { result: "acknowledged" };
  const [row] = await sql.all(
    `SELECT coalesce(answer, '') AS answer FROM "BroadcastDelivery" WHERE ${mine} ORDER BY "actedAt" LIMIT 1`,
    [broadcast, person],
  );
  const option = row === undefined ? what : text(row, "answer");
  return { result: option === what ? "answered" : "already", option };
}

/** Notes that a page or a terminal got these messages to show, where they are of broadcasts; the first time counts. */
export async function noteShown(
  sql: Sql,
  rows: readonly Pick<StreamedRow, "kind" | "parts">[],
  now: number,
): Promise<void> {
  for (const row of rows) {
    const of = deliveryOf(row);
    if (of === undefined) continue;
    await sql.run(
      `UPDATE "BroadcastDelivery" SET "deliveredAt" = $3 WHERE "broadcastId" = $1 AND "deliveredAt" IS NULL
        AND "personId" = coalesce((SELECT "personId" FROM "FormerPerson" WHERE id = $2), $2)`,
      [of.broadcast, of.person, now],
    );
  }
}

/** One person's facts, as the page of a broadcast shows them. Instants are epoch milliseconds. */
export interface PersonFacts {
  readonly person: string;
  readonly name: string;
  readonly state: string;
  readonly reason: string | null;
  readonly sentAt: number | null;
  readonly deliveredAt: number | null;
  readonly actedAt: number | null;
  readonly acknowledgedAt: number | null;
}

/** Facts of up to `limit` people after an id, of people of these organisations alone. */
export async function factsAfter(
  sql: Sql,
  broadcast: string,
  which: {
    readonly after: string;
    readonly limit: number;
    readonly state?: string | undefined;
    readonly organisations: readonly string[];
  },
): Promise<readonly PersonFacts[]> {
  const { after, limit, state, organisations } = which;
  const own = `SELECT 1 FROM "Membership" m WHERE m."personId" = d."personId"`;
  const among =
    sql.kind === "sqlite" ? "(SELECT value FROM json_each($3))" : "(SELECT json_array_elements_text(CAST($3 AS json)))";
  const alone = organisations.includes(rootId) ? `OR NOT EXISTS (${own})` : "";
  const rows = await sql.all(
    `SELECT d."personId", coalesce(p.name, '') AS name, d.state, d.reason, d."sentAt", d."deliveredAt", d."actedAt", d."acknowledgedAt"
      FROM "BroadcastDelivery" d LEFT JOIN "Person" p ON p.id = d."personId"
      WHERE d."broadcastId" = $1 AND d."personId" > $2 ${state === undefined ? "" : "AND d.state = $4"}
        AND (EXISTS (${own} AND m."organisationId" IN ${among}) ${alone})
      ORDER BY d."personId" LIMIT ${limit}`,
    [broadcast, after, JSON.stringify(organisations), ...(state === undefined ? [] : [state])],
  );
  const instant = (value: unknown): number | null => (typeof value === "number" ? value : null);
  return rows.map((row) => ({
    person: text(row, "personId"),
    name: text(row, "name"),
    state: text(row, "state"),
    reason: typeof row.reason === "string" ? row.reason : null,
    sentAt: instant(row.sentAt),
    deliveredAt: instant(row.deliveredAt),
    actedAt: instant(row.actedAt),
    acknowledgedAt: instant(row.acknowledgedAt),
  }));
}
