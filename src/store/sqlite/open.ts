import type { Box } from "../box.ts";
import { createFlights, noteHanded } from "../flights.ts";
import { handedRows } from "../hand.ts";
import { loadMigrations, MigrationError, pendingOf } from "../migrations.ts";
import { movedWork } from "../moves.ts";
import { type OpenOptions, sharedParts } from "../parts.ts";
import { workHere } from "../rows.ts";
import type { Lease, Store } from "../types.ts";
import { createWorkBell } from "../work.ts";
import { classify } from "./errors.ts";
import { bulkCheckpointPages, type Connection, connect, lock, sqlitePath } from "./file.ts";
import { createGate } from "./gate.ts";
import { createHotPath } from "./hot.ts";
import { appliedIn, migrateSqlite } from "./migrate.ts";
import { createDatabase } from "./prisma.ts";
import { createSqliteSql } from "./sql.ts";
import { createStep } from "./step.ts";

/** Opens the SQLite file: two connections of the driver and Prisma's, all behind one gate. */
export async function openSqlite(options: OpenOptions, box: Box): Promise<Store> {
  const path = sqlitePath(options.url);
  const server = options.use !== "command";
  const unlock = lock(path);
  if (unlock === undefined && server) {
    throw new Error(
      `another Fadder server has ${path} open. Stop it first; several instances share the work only on PostgreSQL ` +
        "(DATABASE_URL=postgresql://…).",
    );
  }
  try {
    const migrations = loadMigrations("sqlite");
    if (unlock !== undefined && options.migrate !== false) migrateSqlite({ ...options, path, migrations });
    const main = connect(path);
    try {
      complete(main, migrations);
    } catch (error) {
      main.close();
      throw error;
    }
    if (!server) unlock?.();
    return assemble(path, main, options, box, server ? unlock : undefined);
  } catch (error) {
    unlock?.();
    throw classify(error);
  }
}

function assemble(
  path: string,
  main: Connection,
  options: OpenOptions,
  box: Box,
  unlock: (() => void) | undefined,
): Store {
  const side = connect(path, bulkCheckpointPages);
  const gate = createGate();
  const bell = createWorkBell(options.log);
  const sql = createSqliteSql(main, side, gate);
  const hot = createHotPath(main, gate);
  const flightOf = createFlights();
  const db = createDatabase(path, gate);
  // Nobody else has this file: whoever held its lanes and jobs is gone.
  if (unlock !== undefined) {
    main.exec(`UPDATE "Lane" SET until = NULL, holder = NULL WHERE holder IS NOT NULL`);
    main.exec(`UPDATE "Job" SET "takenUntil" = NULL WHERE "takenUntil" IS NOT NULL`);
  }
  let closing: Promise<void> | undefined;
  return {
    kind: "sqlite",
    db,
    read: hot.read,
    async write(turns) {
      const rows = await hot.write(turns);
      const leaves = (lease: Lease, seq: number) => noteHanded(flightOf(lease), seq);
      bell.ring(workHere(turns, handedRows(rows, leaves)));
    },
    ...sharedParts(
      sql,
      createStep(main, gate, hot.ride, flightOf, (moved) => bell.ring(movedWork(moved))),
      bell,
      box,
    ),
    async ready() {
      try {
        complete(main, loadMigrations("sqlite"));
      } catch (error) {
        throw classify(error);
      }
    },
    close() {
      closing ??= (async () => {
        await db.$disconnect();
        await gate.run(() => {
          side.close();
          main.close();
          unlock?.();
        });
      })();
      return closing;
    },
  };
}

function complete(connection: Connection, migrations: ReturnType<typeof loadMigrations>): void {
  const [first] = pendingOf(migrations, appliedIn(connection));
  if (first !== undefined) {
    throw new MigrationError(
      `the database lacks the migration ${first.name}: stop the server and run "npx fadder migrate"`,
    );
  }
}
