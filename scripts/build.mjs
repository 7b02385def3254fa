#!/usr/bin/env node
// `npm run build`: generates the database clients and compiles everything into dist/. Says what it does.
import { spawnSync } from "node:child_process";
import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const require = createRequire(import.meta.url);
const dist = join(root, "dist");

// Made elsewhere and put in place whole: a server that runs never meets half a build, and no file of an old one stays.
const fresh = join(root, "node_modules", ".cache", `fadder-build-${process.pid}`);
rmSync(fresh, { recursive: true, force: true });
mkdirSync(fresh, { recursive: true });

step("  generating the database clients …", join(root, "scripts", "generate.mjs"));
const tsc = join(dirname(require.resolve("typescript/package.json")), "bin", "tsc");
step("  compiling …", tsc, "-p", "tsconfig.build.json", "--outDir", fresh);
step("  compiling the programmes …", join(root, "scripts", "build-programmes.mjs"), fresh);
writeFileSync(join(fresh, "built"), "");
// Two builds may end at once: each moves the old one away whole, and the one that comes second leaves the other's in place.
const before = `${fresh}-before`;
move(dist, before);
move(fresh, dist);
for (const left of [before, fresh]) rmSync(left, { recursive: true, force: true });

/** Moves a folder, where it is there and its place is free. */
function move(from, to) {
  try {
    renameSync(from, to);
  } catch (error) {
    if (!["ENOENT", "ENOTEMPTY", "EEXIST"].includes(error.code)) throw error;
  }
}

function step(sentence, ...command) {
  process.stdout.write(`${sentence}\n`);
  const { status } = spawnSync(process.execPath, command, { cwd: root, stdio: "inherit" });
  if (status === 0) return;
  rmSync(fresh, { recursive: true, force: true });
  process.exit(status ?? 1);
}
