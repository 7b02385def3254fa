#!/usr/bin/env node
// Generates both Prisma clients into generated/ from prisma/schema.prisma. Does nothing where they are up to date.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { postgresqlSchema } from "./derive.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const require = createRequire(import.meta.url);
const schemaPath = join(root, "prisma", "schema.prisma");
const schema = readFileSync(schemaPath, "utf8");
const prisma = require.resolve("prisma/package.json");
const stampPath = join(root, "generated", "stamp");
const stamp = createHash("sha256")
  .update(schema)
  .update(JSON.parse(readFileSync(prisma, "utf8")).version)
  .update(readFileSync(fileURLToPath(import.meta.url)))
  .digest("hex");

const complete = ["sqlite", "postgresql"].every((kind) => existsSync(join(root, "generated", kind, "client.ts")));
if (complete && existsSync(stampPath) && readFileSync(stampPath, "utf8") === stamp) process.exit(0);

const derivedPath = join(root, "prisma", ".derived", "postgresql.prisma");
mkdirSync(dirname(derivedPath), { recursive: true });
writeFileSync(derivedPath, postgresqlSchema(schema));
generate(schemaPath);
generate(derivedPath);
writeFileSync(stampPath, stamp);

function generate(file) {
  const run = spawnSync(process.execPath, [join(dirname(prisma), "build", "index.js"), "generate", "--schema", file], {
    cwd: root,
    encoding: "utf8",
    // `generate` never starts the schema engine, but the command line looks for its binary and would fetch it.
    env: { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: "/bin/true", PRISMA_HIDE_UPDATE_MESSAGE: "1" },
  });
  if (run.status !== 0) {
    process.stderr.write(`${run.stdout}\n${run.stderr}\n`);
    throw new Error(`prisma generate failed for ${file}`);
  }
}
