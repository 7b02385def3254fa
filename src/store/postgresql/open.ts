import { randomUUID } from "node:crypto";
import type { Box } from "../box.ts";
import { loadMigrations, MigrationError, pendingOf } from "../migrations.ts";
import { movedWork } from "../moves.ts";
import { type OpenOptions, sharedParts } from "../parts.ts";
import { workOf } from "../rows.ts";
import type { OutboxStore, Store } from "../types.ts";
import { createWorkBell, type Work } from "../work.ts";
import { classify } from "./errors.ts";
import { listen, payloadsOf } from "./listen.ts";
import { appliedIn, migratePostgresql } from "./migrate.ts";
import { createPool, createPostgresqlSql } from "./pool.ts";
import { createDatabase } from "./prisma.ts";
import { createRead } from "./read.ts";
import { createStep } from "./step.ts";
import { createWrite } from "./write.ts";

/** Opens a PostgreSQL database that any number of instances may share. */
export async function openPostgresql(options: OpenOptions, box: Box): Promise<Store> {
  const { url, log } = options;
  const instance = randomUUID();
  const bell = createWorkBell(log);
  const migrations = loadMigrations("postgresql");
  const pool = createPool(url, log);
  try {
    if (options.migrate !== false) await migratePostgresql(url, migrations);
    const ready = async () => {
      const [first] = pendingOf(migrations, await appliedIn(pool));
      if (first !== undefined) {
        throw new MigrationError(`the database lacks the migration ${first.name}: run "npx fadder migrate"`);
      }
    };
    await ready();
    const ear = options.use === "command" ? undefined : await listen(url, instance, bell, log);
    const sql = createPostgresqlSql(pool);
    const db = createDatabase(pool);
    /** Tells every instance of what was written beside the hot path. */
    const tell = (work: Work): void => {
      bell.ring(work);
      const payloads = payloadsOf(instance, work);
      if (payloads.length === 0) return;
      const told = pool.query("SELECT pg_notify('fadder', payload) FROM unnest($1::text[]) AS payload", [payloads]);
      // Whoever did not hear it looks by itself after a moment.
      told.catch((error: Error) => log.warn({ error: error.message }, "other instances could not be told of new work"));
    };
    const step = createStep(pool, (moved) => tell(movedWork(moved)));
    const shared = { ...sharedParts(sql, step, bell, box), tell };
    const write = createWrite(pool);
    const held = new Set<string>();
    let closing: Promise<void> | undefined;
    return {
      kind: "postgresql",
      db,
      read: createRead(pool),
      async write(turns) {
        const work = workOf(turns);
        // Lanes that this instance holds concern nobody else.
        const elsewhere = { ...work, lanes: work.lanes.filter((lane) => !held.has(lane)) };
        await write(turns, payloadsOf(instance, elsewhere));
        bell.ring(work);
      },
      ...shared,
      outbox: noting(shared.outbox, held),
      async ready() {
        try {
          await ready();
        } catch (error) {
          throw classify(error);
        }
      },
      close() {
        closing ??= (async () => {
          await ear?.close();
          await db.$disconnect();
          await pool.end();
        })();
        return closing;
      },
    };
  } catch (error) {
    await pool.end();
    throw classify(error);
  }
}

/** Keeps `held` the lanes of this instance, as far as it knows. */
function noting(outbox: OutboxStore, held: Set<string>): OutboxStore {
  return {
    ...outbox,
    async take(...given) {
      const leases = await outbox.take(...given);
      for (const lease of leases) held.add(lease.name);
      return leases;
    },
    async renew(...given) {
      const leases = await outbox.renew(...given);
      held.clear();
      for (const lease of leases) held.add(lease.name);
      return leases;
    },
    async release(holder) {
      held.clear();
      await outbox.release(holder);
    },
  };
}
