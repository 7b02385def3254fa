#!/usr/bin/env node
// `npm test`: generates and builds what tests start, runs them all, and says at the end what was skipped and why.
// Arguments go to vitest. Ends with "N passed, N failed, N skipped".
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const folder = mkdtempSync(join(tmpdir(), "fadder-test-"));
const report = join(folder, "report.json");
try {
  node("build", join(root, "scripts", "build.mjs"));
  const { status } = spawnSync(
    process.execPath,
    [
      join(root, "node_modules", "vitest", "vitest.mjs"),
      "run",
      "--reporter=default",
      "--reporter=json",
      `--outputFile.json=${report}`,
      ...process.argv.slice(2),
    ],
    { cwd: root, stdio: "inherit" },
  );
  if (!existsSync(report)) stop("vitest wrote no report");
  await summarise(JSON.parse(readFileSync(report, "utf8")));
  if (status !== 0) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function summarise({ testResults, numPassedTests, numFailedTests, numTotalTests }) {
  const skipped = new Map();
  let broken = 0;
  for (const file of testResults) {
    const count = file.assertionResults.filter(
      ({ status }) => status === "skipped" || status === "pending" || status === "todo",
    ).length;
    if (count > 0) skipped.set(relative(root, file.name), count);
    if (file.status === "failed" && file.assertionResults.every(({ status }) => status !== "failed")) broken += 1;
  }
  const total = [...skipped.values()].reduce((sum, count) => sum + count, 0);
  if (total > 0) {
    process.stdout.write(`\nSkipped. What is not here:\n`);
    for (const reason of await reasons()) process.stdout.write(`  ${reason}\n`);
    for (const [file, count] of skipped) process.stdout.write(`    ${file}: ${count}\n`);
  }
  // A file that does not load has no tests to count; it must not look like success.
  const failed = numFailedTests + broken;
  if (failed > 0 || numTotalTests === 0) process.exitCode = 1;
  process.stdout.write(`${numPassedTests} passed, ${failed} failed, ${total} skipped\n`);
}

/** What tests need beyond `npm ci`, as far as it is not here. */
async function reasons() {
  const found = [];
  const server = process.env.TEST_POSTGRESQL_URL ?? "postgresql://postgres@127.0.0.1:5432/postgres";
  const { hostname, port, host } = new URL(server);
  if (!(await answers(hostname, Number(port || 5432)))) {
    found.push(
      `no PostgreSQL at ${host}: start one, or set TEST_POSTGRESQL_URL to a server where databases may be made`,
    );
  }
  const folders = (process.env.PATH ?? "").split(delimiter).map((path) => join(path, "chromium"));
  if (![process.env.FADDER_CHROMIUM, "/usr/bin/chromium", ...folders].some((path) => path && existsSync(path))) {
    found.push("no browser: install Chromium, or set FADDER_CHROMIUM");
  }
  const pythons = [process.env.FADDER_PYTHON, "/usr/bin/python3", "python3"].filter((path) => path);
  if (!pythons.some((path) => spawnSync(path, ["-c", "import pyld, cryptography"]).status === 0))
    found.push("no Python with pyld and cryptography: install python3-pyld and python3-cryptography");
  if (!process.env.FADDER_SLOW) found.push("tests that take minutes: set FADDER_SLOW=1");
  if (process.getuid?.() !== 0) found.push("not root: the image's steps change the user");
  return found;
}

function answers(host, port) {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 2_000 });
    const end = (answer) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once("connect", () => end(true));
    socket.once("timeout", () => end(false));
    socket.once("error", () => end(false));
  });
}

function node(name, ...command) {
  const { status } = spawnSync(process.execPath, command, { cwd: root, stdio: "inherit" });
  if (status !== 0) stop(`the ${name} failed`);
}

function stop(sentence) {
  process.stderr.write(`${sentence}\n`);
  rmSync(folder, { recursive: true, force: true });
  process.exit(1);
}
