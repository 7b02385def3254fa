// Certificates: npm run build && node bench/certificates.mjs [--sign 3000] [--seconds 20] [--rate 50] [--learners 20]
//   How many credentials one process signs in a minute, with their rows in SQLite, and how long the public page takes at a steady rate:
//   certificates drawn at random, every fourth opened for the first time, asked for over HTTP from another thread. Learners write beside
//   both, so many a second, and at first alone; how long their turns take is printed too.
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { Worker } from "node:worker_threads";
import express from "express";
import { createCertificates } from "../dist/src/certificates/certificates.js";
import { mountCertificatePages } from "../dist/src/certificates/page.js";
import { loadPackageWords } from "../dist/src/compose/shared.js";
import { createSigning } from "../dist/src/compose/signing.js";
import { createBox } from "../dist/src/store/box.js";
import { openStore } from "../dist/src/store/open.js";
import { createLearners } from "./lib/learners.mjs";

const { values } = parseArgs({
  options: {
    sign: { type: "string", default: "3000" },
    seconds: { type: "string", default: "20" },
    rate: { type: "string", default: "50" },
    learners: { type: "string", default: "20" },
  },
});
const [sign, seconds, rate, perSecond] = ["sign", "seconds", "rate", "learners"].map((name) => Number(values[name]));
const secret = "bench".repeat(8);
const folder = mkdtempSync(join(tmpdir(), "fadder-bench-"));
const log = { debug() {}, info() {}, warn() {}, error() {} };
const store = await openStore({ url: `file:${join(folder, "fadder.db")}`, secret, now: Date.now, log });
const box = createBox(secret);
const server = createServer();
// As behind a proxy that keeps its connections.
server.keepAliveTimeout = 60_000;
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
const origin = `http://127.0.0.1:${server.address().port}`;
const open = (purpose, sealed, context) => Buffer.from(box.open(purpose, sealed, context)).toString();
const common = {
  db: store.db,
  now: Date.now,
  origin,
  publicUrl: undefined,
  seal: (purpose, text, context) => box.seal(purpose, Buffer.from(text), context),
  open,
  audit: async () => undefined,
};
const certificates = createCertificates(common);
await store.db.person.create({
  data: {
    id: "learner",
    name: "A learner",
    addressId: "",
    timeZone: "UTC",
    timeZoneKnown: false,
    stopped: false,
    roles: "[]",
    createdAt: 0n,
  },
});
const names = (text) => ({ en: text });
const facts = {
  personId: "learner",
  name: "A learner of the bench",
  programme: { id: "family-mentor", version: "1.0.0", title: names("Family mentor") },
  certificate: {
    id: "mentor",
    title: names("Certified family mentor"),
    description: names("Accompanies families on equal terms."),
    criteria: names("All checks and a talk with an assessor."),
  },
  language: "en",
  level: { number: 2, all: [1, 2, 3, 4].map((number) => ({ number, name: names(`Level ${number}`) })) },
  hours: ["live", "practice", "lessons"].map((kind) => ({ kind, name: names(kind), minutes: 600 })),
  competences: Array.from({ length: 16 }, (_, at) => ({
    uri: `https://example.org/framework/${at}`,
    name: names(`Competence ${at}`),
  })),
  issuer: { organisationId: null, name: "The Centre" },
  validUntil: Date.now() + 365 * 86_400_000,
};
const issue = async () => {
  const issued = await certificates.issue(facts, "bench");
  if ("refused" in issued) throw new Error(issued.refused);
  return issued.award;
};
const root = fileURLToPath(new URL("..", import.meta.url));
const learners = await createLearners({
  dist: (path) => import(pathToFileURL(join(root, "dist", path)).href),
  root,
  store,
  adapters: [{ channel: "bench", capabilities: { lane: false } }],
  now: Date.now,
  channels: ["bench"],
  perSecond,
});
await learners.begin();
for (let warm = 0; warm < 200; warm += 1) await issue();
learners.take();
learners.start();
const turns = () => {
  const { count, p50, p99 } = learners.take().turnsMs;
  return `${count}, p50 ${p50} ms, p99 ${p99} ms`;
};
// What the machine gives them at this hour where nothing else is done.
await new Promise((resolve) => setTimeout(resolve, 10_000));
console.log(`learners' turns alone: ${turns()}`);
const before = { at: performance.now(), cpu: process.cpuUsage() };
const awards = [];
while (awards.length < sign) awards.push(...(await Promise.all(Array.from({ length: 1 }, issue))));
const took = (performance.now() - before.at) / 1000;
const cpu = process.cpuUsage(before.cpu);
const busy = (cpu.user + cpu.system) / 1e6;
const perMinute = (by) => Math.round((awards.length / by) * 60).toLocaleString("en");
console.log(`signed and stored: ${perMinute(took)} a minute by the clock, ${perMinute(busy)} a minute of one core`);
console.log(`  learners' turns beside it: ${turns()}`);

const app = express();
mountCertificatePages(app, { ...common, ...createSigning(secret, undefined), words: loadPackageWords(), certificates });
server.on("request", app);
const workerData = { origin, tokens: awards.map(({ token }) => token), rate, seconds };
const started = process.cpuUsage();
const visitor = new Worker(new URL("lib/ask.mjs", import.meta.url), { workerData });
const { times, failed } = await new Promise((resolve, reject) => {
  visitor.once("message", resolve);
  visitor.once("error", reject);
});
const at = (share) => times[Math.min(times.length - 1, Math.floor(times.length * share))]?.toFixed(1);
const used = process.cpuUsage(started);
const share = (((used.user + used.system) / 1e6 / seconds) * 100).toFixed(0);
console.log(`page at ${rate} a second: p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, ${failed} failed of ${times.length}`);
console.log(`  with whoever asks, ${share} % of a core; learners' turns beside it: ${turns()}`);
await learners.stop();
server.closeAllConnections();
server.close();
await store.close();
rmSync(folder, { recursive: true, force: true });
process.exit(failed === 0 ? 0 : 1);
