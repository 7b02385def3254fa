// Takes each guard away and lets the test that is named for it run: it must fail. A guard whose test still passes is no guard.
// The work is done in a copy, so that nothing here can be left behind in the tree.
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { guards } from "../tests/prove/guards.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const only = process.argv[2];
const copy = mkdtempSync(join(tmpdir(), "fadder-prove-"));

function run(guard) {
  const args = ["vitest", "run", guard.test, "-t", guard.name, "--reporter=json", "--silent"];
  const done = spawnSync("npx", ["--no-install", ...args], { cwd: copy, encoding: "utf8", maxBuffer: 1 << 28 });
  const json = done.stdout.slice(done.stdout.indexOf("{"));
  try {
    const { numPassedTests, numFailedTests } = JSON.parse(json);
    return { passed: numPassedTests, failed: numFailedTests };
  } catch {
    return { passed: 0, failed: 0, broken: `${done.stdout}${done.stderr}`.slice(-2000) };
  }
}

function without(guard, work) {
  const path = join(copy, guard.file);
  const source = readFileSync(path, "utf8");
  const parts = source.split(guard.take);
  if (parts.length !== 2)
    throw new Error(
      `${guard.promise}: the guard stands ${parts.length - 1} times in ${guard.file}, it must stand once`,
    );
  writeFileSync(path, parts.join(guard.leave));
  try {
    return work();
  } finally {
    writeFileSync(path, source);
  }
}

let failures = 0;
try {
  const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
    cwd: root,
    encoding: "utf8",
  })
    .trim()
    .split("\n");
  for (const file of files) {
    mkdirSync(dirname(join(copy, file)), { recursive: true });
    cpSync(join(root, file), join(copy, file));
  }
  for (const linked of ["node_modules", "generated"]) symlinkSync(join(root, linked), join(copy, linked));
  const chosen = guards.filter((guard) => only === undefined || guard.promise.includes(only));
  for (const guard of chosen) {
    const kept = run(guard);
    if (kept.broken || kept.failed > 0 || kept.passed === 0) {
      failures += 1;
      console.log(
        `✗ ${guard.promise}: the test "${guard.name}" does not pass with its guard (${kept.passed} passed, ${kept.failed} failed)\n${kept.broken ?? ""}`,
      );
      continue;
    }
    const taken = without(guard, () => run(guard));
    if (taken.failed > 0) console.log(`✓ ${guard.promise}: without the guard "${guard.name}" fails`);
    else {
      failures += 1;
      console.log(
        `✗ ${guard.promise}: without the guard in ${guard.file} the test "${guard.name}" still passes\n${taken.broken ?? ""}`,
      );
    }
  }
  console.log(`${chosen.length - failures} passed, ${failures} failed`);
} finally {
  rmSync(copy, { recursive: true, force: true });
}
process.exit(failures === 0 ? 0 : 1);
