// The floor that reads and writes the same rows as our store: a run of the product is recorded, its rows are written again
// into a new database with nothing decided, worded or rendered, in the same group commit and with the same outbox.
import { openOutbox, openProduct, openStore } from "../lib/product.mjs";
import { eventCount, eventOf } from "../lib/workload.mjs";

export async function open({ database, count, learners, said, scoreOf }) {
  const recorded = await record(learners, count);
  const { store, close } = await openStore(database);
  const { outbox } = await openOutbox(store, undefined);
  const waiting = [];
  let running = false;
  async function flush() {
    while (waiting.length > 0) {
      const batch = waiting.splice(0, 256);
      await store.read(batch.map((one) => one.read));
      await store.write(batch.map((one) => one.write));
      for (const one of batch) one.done();
      await new Promise(setImmediate);
    }
    running = false;
  }
  const next = new Map();
  const commit = (l) =>
    new Promise((done) => {
      const place = next.get(l) ?? 0;
      next.set(l, place + 1);
      waiting.push({ ...recorded.get(l)[place], done });
      if (!running) {
        running = true;
        setImmediate(flush);
      }
    });
  return {
    async prepare(l) {
      for (let turn = 0; turn < 4; turn += 1) await commit(l);
    },
    send: (l) => commit(l),
    async finish(all) {
      for (const l of all) said(l, scoreOf(l));
    },
    async close() {
      await outbox.stop();
      await close();
    },
  };
}

/** The rows of every turn of every learner, from a run of the product. */
async function record(learners, count) {
  const rows = new Map(learners.map((l) => [l, []]));
  const product = await openProduct({
    database: "sqlite",
    count,
    watch(turns) {
      for (const write of turns) {
        const addressId = write.outbox[0].addressId;
        const [channel, tenant, user] = addressId.split(":");
        const token = write.delivery.token;
        rows
          .get(Number(user))
          .push({ write, read: { channel, tenant, user, delivery: write.delivery, ...(token ? { token } : {}) } });
      }
    },
  });
  await inParallel(learners, 64, async (l) => {
    await product.welcome(l);
    for (let step = 0; step < eventCount(count); step += 1) await product.send(l, eventOf(l, step));
  });
  await product.close();
  addTokens(rows);
  return rows;
}

/** The token a press names is the one the turn before it showed. */
function addTokens(rows) {
  for (const turns of rows.values()) {
    for (let turn = 1; turn < turns.length; turn += 1) {
      const token = turns[turn - 1].write.tokens.at(-1)?.token;
      if (token) turns[turn].read.token = token;
    }
  }
}

async function inParallel(items, width, work) {
  let at = 0;
  await Promise.all(
    Array.from({ length: width }, async () => {
      while (at < items.length) await work(items[at++]);
    }),
  );
}
