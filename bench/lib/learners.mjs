// Learners who write while a broadcast is planned and sent: how long each turn takes until it counts, and each reply until it leaves.
import { performance } from "node:perf_hooks";

const words = ["menu", "progress", "help", "help", "menu"];

/**
 * Makes learners on these channels; `perSecond` of them write each second, in turn. `dist` imports from the build. They must have
 * written once before the broadcast is planned (`begin`).
 */
export async function createLearners({ dist, root, store, adapters, now, channels, perSecond }) {
  const [
    { script },
    { createReceive },
    { createChance },
    { loadWords },
    { createGuard },
    { createBox },
    { createCatalogue },
    { loadProgrammes },
  ] = await Promise.all([
    dist("dialogs/index.js"),
    dist("src/turns/receive.js"),
    dist("src/turns/chance.js"),
    dist("src/words.js"),
    dist("src/privacy/guard.js"),
    dist("src/store/box.js"),
    dist("src/programmes/catalogue.js"),
    dist("src/programmes/load.js"),
  ]);
  const { programmes } = await loadProgrammes(`${root}/programmes`);
  const loaded = loadWords(`${root}/words`);
  const box = createBox("bench".repeat(8));
  const silent = { debug() {}, info() {}, warn() {}, error: console.error };
  const lanes = new Map(adapters.map(({ channel, capabilities }) => [channel, capabilities.lane]));
  const { receive, drain } = createReceive({
    store,
    script,
    words: loaded,
    // One, so that what they write means the same however many there are.
    content: createCatalogue(
      programmes.filter(({ id }) => id === "family-mentor"),
      [],
    ),
    now,
    chance: createChance(),
    publicUrl: undefined,
    guard: createGuard(loaded),
    seal: (purpose, text) => box.seal(purpose, Buffer.from(text)),
    laneFor: ({ channel, tenant }) => (lanes.get(channel) ? `${channel}:${tenant}` : ""),
    log: silent,
    observe: { turn() {}, renewed() {} },
  });
  const turns = [];
  const replies = [];
  /** When each chat wrote what it was not answered yet. */
  const asked = new Map();
  const learners = Array.from({ length: 300 }, (_, n) => ({
    channel: channels[n % channels.length],
    tenant: "bot",
    user: `learner${n}`,
    ref: {},
  }));
  let count = 0;
  let timer;

  async function say(address, text) {
    const at = performance.now();
    asked.set(`${address.channel}:${address.user}`, at);
    count += 1;
    await receive({
      id: `bench${count}`,
      address,
      person: { name: "Ann Learner", locale: "en", timeZone: "Europe/Copenhagen" },
      input: { type: "text", text },
      receivedAt: now(),
    });
    turns.push(performance.now() - at);
  }

  return {
    people: learners.length,
    /** The way that everything else of this process takes too. */
    receive,
    async begin() {
      await Promise.all(learners.map((address) => say(address, "hello")));
    },
    start() {
      let next = 0;
      timer = setInterval(() => {
        void say(learners[next % learners.length], words[next % words.length]);
        next += 1;
      }, 1_000 / perSecond);
    },
    async stop() {
      clearInterval(timer);
      await drain();
    },
    /** A platform tells that it sent something. */
    sent({ address, kind }) {
      const key = `${address.channel}:${address.user}`;
      const at = asked.get(key);
      if (kind !== "reply" || at === undefined) return;
      asked.delete(key);
      replies.push(performance.now() - at);
    },
    /** What was measured since it was asked last, milliseconds. */
    take() {
      const of = (list) => {
        const sorted = list.splice(0).sort((one, other) => one - other);
        const at = (part) =>
          Math.round((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0) * 10) / 10;
        return { count: sorted.length, p50: at(0.5), p99: at(0.99), most: at(1) };
      };
      return { turnsMs: of(turns), repliesMs: of(replies) };
    },
  };
}
