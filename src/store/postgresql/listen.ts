import pg from "pg";
import type { Log } from "../../engine/adapter.ts";
import type { Work, WorkBell } from "../work.ts";
import { connectionConfig } from "./pool.ts";

/** Held shared by every server, and exclusively by a restore: a restored database must have nobody at work. */
export const serverLock = 72707370;

/** The server refuses payloads of 8,000 bytes and more: https://www.postgresql.org/docs/current/sql-notify.html */
const maxPayload = 7_000;

/** One connection that hears what other instances have committed, and comes back by itself when it is lost. */
export async function listen(
  url: string,
  instance: string,
  bell: WorkBell,
  log: Log,
): Promise<{ close(): Promise<void> }> {
  let client: pg.Client | undefined;
  let closed = false;
  let timer: NodeJS.Timeout | undefined;

  async function connect(): Promise<void> {
    const next = new pg.Client(connectionConfig(url));
    next.on("error", (error) => lost(next, error));
    next.on("end", () => lost(next, new Error("the connection was closed")));
    next.on("notification", ({ payload }) => {
      const told = JSON.parse(payload ?? "{}") as Work & { readonly from?: string };
      if (told.from !== instance) bell.ring({ lanes: told.lanes, chats: told.chats, jobs: told.jobs });
    });
    try {
      await next.connect();
      const { rows } = await next.query("SELECT pg_try_advisory_lock_shared($1) AS free", [serverLock]);
      if (rows[0]?.free !== true) throw new Error("the database is being restored; start again when that is done");
      await next.query("LISTEN fadder");
      client = next;
    } catch (error) {
      await next.end().catch(() => undefined);
      throw error;
    }
  }

  function lost(which: pg.Client, error: Error): void {
    if (closed || client !== which) return;
    client = undefined;
    log.warn({ error: error.message }, "the connection that hears other instances was lost");
    which.end().catch(() => undefined);
    again(250);
  }

  function again(waitMs: number): void {
    timer = setTimeout(async () => {
      try {
        await connect();
        if (closed) await client?.end();
        else await catchUp();
      } catch (error) {
        log.warn({ error: String(error) }, "the connection that hears other instances is not back yet");
        if (!closed) again(Math.min(waitMs * 2, 5_000));
      }
    }, waitMs);
    timer.unref();
  }

  /** What may have been told while nobody listened. */
  async function catchUp(): Promise<void> {
    const lanes = await client?.query<{ name: string }>(`SELECT name FROM "Lane"`);
    const chats = await client?.query<{ id: string }>(
      `SELECT DISTINCT "addressId" AS id FROM "Outbox" WHERE status >= 1 AND lane = '' AND status = 5
        AND "createdAt" > (SELECT max("createdAt") FROM "Outbox" WHERE status >= 1 AND lane = '' AND status = 5) - 60000`,
    );
    bell.ring({
      lanes: lanes?.rows.map((row) => row.name) ?? [],
      chats: chats?.rows.map((row) => row.id) ?? [],
      jobs: true,
    });
  }

  await connect();
  return {
    async close() {
      closed = true;
      clearTimeout(timer);
      await client?.end().catch(() => undefined);
    },
  };
}

/** The payloads that tell other instances of this work: as few as fit. */
export function payloadsOf(instance: string, work: Work): readonly string[] {
  const all = [
    ...work.lanes.map((name) => ["lanes", name] as const),
    ...work.chats.map((name) => ["chats", name] as const),
  ];
  const payloads: string[] = [];
  let part = { from: instance, lanes: [] as string[], chats: [] as string[], jobs: work.jobs };
  let size = 0;
  for (const [list, name] of all) {
    const bytes = Buffer.byteLength(JSON.stringify(name)) + 1;
    if (size > 0 && size + bytes > maxPayload) {
      payloads.push(JSON.stringify(part));
      part = { from: instance, lanes: [], chats: [], jobs: work.jobs };
      size = 0;
    }
    part[list].push(name);
    size += bytes;
  }
  if (size > 0) payloads.push(JSON.stringify(part));
  return payloads;
}
