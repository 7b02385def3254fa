// A broadcast to 100,000 people on three platforms while learners write: how long planning takes, the longest time in which nothing else
// of the process could run, and memory; then how much of the rate that pushes may use the lanes reach while they drain, and that
// through 429, 5xx, resets and 403 no limit is exceeded, nobody gets it twice and everybody is in exactly one state.
//   npm run build && node bench/broadcast.mjs [people] [seconds of draining]

import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { fileURLToPath, pathToFileURL } from "node:url";
import { folder, postgresql } from "./lib/databases.mjs";
import { createLearners } from "./lib/learners.mjs";

const people = Number(process.argv[2] ?? 100_000);
const drainSeconds = Number(process.argv[3] ?? 30);
const root = process.env.BENCH_BUILD ?? join(fileURLToPath(new URL("..", import.meta.url)), "dist");
const dist = (path) => import(pathToFileURL(join(root, path)).href);
// What platforms refuse is part of the exercise.
const silent = { debug() {}, info() {}, warn() {}, error: console.error };
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
const { DeliveryError } = await dist("src/engine/adapter.js");
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
].map((platform) => ({ ...platform, sentAt: [], pushes: 0, got: new Map(), asked: 0 }));
/** In the second part of draining platforms fail as they do on a bad day. */
let badDay = false;
class Refused extends Error {}
const adapters = platforms.map((platform) => ({
  channel: platform.channel,
  capabilities: {
    lane: true,
    rates: platform.rates,
    concurrency: platform.concurrency,
    edits: true,
    home: false,
    delivered: true,
  },
  listeners: [],
  async deliver(outgoing) {
    platform.sentAt.push(performance.now());
    learners.sent(outgoing);
    if (outgoing.kind === "broadcast") platform.pushes += 1;
    await new Promise((resolve) => setTimeout(resolve, 20));
    platform.asked += 1;
    const fault = badDay && outgoing.kind === "broadcast" ? faultOf(platform.asked) : undefined;
    if (fault instanceof Refused) throw new DeliveryError(...fault.cause);
    if (outgoing.kind === "broadcast") {
      const { user } = outgoing.address;
      platform.got.set(user, (platform.got.get(user) ?? 0) + 1);
    }
    if (fault === "reset") throw new DeliveryError("unknown", "reset");
    return { messageId: "m" };
  },
  preview: () => ({ parts: [{}] }),
}));
/** One call in twelve fails. After a reset the message has arrived and nobody is told. */
function faultOf(asked) {
  if (asked % 97 === 0) return new Refused("", { cause: ["throttled", "429", { retryAfterMs: 1_000 }] });
  if (asked % 41 === 0) return new Refused("", { cause: ["unreachable", "503"] });
  if (asked % 31 === 0) return new Refused("", { cause: ["gone", "403", { reason: "blocked" }] });
  return asked % 29 === 0 ? "reset" : undefined;
}

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
const learners = await createLearners({
  dist,
  root: join(root, ".."),
  store,
  adapters,
  now,
  channels: platforms.map(({ channel }) => channel),
  perSecond: 6,
});
await learners.begin();
learners.take();
const id = await broadcasts.draft(lead, {
  audience: {},
  content: { texts, next: true, acknowledge: true, options: [] },
  timing: { kind: "now" },
});
const reviewLoop = watchLoop();
const reviewAt = performance.now();
await broadcasts.send(lead, id, "UTC");
const reviewed = { ms: performance.now() - reviewAt, gap: reviewLoop() };
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
learners.start();
// What the learners' first words have left in the lanes.
await pause(6_000);
learners.take();
began -= 10_000;
mostRss = process.memoryUsage.rss();
const before = mostRss;
const planner = createPlanner(deps);
const loop = watchLoop();
const planAt = performance.now();
const cpuAt = process.cpuUsage();
await planner.tick();
const cpu = process.cpuUsage(cpuAt);
const planned = { ms: performance.now() - planAt, cpuMs: (cpu.user + cpu.system) / 1_000, gap: loop() };
planned.learners = learners.take();
const rss = mostRss;
const [{ rows }] = await store.sql.all(`SELECT count(*) AS rows FROM "BroadcastDelivery" WHERE "broadcastId" = $1`, [
  id,
]);
// The coordinator is one of everybody.
const everybody = people + learners.people + 1;
if (Number(rows) !== everybody) throw new Error(`${rows} deliveries for ${everybody} people`);

// As the schedule does it.
let ticking = Promise.resolve();
const metronome = setInterval(() => {
  ticking = ticking.then(() => planner.tick());
}, 1_000);
await pause(3_000);
learners.take();
const counts = platforms.map((platform) => platform.pushes);
const drainLoop = watchLoop();
const drainAt = performance.now();
await pause(drainSeconds * 1_000);
const drainMs = performance.now() - drainAt;
const drained = platforms.map((platform, index) => (platform.pushes - counts[index]) / (drainMs / 1_000));
const drainGap = drainLoop();
const whileDraining = learners.take();
badDay = true;
await pause(drainSeconds * 1_000);
const onBadDay = learners.take();
clearInterval(metronome);
await ticking;
await learners.stop();
await outbox.stop();
clearInterval(memory);

function pause(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** The most sends in any window of a lane's limit, to the millisecond: a send is counted just before its call. */
function mostIn({ sentAt, rates }) {
  const perMs = rates.find((rate) => rate.scope === "lane").perMs - 1;
  let [most, from] = [0, 0];
  for (let to = 0; to < sentAt.length; to += 1) {
    while (sentAt[to] - sentAt[from] >= perMs) from += 1;
    most = Math.max(most, to - from + 1);
  }
  return most;
}
const states = Object.fromEntries(
  (
    await store.sql.all(
      `SELECT state, count(*) AS people FROM "BroadcastDelivery" WHERE "broadcastId" = $1 GROUP BY state ORDER BY state`,
      [id],
    )
  ).map((row) => [row.state, Number(row.people)]),
);
const inStates = Object.values(states).reduce((sum, one) => sum + one, 0);
const got = platforms.flatMap((platform) => [...platform.got.values()]);
const mb = (bytes) => Math.round(bytes / 1_048_576);
const result = {
  database: kind,
  people,
  review: { ms: Math.round(reviewed.ms), longestGapMs: Math.round(reviewed.gap) },
  planning: {
    ms: Math.round(planned.ms),
    cpuMs: Math.round(planned.cpuMs),
    longestGapMs: Math.round(planned.gap),
    learners: planned.learners,
  },
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
  whileDraining: {
    longestGapMs: Math.round(drainGap),
    learners: whileDraining,
  },
  onABadDay: { learners: onBadDay, states, gotItTwice: got.filter((times) => times > 1).length },
};
console.log(JSON.stringify(result, null, 2));
const faults = [
  ...(inStates === everybody ? [] : [`${inStates} states for ${everybody} people`]),
  ...(result.onABadDay.gotItTwice === 0 ? [] : ["somebody got it twice"]),
  ...(got.length === (states.sent ?? 0) + (states.unknown ?? 0) ? [] : ["what arrived is not what is told"]),
  ...result.draining
    .filter((one) => one.mostInOneSecond > one.limit)
    .map((one) => `the limit of ${one.lane} was exceeded`),
];
for (const fault of faults) console.error(fault);
await store.close();
await database?.drop();
process.exit(faults.length === 0 ? 0 : 1);
