#!/usr/bin/env node
// `npm run check`: everything that can be said about the code without running the product. All checks run, whatever the
// ones before said. Ends with "N passed, N failed".
import { spawnSync } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const tool = (name, path) => join(root, "node_modules", name, path);
const script = (name) => join(root, "scripts", name);

const checks = [
  // First, since what follows reads it: the generated clients, and what scripts take from dist.
  ["build", script("build.mjs")],
  ["types", tool("typescript", "bin/tsc"), "-p", "tsconfig.json"],
  ["formatting and lint", tool("@biomejs/biome", "bin/biome"), "check", "--error-on-warnings"],
  ["import rule", script("check-modules.mjs")],
  ["platform names", script("check-names.mjs")],
  // Generated clients are not in git, and what they import is used.
  ["unused code", tool("knip", "bin/knip.js"), "--no-gitignore"],
  ["migrations", script("migration.mjs"), "--check"],
  ["words", script("check-words.mjs")],
  ["programmes", join(root, "bin", "fadder.js"), "programmes", "check"],
];

const failed = [];
for (const [name, ...command] of checks) {
  const { status, stdout, stderr } = spawnSync(process.execPath, command, {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 2 ** 28,
  });
  process.stdout.write(`${status === 0 ? "ok    " : "FAILED"}  ${name}\n`);
  if (status === 0) continue;
  failed.push(name);
  process.stdout.write(`${stdout}${stderr}\n`);
}
if (failed.length > 0) process.stdout.write(`Failed: ${failed.join(", ")}\n`);
process.stdout.write(`${checks.length - failed.length} passed, ${failed.length} failed\n`);
process.exitCode = failed.length > 0 ? 1 : 0;
