// A broadcast to 100,000 people on three platforms over SQLite: how long planning takes, the longest time in which nothing else of
// the process could run, and memory; then how much of the rate that pushes may use the lanes reach while they drain.
//   npm run build && node bench/broadcast.mjs [people] [seconds of draining]

import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { fileURLToPath, pathToFileURL } from "node:url";
import { folder, postgresql } from "./lib/databases.mjs";

const people = Number(process.argv[2] ?? 100_000);
const drainSeconds = Number(process.argv[3] ?? 30);
const root = process.env.BENCH_BUILD ?? join(fileURLToPath(new URL("..", import.meta.url)), "dist");
const dist = (path) => import(pathToFileURL(join(root, path)).href);
const silent = { debug() {}, info() {}, warn: console.error, error: console.error };
const zones = ["Europe/Copenhagen", "Europe/Stockholm", "Europe/Sofia", "Europe/Helsinki", "UTC"];
const languages = ["en", "da", "sv", "bg", "fi"];
// Thursday noon, where nobody of these zones has quiet hours.
const start = Date.UTC(2026, 2, 5, 11);

const [{ openStore }, { createPlanner }, { createBroadcasts }, { loadWords }, { createCatalogue }, { createOutbox }] =
  await Promise.all([
    dist("src/store/open.js"),
    dist("src/broadcasts/planner.js"),
    dist("src/broadcasts/service.js"),
    dist("src/words.js"),
    dist("src/programmes/catalogue.js"),
    dist("src/outbox/runner.js"),
  ]);
const { giveRole } = await dist("src/people/grants.js");
const { ensureRoot } = await dist("src/people/organisations.js");
const { standingOf } = await dist("src/people/standing.js");

const kind = process.env.BENCH_DATABASE ?? "sqlite";
const dir = folder();
const database = kind === "sqlite" ? undefined : await postgresql();
const now = () => start + Math.round(performance.now() - began);
let began = performance.now();
const store = await openStore({
  url: database?.url ?? `file:${join(dir, "fadder.db")}`,
  secret: "bench".repeat(8),
  backupDir: dir,
  migrate: true,
  now,
  log: silent,
});
/** The limits of the three platforms, as their adapters state them; every send is checked against the plain limit. */
const platforms = [
  {
    channel: "one",
    rates: [
      { scope: "lane", count: 25, perMs: 1000 },
      { scope: "chat", count: 1, perMs: 1000, newOnly: true },
    ],
    concurrency: 3,
  },
  {
    channel: "two",
    rates: [
      { scope: "chat", count: 1, perMs: 1000, newOnly: true },
      { scope: "lane", count: 20, perMs: 1000 },
    ],
    concurrency: 4,
  },
  { channel: "three", rates: [{ scope: "lane", count: 30, perMs: 1000 }], concurrency: 10 },
].map((platform) => ({ ...platform, sentAt: [] }));
const adapters = platforms.map(({ channel, rates, concurrency, sentAt }) => ({
  channel,
  capabilities: { lane: true, rates, concurrency, edits: true, home: false },
  listeners: [],
  async deliver() {
    sentAt.push(performance.now());
    await new Promise((resolve) => setTimeout(resolve, 20));
    return { messageId: "m" };
  },
  preview: () => ({ parts: [{}] }),
}));

async function seed() {
  await ensureRoot(store.db, start);
  const step = 10_000;
  for (let from = 0; from < people; from += step) {
    const rows = Array.from({ length: Math.min(step, people - from) }, (_, index) => {
      const n = from + index;
      const id = `${((n * 7_919) % people).toString(36).padStart(6, "0")}${n.toString(36)}`;
      const c = platforms[n % platforms.length].channel;
      return {
        i: id,
        n: `Learner${n} Example`,
        l: languages[n % 5],
        z: zones[n % 5],
        c,
        a: `${c}:bot:${n}`,
        u: String(n),
      };
    });
    const given =
      kind === "sqlite"
        ? `(SELECT ${["i", "n", "l", "z", "c", "a", "u"].map((name) => `value ->> '$.${name}' AS ${name}`).join(", ")} FROM json_each($1)) x`
        : `json_to_recordset(CAST($1 AS json)) AS x(i text, n text, l text, z text, c text, a text, u text)`;
    await store.sql.run(
      `INSERT INTO "Person"(id, name, language, "timeZone", "timeZoneKnown", stopped, roles, "addressId", "createdAt")
        SELECT x.i, x.n, x.l, x.z, true, false, '[]', x.a, 0 FROM ${given}`,
      [JSON.stringify(rows)],
    );
    await store.sql.run(
      `INSERT INTO "Address"(id, "personId", channel, tenant, "user", ref, state, "changedAt")
        SELECT x.a, x.i, x.c, 'bot', x.u, '{}', 'reachable', 0 FROM ${given}`,
      [JSON.stringify(rows)],
    );
  }
  const id = "zzzz-coordinator";
  await store.sql.run(
    `INSERT INTO "Person"(id, name, "timeZone", "timeZoneKnown", stopped, roles, "addressId", "createdAt")
      VALUES ('${id}', 'Coordinator', 'UTC', true, true, '[]', '', 0)`,
  );
  await giveRole(store.db, { personId: id, role: "coordinator", organisationId: "root", createdBy: null }, start);
  return standingOf(store.db, id, start);
}

/** The longest time between two turns of the event loop, until it is asked. */
function watchLoop() {
  let longest = 0;
  let last = performance.now();
  let on = true;
  const look = () => {
    const at = performance.now();
    longest = Math.max(longest, at - last);
    last = at;
    if (on) setImmediate(look);
  };
  setImmediate(look);
  return () => {
    on = false;
    return longest;
  };
}

let mostRss = 0;
const memory = setInterval(() => {
  mostRss = Math.max(mostRss, process.memoryUsage.rss());
}, 20);

const lead = await seed();
globalThis.gc?.();
const words = loadWords(join(root, "..", "words"));
const deps = {
  store,
  catalogue: createCatalogue([{ id: "p", languages: ["en"], units: [] }], []),
  words,
  adapters,
  now,
  secret: "bench".repeat(8),
  log: silent,
};
const texts = Object.fromEntries(
  languages.map((one) => [
    one,
    `Dear {name}, we meet on Monday at ten in the usual room. (${one}) Bring what you have written.`,
  ]),
);
const broadcasts = createBroadcasts(deps);
began = performance.now();
const id = await broadcasts.draft(lead, {
  audience: {},
  content: { texts, next: true, acknowledge: true, options: [] },
  timing: { kind: "now" },
});
const reviewLoop = watchLoop();
const reviewAt = performance.now();
await broadcasts.send(lead, id, "UTC");
const reviewed = { ms: performance.now() - reviewAt, gap: reviewLoop() };
began -= 10_000;
mostRss = process.memoryUsage.rss();
const before = mostRss;
const loop = watchLoop();
const planAt = performance.now();
const cpuAt = process.cpuUsage();
await createPlanner(deps).tick();
const cpu = process.cpuUsage(cpuAt);
const planned = { ms: performance.now() - planAt, cpuMs: (cpu.user + cpu.system) / 1_000, gap: loop() };
const rss = mostRss;
const [{ rows }] = await store.sql.all(`SELECT count(*) AS rows FROM "Outbox" WHERE status = 0`);
if (Number(rows) !== people) throw new Error(`${rows} messages were planned for ${people} people`);

const outbox = createOutbox({
  store,
  adapters,
  receive: async () => ({ outcome: "taken" }),
  now,
  log: silent,
  holder: "bench",
  onGone() {},
});
outbox.start();
await new Promise((resolve) => setTimeout(resolve, 3_000));
const counts = platforms.map((platform) => platform.sentAt.length);
const drainLoop = watchLoop();
const drainAt = performance.now();
await new Promise((resolve) => setTimeout(resolve, drainSeconds * 1_000));
const drainMs = performance.now() - drainAt;
const drained = platforms.map((platform, index) => (platform.sentAt.length - counts[index]) / (drainMs / 1_000));
const drainGap = drainLoop();
await outbox.stop();
clearInterval(memory);

/** The most sends in any window of a lane's limit. */
function mostIn({ sentAt, rates }) {
  const { perMs } = rates.find((rate) => rate.scope === "lane");
  let [most, from] = [0, 0];
  for (let to = 0; to < sentAt.length; to += 1) {
    while (sentAt[to] - sentAt[from] >= perMs) from += 1;
    most = Math.max(most, to - from + 1);
  }
  return most;
}
const mb = (bytes) => Math.round(bytes / 1_048_576);
console.log(
  JSON.stringify(
    {
      database: kind,
      people,
      review: { ms: Math.round(reviewed.ms), longestGapMs: Math.round(reviewed.gap) },
      planning: { ms: Math.round(planned.ms), cpuMs: Math.round(planned.cpuMs), longestGapMs: Math.round(planned.gap) },
      memory: { beforeMb: mb(before), planningMb: mb(rss), mostMb: mb(mostRss) },
      draining: platforms.map((platform, index) => {
        const { count } = platform.rates.find((rate) => rate.scope === "lane");
        const allowed = Math.floor(count * 0.8);
        return {
          lane: platform.channel,
          limit: count,
          pushesMayUse: allowed,
          perSecond: Number(drained[index].toFixed(2)),
          share: Number((drained[index] / allowed).toFixed(3)),
          mostInOneSecond: mostIn(platform),
        };
      }),
      drainingLongestGapMs: Math.round(drainGap),
    },
    null,
    2,
  ),
);
await store.close();
await database?.drop();
process.exit(0);
