// npm run bench: every contestant in a fresh process, interleaved, in five rounds; medians; a table for docs/performance.md. Then
// what is made beside the turns (beside.mjs).
//   --rounds 5   --wide 5 (rounds that measure more than 64 in flight)   --quick (one round, 64 in flight only)   --write (puts the tables into docs/performance.md)   --peers <folder> (others' copies of the peers, to compare ours with)
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const root = fileURLToPath(new URL("..", import.meta.url));
const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "5" },
    quick: { type: "boolean", default: false },
    wide: { type: "string" },
    write: { type: "boolean", default: false },
  },
});
const rounds = values.quick ? 1 : Number(values.rounds);
const wideRounds = Number(values.wide ?? values.rounds);
const databases = ["sqlite", "postgresql"];
const widths = values.quick ? [64] : [1, 16, 64, 256];
const peers = [
  "fadder",
  "same-row-floor",
  "bare-floor",
  "botbuilder-dialogs",
  "grammy-conversations",
  "grammy-session",
];

execFileSync("node", ["bin/fadder.js", "serve", "--help"], { cwd: root, stdio: "ignore" });

function one(options) {
  const args = ["--expose-gc", "bench/one.mjs", JSON.stringify(options)];
  const done = spawnSync("node", args, { cwd: root, encoding: "utf8", timeout: 600_000 });
  const line = done.stdout.trim().split("\n").at(-1);
  try {
    const result = JSON.parse(line);
    if (result.wrong > 0) throw new Error(`${result.wrong} wrong scores`);
    return result;
  } catch (error) {
    throw new Error(`${JSON.stringify(options)}: ${error.message}\n${done.stdout}${done.stderr}`);
  }
}

const median = (numbers) => [...numbers].sort((a, b) => a - b)[numbers.length >> 1];
const results = new Map();
function keep(name, result) {
  results.set(name, [...(results.get(name) ?? []), result]);
}
function shuffled(items) {
  return items
    .map((item) => [Math.random(), item])
    .sort((a, b) => a[0] - b[0])
    .map(([, item]) => item);
}

for (let round = 1; round <= rounds; round += 1) {
  for (const database of databases) {
    // The goals are at 64 in flight; the other columns show the shape and need no five rounds.
    for (const inFlight of round <= wideRounds ? widths : [64]) {
      for (const peer of shuffled(peers)) {
        keep(`${peer} ${database} ${inFlight}`, one({ peer, database, learners: inFlight === 1 ? 60 : 400, inFlight }));
      }
    }
    keep(`large ${database}`, one({ peer: "fadder", database, learners: 10_000, inFlight: 64, allAdapters: true }));
    process.stderr.write(`round ${round} of ${rounds}, ${database} done\n`);
  }
  keep(
    "long",
    one({ peer: "fadder", database: "sqlite", learners: 100, count: 200, inFlight: 64, warmUp: 25, perStep: true }),
  );
  keep("ready", { rate: await readyIn() });
}

/** Seconds from the start of a built server to `/readyz`. */
async function readyIn() {
  const dir = mkdtempSync(join(tmpdir(), "fadder-ready-"));
  const started = performance.now();
  const server = spawn("node", ["bin/fadder.js", "serve"], {
    cwd: root,
    env: { PATH: process.env.PATH, DATA_DIR: dir, PORT: "3979" },
    stdio: "ignore",
  });
  try {
    for (;;) {
      const ready = await fetch("http://127.0.0.1:3979/readyz").then(
        (answer) => answer.status === 200,
        () => false,
      );
      if (ready) return (performance.now() - started) / 1000;
      if (performance.now() - started > 30_000) throw new Error("the server was not ready in 30 s");
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  } finally {
    server.kill("SIGTERM");
    await new Promise((resolve) => server.once("exit", resolve));
    rmSync(dir, { recursive: true, force: true });
  }
}

const of = (name, field) => median((results.get(name) ?? []).map((result) => result[field]));
const number = (value, digits = 0) =>
  value.toLocaleString("en-GB", { minimumFractionDigits: digits, maximumFractionDigits: digits });

function table(database) {
  const head = [
    "",
    ...widths.map((width) => `${width} in flight`),
    "p99 ms at 64",
    "CPU ms/event at 64",
    "RSS MB at 64",
  ];
  const lines = peers.map((peer) => {
    const name = `${peer} ${database}`;
    return [
      peer,
      ...widths.map((width) => number(of(`${name} ${width}`, "rate"))),
      number(of(`${name} 64`, "p99"), 1),
      number(of(`${name} 64`, "cpuMs"), 3),
      number(of(`${name} 64`, "rssMb")),
    ];
  });
  return [head, head.map(() => "---"), ...lines].map((row) => `| ${row.join(" | ")} |`).join("\n");
}

/** Ratios are paired inside a round: the machine's own speed falls out. */
function ratio(one, other) {
  const pairs = (results.get(one) ?? []).map((result, index) => result.rate / results.get(other)[index].rate);
  return median(pairs);
}

function goals() {
  const rows = [["at 64 in flight", "goal", ...databases]];
  const each = (name, goal, figure) => rows.push([name, goal, ...databases.map(figure)]);
  each("times botbuilder-dialogs", "≥ 5", (d) => number(ratio(`fadder ${d} 64`, `botbuilder-dialogs ${d} 64`), 1));
  each("times grammY conversations", "≥ 5", (d) => number(ratio(`fadder ${d} 64`, `grammy-conversations ${d} 64`), 1));
  each("times grammY sessions", "≥ 2", (d) => number(ratio(`fadder ${d} 64`, `grammy-session ${d} 64`), 1));
  each("of the same-row floor", "≥ 0.5", (d) => number(ratio(`fadder ${d} 64`, `same-row-floor ${d} 64`), 2));
  each("p99, ms", "< 20", (d) => number(of(`fadder ${d} 64`, "p99"), 1));
  each("10,000 learners: of the rate with 400", "≥ 0.8", (d) => number(ratio(`large ${d}`, `fadder ${d} 64`), 2));
  each("10,000 learners: p99, ms", "< 40", (d) => number(of(`large ${d}`, "p99"), 1));
  each("10,000 learners, all adapters loaded: RSS, MB", "< 350", (d) => number(of(`large ${d}`, "rssMb")));
  const growth = median((results.get("long") ?? []).map(({ steps }) => around(steps, 203) / around(steps, 63)));
  rows.push(["CPU per event, question 200 against question 60", "≤ 1.10", number(growth, 2), ""]);
  rows.push(["seconds from start to ready", "≤ 2.5", number(of("ready", "rate"), 1), ""]);
  return [rows[0], rows[0].map(() => "---"), ...rows.slice(1)].map((row) => `| ${row.join(" | ")} |`).join("\n");
}

/** The mean of ten steps up to one: single steps of a hundred events are too short to time. */
function around(steps, step) {
  const some = steps.slice(step - 9, step + 1);
  return some.reduce((sum, value) => sum + value, 0) / some.length;
}

const machine = `${cpus().length} × ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GB, Node ${process.version}, medians of ${rounds}`;
const text = [
  `Machine: ${machine}.`,
  "",
  "Events per second, SQLite (`synchronous=FULL`):",
  "",
  table("sqlite"),
  "",
  "Events per second, PostgreSQL (defaults):",
  "",
  table("postgresql"),
  "",
  goals(),
  "",
].join("\n");
process.stdout.write(text);
if (values.write) {
  const path = join(root, "docs/performance.md");
  const page = readFileSync(path, "utf8");
  writeFileSync(
    path,
    page.replace(
      /(<!-- figures -->\n)[\s\S]*(\n<!-- end of figures -->)/u,
      (_all, before, after) => `${before}\n${text}${after}`,
    ),
  );
}
const beside = spawnSync("node", ["bench/beside.mjs", ...(values.quick ? ["--quick"] : [])], {
  cwd: root,
  stdio: "inherit",
});
process.exitCode = beside.status ?? 1;
