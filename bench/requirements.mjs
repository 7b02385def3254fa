// Requirements of somebody with a long record: npm run build && node bench/requirements.mjs [--records 5000] [--kind sqlite|postgresql]
//   Decides the first certificate of the programme, pure from the folded record and from the database (the stored fold, and the whole
//   record folded anew). Prints medians and p99 in milliseconds.
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { openStore } from "./lib/product.mjs";
import { openContent } from "./lib/reminders-pure.mjs";

const { values } = parseArgs({
  options: { records: { type: "string", default: "5000" }, kind: { type: "string", default: "sqlite" } },
});
const count = Number(values.records);
const root = fileURLToPath(new URL("..", import.meta.url));
const dist = (path) => import(pathToFileURL(join(root, "dist", path)).href);
const [{ evaluate }, { project, progressIn }] = await Promise.all(
  ["src/domain/requirements.js", "src/domain/progress.js"].map(dist),
);
const { programme } = await openContent();
const rule = programme.certification.certificates[0].requires;
const start = Date.UTC(2023, 0, 2, 9);
const dayMs = 86_400_000;

/** Four years: every lesson and check, practice answers, a meeting and an hour booked each week, training days. */
function records() {
  const lessons = programme.units.flatMap((unit) => unit.lessons);
  const made = [
    ...lessons.map(({ id }) => ({ type: "lesson.done", key: `lesson:${id}`, data: { lesson: id } })),
    ...programme.units.map(({ check }) => ({
      type: "check.done",
      key: `check:${check.id}`,
      data: { check: check.id, passed: true, right: 8, of: 8 },
    })),
    ...(programme.events ?? []).map(({ id, unit, kind, minutes }) => ({
      type: "attended",
      key: `attended:${id}`,
      data: { event: id, template: id, unit, kind, minutes, of: minutes, late: false, day: "2023-06-01", n: 1 },
    })),
  ];
  for (let week = 0; week < 208; week += 1) {
    const day = new Date(start + week * 7 * dayMs).toISOString().slice(0, 10);
    made.push({ type: "meeting", key: `meeting:${week}`, data: { id: `m${week}`, day, minutes: 90 } });
    const hours = { id: `h${week}`, kind: "practice", unit: null, minutes: 60, why: "practice", day };
    made.push({ type: "hours", key: `hours:h${week}`, data: hours });
  }
  const questions = lessons.flatMap(({ practice }) => practice.map(({ id }) => id));
  while (made.length < count) {
    const n = made.length;
    made.push({
      type: "practice",
      key: `p:${n}`,
      data: { question: questions[n % questions.length], right: n % 3 > 0 },
    });
  }
  const facts = { programme: programme.id, version: programme.version };
  return made.map((one, n) => ({ ...one, ...facts, at: start + n * 20_000_000 }));
}

const entries = records();
const timeZone = "Europe/Sofia";
const decide = (state) =>
  evaluate(rule, { programme, progress: progressIn(state, programme.id), timeZone, today: "2026-12-01" });

function report(name, times) {
  const sorted = times.sort((one, other) => one - other);
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))].toFixed(3);
  console.log(`${name}: median ${at(0.5)} ms, p99 ${at(0.99)} ms`);
}
async function measure(name, times, work) {
  for (let n = 0; n < times / 10; n += 1) await work();
  const taken = [];
  for (let n = 0; n < times; n += 1) {
    const before = performance.now();
    await work();
    taken.push(performance.now() - before);
  }
  report(name, taken);
}

const folded = project({}, entries);
await measure(`pure, ${entries.length} entries folded`, 2_000, () => decide(folded));
await measure("pure, folding them too", 100, () => decide(project({}, entries)));

const { store, close } = await openStore(values.kind);
const { db } = store;
const at = BigInt(start);
const person = { id: "p", name: "p", timeZone, timeZoneKnown: true, stopped: false, roles: "[]", addressId: "" };
await db.person.create({ data: { ...person, createdAt: at } });
await db.progress.create({ data: { personId: "p", state: JSON.stringify(folded) } });
for (let from = 0; from < entries.length; from += 500) {
  await db.record.createMany({
    data: entries
      .slice(from, from + 500)
      .map(({ data, at: when, ...one }) => ({ ...one, personId: "p", data: JSON.stringify(data), at: BigInt(when) })),
  });
}
await measure(`${values.kind}, the stored fold`, 300, async () => {
  const row = await db.progress.findUnique({ where: { personId: "p" } });
  return decide(JSON.parse(row.state));
});
await measure(`${values.kind}, the whole record`, 30, async () => {
  const rows = await db.record.findMany({ where: { personId: "p" }, orderBy: { id: "asc" } });
  return decide(
    project(
      {},
      rows.map((row) => ({ ...row, data: JSON.parse(row.data), at: Number(row.at) })),
    ),
  );
});
await close();
