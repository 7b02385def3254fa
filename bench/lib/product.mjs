// The product as it runs: real store, script, words, group commit, and the outbox delivering into an adapter that renders
// and sends nowhere. Only the platform's network is missing.
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { folder, postgresql } from "./databases.mjs";
import { cards, options, question } from "./workload.mjs";

export const root = fileURLToPath(new URL("../..", import.meta.url));
export const dist = (path) => import(pathToFileURL(join(root, "dist", path)).href);
const silent = {
  debug() {},
  info() {},
  warn() {},
  error: (fields, message) => console.error(message, fields.err ?? ""),
};
const lane = "bench";

/** Opens a store of the product on a new database. */
export async function openStore(kind) {
  const { openStore: open } = await dist("src/store/open.js");
  const dir = folder();
  const database = kind === "sqlite" ? undefined : await postgresql();
  const url = database?.url ?? `file:${join(dir, "fadder.db")}`;
  const store = await open({
    url,
    secret: "bench".repeat(8),
    backupDir: dir,
    migrate: true,
    now: Date.now,
    log: silent,
  });
  return {
    store,
    async close() {
      await store.close();
      await database?.drop();
    },
  };
}

/** The lane's runner over an adapter that renders what it is given and drops it. `render` undefined: not even that. */
export async function openOutbox(store, render) {
  const { createOutbox } = await dist("src/outbox/runner.js");
  let sent = 0;
  const adapter = {
    channel: "bench",
    capabilities: { lane: true, rates: [], concurrency: 64, edits: true, home: false },
    listeners: [],
    async deliver(outgoing) {
      render?.(outgoing.reply);
      sent += 1;
      return { messageId: String(sent) };
    },
  };
  const receive = async () => ({ outcome: "dropped" });
  const outbox = createOutbox({
    store,
    adapters: [adapter],
    receive,
    now: Date.now,
    log: silent,
    holder: "bench",
    onGone() {},
  });
  outbox.start();
  return { outbox, sent: () => sent };
}

/** A programme with one lesson: the workload's cards and questions as practice. */
function programme(count) {
  const say = (text) => ({ en: [{ type: "paragraph", children: [{ type: "text", value: text }] }] });
  const practice = Array.from({ length: count }, (_, index) => ({
    id: `q${index}`,
    stem: say(question(index, count).text),
    right: String(question(index, count).right),
    safety: false,
    order: "fixed",
    options: options.map((label, option) => ({
      id: String(option),
      text: { en: label },
      feedback: say("This is so because the family decides on its own next step."),
    })),
  }));
  const check = { id: "check", minutes: 1, bank: [], draw: 0, pass: 0, freeAttempts: 2, pauseHours: 24 };
  const lesson = {
    id: "1.1",
    title: { en: "Small steps" },
    outcome: { en: "You can name a small step." },
    minutes: 4,
    cards: cards.map((text, index) => ({ id: `c${index}`, text: say(text) })),
    practice,
  };
  return {
    id: "bench",
    version: "1.0.0",
    hash: "bench",
    languages: ["en"],
    unreviewed: [],
    title: { en: "Bench" },
    units: [{ id: "1", title: { en: "Unit" }, lessons: [lesson], check }],
  };
}

/** The product, driven learner by learner. `watch` hears the rows of each write. */
export async function openProduct({ database, count, watch }) {
  const [
    { script },
    { createReceive },
    { createChance },
    { loadWords },
    { createCatalogue },
    { createBox },
    { createGuard },
    { renderForBench },
  ] = await Promise.all([
    dist("dialogs/index.js"),
    dist("src/turns/receive.js"),
    dist("src/turns/chance.js"),
    dist("src/words.js"),
    dist("src/programmes/catalogue.js"),
    dist("src/store/box.js"),
    dist("src/privacy/guard.js"),
    import("./render.mjs"),
  ]);
  const { store, close } = await openStore(database);
  const box = createBox("bench".repeat(8));
  const shown = new Map();
  const observed = {
    read: (rows) => store.read(rows),
    write(turns) {
      watch?.(turns);
      const written = store.write(turns);
      for (const turn of turns) {
        const reply = turn.outbox.at(-1)?.parts.at(-1)?.reply;
        if (reply?.token) shown.set(turn.outbox.at(-1).addressId, reply);
      }
      return written;
    },
  };
  const words = loadWords(join(root, "words"));
  const { receive, drain } = createReceive({
    store: observed,
    script,
    words,
    content: createCatalogue([programme(count)], []),
    now: Date.now,
    chance: createChance(),
    publicUrl: undefined,
    log: silent,
    guard: createGuard(words),
    seal: (purpose, text) => box.seal(purpose, Buffer.from(text)),
    laneFor: () => `bench:${lane}`,
    observe: { turn() {}, renewed() {} },
  });
  const { outbox, sent } = await openOutbox(store, await renderForBench(dist));
  let deliveries = 0;
  const address = (l) => ({ channel: "bench", tenant: lane, user: String(l), ref: { chat: l } });
  const send = (l, input) =>
    receive({
      id: String(++deliveries),
      address: address(l),
      person: { name: `Learner ${l}`, locale: "en" },
      input,
      receivedAt: Date.now(),
    });
  const press = (l, label) => {
    const reply = shown.get(`bench:${lane}:${l}`);
    const found = [...(reply?.choices ?? []), ...(reply?.actions ?? [])].find((one) => one.label === label);
    if (!found) throw new Error(`learner ${l} sees no "${label}"`);
    return send(l, { type: "press", token: reply.token, option: found.option });
  };
  return {
    store,
    sent,
    /** A learner who has been welcomed: not part of the workload, as an account is not part of a rival's. */
    async welcome(l) {
      await send(l, { type: "command", name: "start", args: "" });
      for (const label of ["English", "Monday to Friday", "08:00"]) await press(l, label);
    },
    send(l, event) {
      if (event.kind === "start") return send(l, { type: "command", name: "next", args: "" });
      return press(l, event.kind === "next" ? "Next" : options[event.option]);
    },
    async scores() {
      const rows = await store.db.record.findMany({
        where: { type: "practice" },
        select: { personId: true, data: true },
      });
      const people = await store.db.address.findMany({ select: { personId: true, user: true } });
      const users = new Map(people.map((row) => [row.personId, Number(row.user)]));
      const scores = new Map();
      for (const row of rows) {
        const l = users.get(row.personId);
        scores.set(l, (scores.get(l) ?? 0) + (JSON.parse(row.data).right ? 1 : 0));
      }
      return scores;
    },
    async close() {
      await drain();
      await outbox.stop();
      await close();
    },
  };
}
