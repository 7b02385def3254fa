#!/usr/bin/env node
// Performs the steps of the Dockerfile without Docker, in an empty directory: copies the context by .dockerignore, runs
// the RUN lines, then starts the result as user 10001 with the code read-only, checks its health and stops it with
// SIGTERM. Needs root, because it changes the user. Exit 0 only where every step did what it should.
import { spawn, spawnSync } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { basename, dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
if (process.getuid?.() !== 0) fail("needs root: the image's user 10001 is somebody else than you");

const work = mkdtempSync(join(tmpdir(), "fadder-image-"));
chmodSync(work, 0o755);
try {
  const context = join(work, "context");
  copyContext(context);
  const stage = performSteps(context);
  await tryImage(stage);
  say("every step did what it should");
} finally {
  rmSync(work, { recursive: true, force: true });
}

/** What `COPY . .` would see. The file names what goes in (`!path`) and what of that stays out. */
function copyContext(to) {
  const lines = readFileSync(join(root, ".dockerignore"), "utf8").split("\n");
  const rules = lines.map((line) => line.trim()).filter((line) => line !== "" && !line.startsWith("#"));
  if (rules[0] !== "*") fail(".dockerignore must begin with *");
  const out = rules.slice(1).filter((rule) => !rule.startsWith("!"));
  mkdirSync(to);
  for (const name of rules.filter((rule) => rule.startsWith("!")).map((rule) => rule.slice(1))) {
    cpSync(join(root, name), join(to, name), {
      recursive: true,
      preserveTimestamps: true,
      filter: (path) => !out.includes(relative(root, path)),
    });
  }
}

/** Runs the instructions stage by stage. Unknown ones stop the script, so that it cannot fall behind the Dockerfile. */
function performSteps(context) {
  const stages = new Map();
  let stage;
  for (const line of readFileSync(join(root, "Dockerfile"), "utf8").split("\n")) {
    if (line.trim() === "" || line.startsWith("#")) continue;
    const [word = "", ...rest] = line.split(/\s+/);
    say(line);
    if (word === "FROM") {
      const name = rest[1] === "AS" ? rest[2] : "final";
      stage = { files: join(work, name), cwd: "", env: {}, user: "", health: [], entry: [], args: [] };
      stages.set(name, stage);
      mkdirSync(stage.files);
    } else if (word === "WORKDIR") {
      stage.cwd = join(stage.files, rest[0]);
      mkdirSync(stage.cwd, { recursive: true });
    } else if (word === "ENV") {
      for (const pair of rest) stage.env[pair.split("=")[0]] = pair.slice(pair.indexOf("=") + 1);
    } else if (word === "COPY") copy(rest, stage, stages, context);
    else if (word === "RUN") run(rest.join(" "), stage);
    else if (word === "USER") stage.user = rest[0];
    else if (word === "HEALTHCHECK") stage.health = JSON.parse(line.slice(line.indexOf("[")));
    else if (word === "ENTRYPOINT") stage.entry = JSON.parse(line.slice(line.indexOf("[")));
    else if (word === "CMD") stage.args = JSON.parse(line.slice(line.indexOf("[")));
    else if (!["EXPOSE", "VOLUME"].includes(word)) fail(`this script does not know ${word}`);
  }
  return stage;
}

function copy(words, stage, stages, context) {
  const from = /^--from=(.+)$/.exec(words[0] ?? "")?.[1];
  const paths = from === undefined ? words : words.slice(1);
  const source = from === undefined ? context : stages.get(from).files;
  const to = join(stage.cwd, paths.at(-1));
  for (const path of paths.slice(0, -1)) {
    const file = join(source, path);
    // A folder's content goes into the target, a file goes in under its name.
    const target = statSync(file).isDirectory() ? to : join(to, basename(file));
    cpSync(file, target, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true });
  }
}

function run(command, stage) {
  // Paths outside of WORKDIR are the stage's own.
  const inside = command.replaceAll(/(^|\s)\/(?=\w)/g, `$1${stage.files}/`);
  const { status } = spawnSync("sh", ["-c", inside], {
    cwd: stage.cwd,
    env: { ...process.env, ...stage.env },
    stdio: ["ignore", "ignore", "inherit"],
  });
  if (status !== 0) fail(`the step failed with status ${status}: ${command}`);
}

async function tryImage(stage) {
  const [uid, gid] = stage.user.split(":").map(Number);
  if (uid !== 10001 || gid !== 10001) fail("the image must run as user 10001");
  const { status } = spawnSync("chmod", ["-R", "a-w,a+rX", stage.cwd]);
  if (status !== 0) fail("the code could not be made read-only");
  const data = join(stage.files, stage.env.DATA_DIR);
  const env = { PATH: process.env.PATH, ...stage.env, DATA_DIR: data, PORT: String(await freePort()) };
  const as = { cwd: stage.cwd, uid, gid };

  expectNoWriting(as, env);
  const started = performance.now();
  const child = spawn(node(stage.entry[0]), [...stage.entry.slice(1), ...stage.args], {
    ...as,
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  child.stdout.on("data", (chunk) => (output += chunk));
  child.stderr.on("data", (chunk) => (output += chunk));
  const exit = new Promise((resolve) => child.once("exit", (code, signal) => resolve(code ?? signal)));
  try {
    await until(
      () => spawnSync(node(stage.health[0]), stage.health.slice(1), { ...as, env }).status === 0,
      () => child.exitCode !== null,
    );
    say(`healthy after ${Math.round(performance.now() - started)} ms`);
    const ready = await fetch(`http://127.0.0.1:${env.PORT}/readyz`);
    if (ready.status !== 200) fail(`/readyz says ${ready.status}: ${await ready.text()}`);
    const page = await fetch(`http://127.0.0.1:${env.PORT}/`);
    if (page.status !== 200) fail(`the page says ${page.status}`);
    child.kill("SIGTERM");
    const code = await exit;
    if (code !== 0) fail(`SIGTERM ended it with ${code}, not with status 0`);
    say("SIGTERM ended it with status 0");
  } catch (error) {
    child.kill("SIGKILL");
    process.stderr.write(output);
    throw error;
  }
  say(`code and libraries: ${megabytes(stage.cwd)} MB`);
}

/** The user of the image must not be able to change what it runs. */
function expectNoWriting(as, env) {
  const attempt = "try{require('fs').writeFileSync('src-can-be-written','');process.exit(1)}catch{}";
  const { status } = spawnSync(process.execPath, ["-e", attempt], { ...as, env });
  if (status !== 0) fail("user 10001 can write into the code's folder");
}

function node(name) {
  return name === "node" ? process.execPath : name;
}

async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function until(isTrue, isOver) {
  for (const deadline = Date.now() + 60_000; Date.now() < deadline; ) {
    if (isTrue()) return;
    if (isOver()) fail("it ended before it was healthy");
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  fail("it was not healthy within 60 s");
}

function megabytes(folder) {
  const sum = (path) =>
    readdirSync(path, { withFileTypes: true }).reduce((total, entry) => {
      const full = join(path, entry.name);
      return total + (entry.isDirectory() ? sum(full) : entry.isFile() ? statSync(full).size : 0);
    }, 0);
  return Math.round(sum(folder) / 1024 / 1024);
}

function say(sentence) {
  process.stdout.write(`image: ${sentence}\n`);
}

function fail(sentence) {
  throw new Error(sentence);
}
