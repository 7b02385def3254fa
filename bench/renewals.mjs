// The nightly sweep over certificates: npm run build && node bench/renewals.mjs [--holders 100000] [--due 2000] [--rate 20]
//   So many people hold a certificate; for some of them tonight is the night of a reminder, an end or a lapse. Learners write beside it.
//   Prints how long the sweep takes, memory and the learners' turns. What it did is counted from what stands in sessions, records and
//   awards, against days that are reckoned here by themselves; ends with status 1 where one differs.
import { parseArgs } from "node:util";
import { createLearners } from "./lib/learners.mjs";
import { dist, openStore, root } from "./lib/product.mjs";

const { values } = parseArgs({
  options: {
    holders: { type: "string", default: "100000" },
    due: { type: "string", default: "2000" },
    rate: { type: "string", default: "20" },
  },
});
const [holders, due, rate] = [Number(values.holders), Number(values.due), Number(values.rate)];
const [{ sweepCertificates }, { project }, { ensureRoot }] = await Promise.all([
  dist("src/certificates/sweep.js"),
  dist("src/domain/progress.js"),
  dist("src/people/organisations.js"),
]);
const { openContent } = await import("./lib/reminders-pure.mjs");
const { content: catalogue, programme } = await openContent();
const { store, close } = await openStore("sqlite");
const { db } = store;

// In these zones a day has 24 hours all year, so that its beginning needs no calendar.
const zones = [
  { name: "UTC", hours: 0 },
  { name: "Africa/Lagos", hours: 1 },
  { name: "Asia/Tokyo", hours: 9 },
];
const dayMs = 86_400_000;
const today = Date.UTC(2029, 2, 6);
const begin = (offset, zone) => today + offset * dayMs - zone.hours * 3_600_000;
/** What may be due tonight: how far away the last day is, what is said, and how far from today the next step is. */
const steps = [
  { last: 180, said: ["award.reminder", 180], next: 90 },
  { last: 90, said: ["award.reminder", 90], next: 60 },
  { last: 30, said: ["award.reminder", 30], next: 23 },
  { last: 7, said: ["award.reminder", 7], next: 8 },
  { last: -1, said: ["award.ended", 90], next: 90 },
  { last: -91, said: ["award.lapsed", undefined], next: null },
];
const plan = (n) => {
  const zone = zones[n % zones.length];
  const every = Math.floor(holders / due);
  if (n % every === 0 && n / every < due) return { zone, step: steps[(n / every) % steps.length] };
  // Others end on some later day of the next three years; the first reminder is still to come.
  return { zone, last: 181 + (n % 900) };
};

const started = performance.now();
const now = () => today + 10 * 3_600_000 + Math.round(performance.now() - started);
await ensureRoot(db, now());
const adapter = { channel: "bench", capabilities: { lane: false } };
const learners = await createLearners({
  dist,
  root,
  store,
  adapters: [adapter],
  now,
  channels: ["bench"],
  perSecond: rate,
});
await learners.begin();

const quiet = { debug() {}, info() {}, warn: console.warn, error: console.error };
const sweep = () => sweepCertificates({ db, receive: learners.receive, catalogue, now, log: quiet });
let warmed;
const pad = (n) => String(n).padStart(7, "0");
const dayOf = (offset) => new Date(today + offset * dayMs).toISOString().slice(0, 10);
const some = new Uint8Array(3_500);
for (let from = 0; from < holders; from += 250) {
  const rows = Array.from({ length: Math.min(250, holders - from) }, (_, at) => {
    const n = from + at;
    const { zone, step, last = step.last } = plan(n);
    const id = `holder-${pad(n)}`;
    const data = { award: id, certificate: "level-1", state: "awarded", from: dayOf(last - 1_095), until: dayOf(last) };
    const entry = { type: "certificate", key: `certificate:${id}:awarded:1`, programme: programme.id, data, at: 1 };
    return { id, zone, step, last, entry: { ...entry, version: programme.version } };
  });
  const each = (row) => rows.map(row);
  await db.person.createMany({
    data: each(({ id, zone }) => ({
      id,
      name: "A holder",
      language: "en",
      timeZone: zone.name,
      timeZoneKnown: true,
      rhythm: JSON.stringify({ days: [1, 2, 3, 4, 5], time: "08:00" }),
      stopped: false,
      roles: "[]",
      addressId: `bench:bench:${id}`,
      createdAt: 0n,
    })),
  });
  await db.address.createMany({
    data: each(({ id }) => ({
      id: `bench:bench:${id}`,
      personId: id,
      channel: "bench",
      tenant: "bench",
      user: id,
      ref: "{}",
      state: "reachable",
      changedAt: 0n,
    })),
  });
  await db.record.createMany({
    data: each(({ id, entry }) => ({ ...entry, personId: id, data: JSON.stringify(entry.data), at: 1n })),
  });
  await db.progress.createMany({
    data: each(({ id, entry }) => ({ personId: id, state: JSON.stringify(project(null, [entry])) })),
  });
  await db.award.createMany({
    data: each(({ id, zone, step, last }, at) => ({
      id,
      personId: id,
      programme: programme.id,
      version: programme.version,
      certificate: "level-1",
      language: "en",
      display: "{}",
      name: some.subarray(0, 40),
      credential: some,
      issuedAt: BigInt(begin(last - 1_095, zone)),
      validFrom: BigInt(begin(last - 1_095, zone)),
      validUntil: BigInt(begin(last + 1, zone) - 1_000),
      state: "valid",
      keyId: "k",
      statusList: "l",
      statusIndex: from + at,
      token: id,
      showName: false,
      showProgramme: false,
      neutral: false,
      hours: "{}",
      createdAt: 0n,
      changedAt: 0n,
      nextAt: BigInt(step === undefined ? begin(last - 180, zone) : begin(0, zone)),
    })),
  });
  // The first ones are swept before: what a process does once, compiling above all, is not what a night takes.
  if (from === 0) warmed = await sweep();
}

const rss = () => process.memoryUsage().rss / 2 ** 20;
const before = rss();
let most = before;
const watch = setInterval(() => {
  most = Math.max(most, rss());
}, 50);
learners.take();
learners.start();
// What the machine gives them at this hour where nothing else is done.
await new Promise((resolve) => setTimeout(resolve, 10_000));
const alone = learners.take().turnsMs;
const from = { at: performance.now(), cpu: process.cpuUsage() };
const swept = await sweep();
const seconds = (performance.now() - from.at) / 1000;
const cpu = process.cpuUsage(from.cpu);
const busy = (cpu.user + cpu.system) / 1e6;
await learners.stop();
clearInterval(watch);

/** Everything that is not as it was reckoned. */
const wrong = { told: 0, armed: 0, lapsed: 0, others: 0 };
for (let from = 0; from < holders; from += 5_000) {
  const ids = Array.from({ length: Math.min(5_000, holders - from) }, (_, n) => `holder-${pad(from + n)}`);
  const where = { personId: { in: ids } };
  const [awards, sessions, lapses] = await Promise.all([
    db.award.findMany({ where: { id: { in: ids } }, select: { id: true, nextAt: true } }),
    db.session.findMany({ where }),
    db.record.findMany({ where: { ...where, data: { contains: '"lapsed"' } }, select: { personId: true } }),
  ]);
  const states = new Map(sessions.map(({ personId, state }) => [personId, JSON.parse(state)]));
  const lapsed = new Set(lapses.map(({ personId }) => personId));
  for (const { id, nextAt } of awards) {
    const { zone, step, last } = plan(Number(id.slice(-7)));
    const waiting = (states.get(id)?.waiting ?? []).filter((one) => one.id === "renewal:level-1");
    if (step === undefined) {
      if (nextAt !== BigInt(begin(last - 180, zone)) || states.has(id) || lapsed.has(id)) wrong.others += 1;
      continue;
    }
    const next = step.next === null ? null : BigInt(begin(step.next, zone));
    const [words, days] = step.said;
    if (nextAt !== next) wrong.armed += 1;
    if (waiting.length !== 1 || waiting[0].words !== words || waiting[0].args.days !== days) wrong.told += 1;
    if (lapsed.has(id) !== (step.next === null)) wrong.lapsed += 1;
  }
}
const { turnsMs } = learners.take();
const isRight =
  warmed.told + swept.told === due &&
  warmed.looked + swept.looked === due &&
  Object.values(wrong).every((count) => count === 0);
console.log(
  `${holders} certificates, ${due} due tonight: swept in ${seconds.toFixed(1)} s (${busy.toFixed(1)} s of a core)`,
);
console.log(`  told ${swept.told} and ${warmed.told} before; not as reckoned: ${JSON.stringify(wrong)}`);
console.log(`  memory: ${before.toFixed(0)} MB before, ${most.toFixed(0)} MB at most`);
console.log(`  learners' turns alone: ${alone.count}, p50 ${alone.p50} ms, p99 ${alone.p99} ms`);
console.log(`  learners' turns beside it: ${turnsMs.count}, p50 ${turnsMs.p50} ms, p99 ${turnsMs.p99} ms`);
await close();
process.exit(isRight ? 0 : 1);
