#!/usr/bin/env node
// `npm run migration -- <name>` writes the next migration in both dialects from the difference between
// prisma/migrations/last.prisma and prisma/schema.prisma. `--check` says whether one is missing (exit 1). Needs no database.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { postgresqlSchema } from "./derive.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const migrations = join(root, "prisma", "migrations");
const lastPath = join(migrations, "last.prisma");
const empty = "-- This is an empty migration.";

const current = readFileSync(join(root, "prisma", "schema.prisma"), "utf8");
const last = existsSync(lastPath) ? readFileSync(lastPath, "utf8") : undefined;
const argument = process.argv[2];

if (argument === "--check") await check();
else if (argument !== undefined && /^[a-z][a-z0-9_]*$/.test(argument)) await write(argument);
else {
  console.error("Usage: npm run migration -- <name>   (a-z, 0-9 and _)\n       node scripts/migration.mjs --check");
  process.exitCode = 2;
}

async function check() {
  const { sqlite, postgresql } = await both();
  if (sqlite.trim() === empty && postgresql.trim() === empty) return;
  console.error(
    "prisma/schema.prisma has changes that no migration makes. Write one: npm run migration -- <name>\n\n" +
      `SQLite:\n${sqlite}\n\nPostgreSQL:\n${postgresql}`,
  );
  process.exitCode = 1;
}

async function write(name) {
  const scripts = await both();
  if (scripts.sqlite.trim() === empty && scripts.postgresql.trim() === empty) {
    console.log("Nothing to do: the schema has no changes since the last migration.");
    return;
  }
  const stamp = new Date().toISOString().replace(/\D/g, "").slice(0, 14);
  for (const [kind, script] of Object.entries(scripts)) {
    const folder = join(migrations, kind, `${stamp}_${name}`);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "migration.sql"), `${script.trim()}\n`);
    console.log(`Written: ${join(folder, "migration.sql")}`);
  }
  writeFileSync(lastPath, current);
  console.log("Read both files before you commit them: data that must be moved is moved by hand.");
}

async function both() {
  const engine = await loadEngine();
  return {
    sqlite: await diff(engine, "sqlite", last, current),
    postgresql: await diff(engine, "postgres", last && postgresqlSchema(last), postgresqlSchema(current)),
  };
}

async function diff({ SchemaEngine }, provider, from, to) {
  const datamodel = (content) => ({ tag: "schemaDatamodel", files: [{ path: "schema.prisma", content }] });
  const engine = await SchemaEngine.new({ datamodels: [["schema.prisma", to]] }, () => {}, stubAdapter(provider));
  const result = await engine.diff({
    from: from === undefined ? { tag: "empty" } : datamodel(from),
    to: datamodel(to),
    script: true,
    exitCode: null,
    filters: { externalTables: [], externalEnums: [] },
  });
  // Our tables live where the connection's search path points.
  return (result.stdout ?? empty).replace(/-- CreateSchema\nCREATE SCHEMA IF NOT EXISTS "public";\n*/, "");
}

/** The package is written for bundlers; Node wants the module instantiated by hand. */
async function loadEngine() {
  const require = createRequire(import.meta.url);
  const folder = dirname(require.resolve("@prisma/schema-engine-wasm"));
  const glue = await import(join(folder, "schema_engine_bg.js"));
  const binary = readFileSync(join(folder, "schema_engine_bg.wasm"));
  const { instance } = await WebAssembly.instantiate(binary, { "./schema_engine_bg.js": glue });
  glue.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start();
  return glue;
}

/** The engine wants a driver adapter and asks it for settings; a difference between two schema files needs no answer. */
function stubAdapter(provider) {
  const ok = (value) => ({ ok: true, value, map: (f) => ok(f(value)), flatMap: (f) => f(value) });
  const connection = {
    provider,
    adapterName: "stub",
    errorRegistry: { consumeError: () => undefined },
    queryRaw: async () => ok({ columnNames: [], columnTypes: [], rows: [] }),
    executeRaw: async () => ok(0),
    executeScript: async () => ok(undefined),
    getConnectionInfo: () => ok({ supportsRelationJoins: false }),
    dispose: async () => ok(undefined),
  };
  return {
    provider,
    adapterName: "stub",
    errorRegistry: connection.errorRegistry,
    connect: async () => ok(connection),
    connectToShadowDb: async () => ok(connection),
  };
}
