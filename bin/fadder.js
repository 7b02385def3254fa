#!/usr/bin/env node
// The command line's door. Builds first where dist/ is missing or older than the sources, then runs what was built.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
/** Written at the end of a build, so a build that broke off counts as none. */
const built = join(root, "dist", "built");
/** What the build is made from. */
const sources = [
  "src",
  "adapters",
  "dialogs",
  "prisma/schema.prisma",
  "tsconfig.json",
  "tsconfig.build.json",
  "package.json",
];

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  stop(
    `Fadder needs Node 20.19 or newer; this is ${process.versions.node}. Install a newer one from https://nodejs.org/.`,
  );
}
if (isStale()) build();

const { main } = await import(pathToFileURL(join(root, "dist", "src", "main.js")).href);
await main(process.argv.slice(2));

function isStale() {
  if (!existsSync(built)) return true;
  // An image holds what was built and none of what it was built from.
  if (!existsSync(join(root, "src"))) return false;
  const since = statSync(built).mtimeMs;
  return sources.some((path) => existsSync(join(root, path)) && newest(join(root, path)) > since);
}

/** When a file, or anything below a folder, last changed. */
function newest(path) {
  const info = statSync(path);
  if (!info.isDirectory()) return info.mtimeMs;
  return readdirSync(path).reduce((latest, name) => Math.max(latest, newest(join(path, name))), info.mtimeMs);
}

function build() {
  if (!hasTools()) {
    // A production install has no compiler; what was built elsewhere is what there is to run.
    if (existsSync(built)) return;
    stop("Fadder is not built, and the tools that build it are not installed. Run: npm ci && npm run build");
  }
  const lock = join(root, "node_modules", ".cache", "fadder-build.lock");
  takeTurn(lock);
  try {
    // Somebody else may have built it while this process waited.
    if (!isStale()) return;
    const started = performance.now();
    process.stderr.write(
      existsSync(built)
        ? "The sources have changed: building Fadder.\n"
        : "First start: building Fadder, about half a minute.\n",
    );
    const run = spawnSync(process.execPath, [join(root, "scripts", "build.mjs")], {
      cwd: root,
      stdio: ["ignore", 2, 2],
    });
    if (run.status !== 0) {
      rmSync(lock, { force: true });
      stop("The build failed; the lines above say where. Nothing was started.");
    }
    process.stderr.write(`Built in ${Math.round((performance.now() - started) / 1000)} s.\n`);
  } finally {
    rmSync(lock, { force: true });
  }
}

/** Several starts at once build once: waits while the process that holds the lock file lives. */
function takeTurn(lock) {
  mkdirSync(dirname(lock), { recursive: true });
  for (;;) {
    try {
      writeFileSync(lock, String(process.pid), { flag: "wx" });
      return;
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
    }
    if (lives(lock)) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
    else rmSync(lock, { force: true });
  }
}

function lives(lock) {
  try {
    // Written a moment after it was made: an empty file has an owner too.
    const pid = Number(readFileSync(lock, "utf8"));
    if (pid > 0) process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

function hasTools() {
  const tools = ["scripts/build.mjs", "node_modules/typescript/package.json", "node_modules/prisma/package.json"];
  return tools.every((path) => existsSync(join(root, path)));
}

function stop(sentence) {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
}
