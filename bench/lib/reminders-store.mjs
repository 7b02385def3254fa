// Some people through the real store, group commit, timers and jobs, all on one simulated clock. Sends nothing.
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { act, createPerson, heard, outages, whenUp } from "./people.mjs";
import { openStore } from "./product.mjs";
import { openContent } from "./reminders-pure.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const dist = (path) => import(pathToFileURL(join(root, "dist", path)).href);
const silent = {
  debug() {},
  info() {},
  warn() {},
  error: (fields, message) => console.error(message, fields.err ?? ""),
};

export async function simulateStore({ people, from, to, seed, judge }) {
  const { script, words, content } = await openContent();
  const [
    { createReceive },
    { createGuard },
    { createChance },
    { createTimers },
    { createSilentJobs },
    { giveRole },
    { ensureRoot },
    { rootId },
  ] = await Promise.all([
    dist("src/turns/receive.js"),
    dist("src/privacy/guard.js"),
    dist("src/turns/chance.js"),
    dist("src/schedule/timers.js"),
    dist("src/jobs/silent.js"),
    dist("src/people/grants.js"),
    dist("src/people/organisations.js"),
    dist("src/people/standing.js"),
  ]);
  const { store, close } = await openStore("sqlite");
  const down = outages(seed, from, to);
  const everybody = Array.from({ length: people }, (_, n) => createPerson(n, seed, from));
  const byId = new Map();
  let now = from;
  let deliveries = 0;

  const watched = {
    read: (rows) => store.read(rows),
    async write(turns) {
      await store.write(turns);
      for (const { newPerson, newAddress, outbox, personId } of turns) {
        if (newPerson && newAddress) byId.set(newPerson.id, everybody[Number(newAddress.user)]);
        const person = byId.get(personId);
        for (const { kind, parts } of outbox) {
          if (kind !== "reminder") continue;
          for (const { reply } of parts) judge.pushed(person, now, reply);
          heard(person, now);
        }
      }
    },
  };
  const { receive } = createReceive({
    store: watched,
    script,
    words,
    content,
    now: () => now,
    chance: createChance(),
    publicUrl: undefined,
    log: silent,
    guard: createGuard(words),
    seal: (_purpose, text) => Buffer.from(text),
    laneFor: () => "bench:bench",
    observe: { turn() {}, renewed() {} },
  });
  const timers = createTimers({
    store: { dueTimers: (at, limit) => store.dueTimers(at, limit), write: (turns) => store.write(turns) },
    receive,
    now: () => now,
    random: () => 0.5,
    log: silent,
    stopped: () => false,
  });
  const report = async (id, to, name, data) => {
    const [address] = to.addresses;
    if (!address) return;
    const input = { type: "timer", name, due: now, data, row: false };
    await receive({ id, address, person: { name: "" }, input, receivedAt: now });
  };
  const jobs = createSilentJobs({ db: store.db, now: () => now, report });
  const address = (n) => ({ channel: "bench", tenant: "bench", user: String(n), ref: {} });
  const send = (person, text) =>
    receive({
      id: String(++deliveries),
      address: address(person.n),
      person: { name: `Person ${person.n}`, locale: "en", timeZone: person.zone },
      input: { type: "text", text },
      receivedAt: now,
    });
  const weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

  for (const person of everybody) {
    if (person.time < "08:00" || person.time >= "20:00") person.time = "08:00";
    const days = person.days.map((day) => weekdays[day - 1]).join(" ");
    for (const text of ["start", "English", days, person.time, `timezone ${person.zone}`]) await send(person, text);
  }
  const [lead] = [...byId].find(([, person]) => person.coordinates) ?? [];
  await ensureRoot(store.db, now);
  if (lead !== undefined)
    await giveRole(store.db, { personId: lead, role: "coordinator", organisationId: rootId, createdBy: null }, now);
  for (;;) {
    const first = await store.db.timer.findFirst({ orderBy: { due: "asc" } });
    const due = first ? whenUp(down, Number(first.due)) : Infinity;
    const actor = everybody.reduce((one, other) =>
      (other.next?.at ?? Infinity) < (one.next?.at ?? Infinity) ? other : one,
    );
    now = Math.max(now, Math.min(due, actor.next?.at ?? Infinity));
    if (now >= to) break;
    if ((actor.next?.at ?? Infinity) <= due) for (const text of act(actor, now, judge)) await send(actor, text);
    else await timers.fireDue();
    for (const job of await store.jobs(now, 50)) {
      if (job.name === "silent") judge.silent(byId.get(job.personId), now);
      await jobs[job.name]?.(job);
      await store.jobDone(job.id);
    }
  }
  await close();
}
