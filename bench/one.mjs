// One contestant in a fresh process: node --expose-gc bench/one.mjs '{"peer":"fadder","database":"sqlite","learners":400,"count":5,"inFlight":64}'
// Prints one line of JSON. Every run checks the final score of every learner.
import { performance } from "node:perf_hooks";
import { eventCount, eventOf, expectedScore, scoreText } from "./lib/workload.mjs";

const given = JSON.parse(process.argv[2]);
const {
  peer,
  database,
  learners: many,
  count = 5,
  inFlight = 64,
  warmUp = 60,
  allAdapters = false,
  perStep = false,
} = given;
const from = given.modules ?? "./peers";
const learners = Array.from({ length: many }, (_, l) => l);
const warm = Array.from({ length: warmUp }, (_, l) => 1_000_000 + l);
const last = new Map();
const { open } = await import(`${from}/${peer}.mjs`);
const contestant = await open({
  database,
  count,
  allAdapters,
  learners: [...learners, ...warm],
  said: (l, text) => last.set(l, text),
  scoreOf: (l) => scoreText(expectedScore(l, count), count),
});

async function inParallel(items, width, work) {
  let at = 0;
  await Promise.all(
    Array.from({ length: Math.min(width, items.length) }, async () => {
      while (at < items.length) await work(items[at++]);
    }),
  );
}
let seed = 12345;
const random = () => {
  seed = (seed * 1103515245 + 12345) & 0x7fffffff;
  return seed / 0x7fffffff;
};
function shuffle(items) {
  for (let index = items.length - 1; index > 0; index -= 1) {
    const other = Math.floor(random() * (index + 1));
    [items[index], items[other]] = [items[other], items[index]];
  }
  return items;
}

if (contestant.prepare) await inParallel([...warm, ...learners], 64, contestant.prepare);
await inParallel(warm, inFlight, async (l) => {
  for (let step = 0; step < eventCount(count); step += 1) await contestant.send(l, eventOf(l, step));
});
globalThis.gc?.();

const latencies = [];
const steps = [];
const started = performance.now();
const cpu = process.cpuUsage();
for (let step = 0; step < eventCount(count); step += 1) {
  const before = process.cpuUsage();
  await inParallel(shuffle([...learners]), inFlight, async (l) => {
    const sent = performance.now();
    await contestant.send(l, eventOf(l, step));
    latencies.push(performance.now() - sent);
  });
  const used = process.cpuUsage(before);
  if (perStep) steps.push((used.user + used.system) / 1000 / many);
}
const seconds = (performance.now() - started) / 1000;
const used = process.cpuUsage(cpu);
const events = latencies.length;
latencies.sort((one, other) => one - other);
const at = (share) => latencies[Math.min(events - 1, Math.floor(events * share))];
if (contestant.finish) await contestant.finish(learners, (score) => scoreText(score, count));
const wrong = learners.filter((l) => last.get(l) !== scoreText(expectedScore(l, count), count)).length;
const result = {
  ...given,
  events,
  wrong,
  rate: events / seconds,
  p50: at(0.5),
  p99: at(0.99),
  cpuMs: (used.user + used.system) / 1000 / events,
  rssMb: process.resourceUsage().maxRSS / 1024,
  ...(perStep ? { steps } : {}),
};
await Promise.race([contestant.close(), new Promise((resolve) => setTimeout(resolve, 10_000))]);
console.log(JSON.stringify(result));
process.exit(0);
