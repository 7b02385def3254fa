import type { Log } from "../engine/adapter.ts";
import type { Box } from "./box.ts";
import { createJobs } from "./jobs.ts";
import { createKeep } from "./keep.ts";
import { createLanes } from "./lanes.ts";
import { mergePersons } from "./merge.ts";
import type { Sql } from "./sql.ts";
import { dueTimers } from "./timers.ts";
import type { OutboxStore, Store } from "./types.ts";
import { undoMerge } from "./unmerge.ts";
import { createUpkeep } from "./upkeep.ts";
import type { WorkBell } from "./work.ts";

/** What both databases need to open. */
export interface OpenOptions {
  readonly url: string;
  readonly now: () => number;
  readonly log: Log;
  readonly backupDir?: string | undefined;
  /** Apply missing migrations (the default); without it an incomplete database is refused. */
  readonly migrate?: boolean | undefined;
  /**
   * `server` (the default) has a SQLite file for itself and hears other instances. A `command` works beside a running server and
   * writes in pieces below 50 ms; it migrates only where no server is running.
   */
  readonly use?: "server" | "command" | undefined;
}

/** The part of a store that is the same on both databases. */
export function sharedParts(
  sql: Sql,
  step: OutboxStore["step"],
  bell: WorkBell,
  box: Box,
): Pick<
  Store,
  | "outbox"
  | "sql"
  | "tell"
  | "dueTimers"
  | "jobs"
  | "jobDone"
  | "jobFailed"
  | "mergePersons"
  | "undoMerge"
  | "keep"
  | "onWork"
  | "upkeep"
> {
  const lanes = createLanes(sql);
  return {
    outbox: {
      ...lanes,
      step,
      async sendAgain(seq, now) {
        const done = await lanes.sendAgain(seq, now);
        if (done) {
          const rows = await sql.all(`SELECT lane FROM "Outbox" WHERE seq = $1`, [seq]);
          bell.ring({ lanes: rows.map((row) => String(row.lane)), chats: [], jobs: false });
        }
        return done;
      },
    },
    sql,
    tell: bell.ring,
    dueTimers: (now, limit) => dueTimers(sql, now, limit),
    ...createJobs(sql),
    mergePersons: (...given) => mergePersons(sql, box, ...given),
    undoMerge: (id, now) => undoMerge(sql, box, id, now),
    keep: (adapter) => createKeep(sql, box, adapter),
    onWork: bell.on,
    upkeep: createUpkeep(sql),
  };
}
