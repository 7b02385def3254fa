// Check-ins on a training day: node bench/check-ins.mjs [--people 2000] [--seconds 120] [--kind sqlite|postgresql]
//   Everybody types the code within the time, at random; a third of the messages come twice, a third again under a new delivery, and
//   jobs are run by two runners, as two instances would. Beside it other learners write, twenty times a second.
//   Prints counts and how long learners' turns take; ends with status 1 where somebody was not counted exactly once.
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { openStore } from "./lib/product.mjs";
import { openContent } from "./lib/reminders-pure.mjs";

const { values } = parseArgs({
  options: {
    people: { type: "string", default: "2000" },
    seconds: { type: "string", default: "120" },
    kind: { type: "string", default: "sqlite" },
  },
});
const [people, seconds] = [Number(values.people), Number(values.seconds)];
const root = fileURLToPath(new URL("..", import.meta.url));
const dist = (path) => import(pathToFileURL(join(root, "dist", path)).href);
const [turns, guard, chance, runner, jobs, events, codes, secrets, cohorts, organisations, standing, boxes] =
  await Promise.all(
    [
      "src/turns/receive.js",
      "src/privacy/guard.js",
      "src/turns/chance.js",
      "src/schedule/jobs.js",
      "src/jobs/events.js",
      "src/events/events.js",
      "src/events/codes.js",
      "src/events/secrets.js",
      "src/cohorts/cohorts.js",
      "src/people/organisations.js",
      "src/people/standing.js",
      "src/store/box.js",
    ].map(dist),
  );
const { script, words, content, programme } = await openContent();
const { store, close } = await openStore(values.kind);
const { db } = store;
const silent = { debug() {}, info() {}, warn: console.warn, error: console.error };
const secret = "bench".repeat(8);
const box = boxes.createBox(secret);
const seal = (purpose, text, context) => box.seal(purpose, Buffer.from(text), context);
const open = (purpose, sealed, context) => Buffer.from(box.open(purpose, sealed, context)).toString();
const now = Date.now;
const { receive } = turns.createReceive({
  store,
  script,
  words,
  content,
  now,
  chance: chance.createChance(),
  publicUrl: undefined,
  log: silent,
  guard: guard.createGuard(words),
  seal: (_purpose, text) => Buffer.from(text),
  // Streamed, not sent: the platform is not what is measured.
  laneFor: () => "",
  observe: { turn() {}, renewed() {} },
});
const send = (user, text, id = randomUUID()) =>
  receive({
    id,
    address: { channel: "bench", tenant: "bench", user, ref: {} },
    person: { name: user, locale: "en", timeZone: "Europe/Copenhagen" },
    input: { type: "text", text },
    receivedAt: now(),
  });

// Everybody is there and in the cohort; a hundred more learn something else.
const learners = Array.from({ length: 100 }, (_, n) => `learner-${n}`);
const everybody = Array.from({ length: people }, (_, n) => `person-${n}`);
for (const text of ["start", "English", "Only when I ask"]) {
  for (let at = 0; at < everybody.length; at += 200)
    await Promise.all(everybody.slice(at, at + 200).map((user) => send(user, text)));
  await Promise.all(learners.map((user) => send(user, text)));
}
await organisations.ensureRoot(db, now());
const facts = {
  name: "Bench",
  programme: programme.id,
  version: programme.version,
  languages: ["en"],
  pace: { kind: "own" },
  startsOn: null,
  endsOn: null,
  places: null,
  joining: "code",
  ticks: {},
};
const cohortId = await cohorts.createCohort(db, facts, standing.rootId, now());
const rows = await db.address.findMany({ where: { user: { startsWith: "person-" } }, select: { personId: true } });
await db.membership.createMany({
  data: rows.map(({ personId }) => ({
    id: `m-${personId}`,
    cohortId,
    personId,
    organisationId: standing.rootId,
    state: "active",
    ticks: "[]",
    joinedAt: BigInt(now()),
    changedAt: BigInt(now()),
  })),
});
const eventId = await events.planEvent(
  db,
  {
    template: null,
    title: "A day with many",
    form: "in-person",
    venue: "Hall",
    link: "",
    startsAt: now() + 10 * 60_000,
    endsAt: now() + 6 * 3_600_000,
    timeZone: "Europe/Copenhagen",
    minutes: 300,
    kind: "live",
    unit: null,
    places: null,
    overnight: false,
  },
  { cohortId, by: "bench", seal },
  now(),
);
// They were told long ago.
await db.job.deleteMany({});
const coding = secrets.createCoding({ db, now, open });
const coded = await coding.codedOf(await events.findEvent(db, eventId));

let stopping = false;
const work = jobs.createEventJobs({ db, receive, now, open, secret, origin: "http://127.0.0.1" });
const runners = [0, 1].map(() =>
  runner.createJobRunner({ store, jobs: work, now, random: Math.random, log: silent, stopped: () => stopping }),
);
store.onWork((waiting) => {
  if (waiting.jobs) for (const one of runners) one.startDue().catch(console.error);
});

const took = [];
const beside = (async () => {
  while (!stopping) {
    const began = performance.now();
    send(learners[Math.floor(Math.random() * learners.length)], "progress").then(() =>
      took.push(performance.now() - began),
    );
    await wait(50);
  }
})();
const began = performance.now();
let messages = 0;
await Promise.all(
  everybody.map(async (user, n) => {
    await wait(Math.random() * seconds * 1_000);
    const [id, text] = [randomUUID(), `here ${codes.codeAt(coded, now())}`];
    messages += n % 3 === 0 ? 1 : 2;
    if (n % 3 === 1) await Promise.all([send(user, text, id), send(user, text, id)]);
    else await send(user, text, id);
    if (n % 3 === 2) await send(user, text);
  }),
);
const arrived = (performance.now() - began) / 1000;
while ((await db.job.count()) > 0) await wait(100);
const done = (performance.now() - began) / 1000;
stopping = true;
await beside;
await Promise.all(runners.map((one) => one.ended()));

const entries = await db.record.findMany({ where: { type: "attended" }, select: { personId: true } });
const persons = new Set(entries.map(({ personId }) => personId)).size;
const seats = await db.seat.count({ where: { eventId, attendance: "present", notes: 1 } });
const sorted = took.sort((one, other) => one - other);
const part = (share) => sorted[Math.floor(sorted.length * share)]?.toFixed(1);
console.log(
  `${people} people, ${messages} messages in ${arrived.toFixed(0)} s, all noted after ${done.toFixed(1)} s (${values.kind})`,
);
console.log(`  noted as present: ${seats}; entries of records: ${entries.length} of ${persons} people`);
console.log(`  learners' turns beside it: ${sorted.length}, p50 ${part(0.5)} ms, p99 ${part(0.99)} ms`);
await close();
process.exit(seats === people && entries.length === people && persons === people ? 0 : 1);
