import type { Adapter } from "../engine/adapter.ts";
import { number, type Sql, text } from "../store/sql.ts";
import { outboxStatus } from "../store/types.ts";

/** How much waits in each lane at this moment, kept up to date while messages are added. */
export interface Queues {
  /** How long a lane needs for what waits in it, milliseconds; pushes get four fifths of its limits. */
  waitMs(lane: string): number;
  /** One more message that may leave now. */
  add(lane: string): void;
  /** Whether a lane will soon have nothing to send. What is streamed never waits. */
  isLow(lane: string): boolean;
}

/** Messages are written so far ahead of a lane, milliseconds of its sending. */
const aheadMs = 30_000;

/** Counts what waits and may leave now. */
export async function queuesNow(sql: Sql, adapters: readonly Adapter[], now: number): Promise<Queues> {
  const rows = await sql.all(
    `SELECT lane, count(*) AS waiting FROM "Outbox"
      WHERE status = 0 AND status = ${outboxStatus.waiting} AND lane > '' AND "notBefore" <= $1 GROUP BY lane`,
    [now],
  );
  const waiting = new Map(rows.map((row) => [text(row, "lane"), number(row, "waiting")]));
  const perMessage = new Map(adapters.map((adapter) => [adapter.channel, msPerPush(adapter)]));
  const waitMs = (lane: string): number =>
    (waiting.get(lane) ?? 0) * (perMessage.get(lane.slice(0, lane.indexOf(":"))) ?? 0);
  return {
    waitMs,
    add: (lane) => void waiting.set(lane, (waiting.get(lane) ?? 0) + 1),
    isLow: (lane) => waitMs(lane) < aheadMs,
  };
}

function msPerPush({ capabilities }: Adapter): number {
  const rates = capabilities.rates.filter((rate) => rate.scope === "lane");
  return Math.max(0, ...rates.map((rate) => rate.perMs / (rate.count * 0.8)));
}
