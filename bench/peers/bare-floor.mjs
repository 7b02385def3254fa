// The bare floor: a reducer, and group commit of three rows (state, attempt, outbox) with integer keys. No delivery ids, no
// tokens, no foreign keys, no text in words, nothing delivered: what the database and the disk allow at best.
import pg from "pg";
import { folder, postgresql, sqlite } from "../lib/databases.mjs";
import { reduce } from "../lib/workload.mjs";

const tables = (key) => [
  "CREATE TABLE learner(id BIGINT PRIMARY KEY, state TEXT NOT NULL, at BIGINT NOT NULL)",
  `CREATE TABLE attempt(id ${key}, learner BIGINT NOT NULL, question INT, option INT, correct INT, at BIGINT NOT NULL)`,
  `CREATE TABLE outbox(id ${key}, learner BIGINT NOT NULL, payload TEXT NOT NULL, at BIGINT NOT NULL)`,
];

export async function open({ database, count, said }) {
  const commit = database === "sqlite" ? onSqlite(count) : await onPostgresql(count);
  let waiting = [];
  let running = false;
  async function flush() {
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      await commit.write(batch);
      for (const one of batch) {
        said(one.l, one.reply.text);
        one.done();
      }
      await new Promise(setImmediate);
    }
    running = false;
  }
  return {
    send(l, event) {
      return new Promise((done) => {
        waiting.push({ l, event, done, reply: undefined });
        if (!running) {
          running = true;
          setImmediate(flush);
        }
      });
    },
    close: () => commit.close(),
  };
}

function onSqlite(count) {
  const db = sqlite(folder());
  for (const table of tables("INTEGER PRIMARY KEY")) db.exec(table);
  const read = db.prepare("SELECT state FROM learner WHERE id=?");
  const save = db.prepare(
    "INSERT INTO learner VALUES(?,?,?) ON CONFLICT(id) DO UPDATE SET state=excluded.state, at=excluded.at",
  );
  const attempt = db.prepare("INSERT INTO attempt(learner,question,option,correct,at) VALUES(?,?,?,?,?)");
  const outbox = db.prepare("INSERT INTO outbox(learner,payload,at) VALUES(?,?,?)");
  const [begin, end] = [db.prepare("BEGIN IMMEDIATE"), db.prepare("COMMIT")];
  return {
    async write(batch) {
      const now = Date.now();
      begin.run();
      for (const one of batch) {
        const row = read.get(one.l);
        const { state, reply, attempt: given } = reduce(row && JSON.parse(row.state), one.event, count);
        save.run(one.l, JSON.stringify(state), now);
        attempt.run(one.l, given?.question ?? null, given?.option ?? null, given ? Number(given.right) : null, now);
        outbox.run(one.l, JSON.stringify(reply), now);
        one.reply = reply;
      }
      end.run();
    },
    close: async () => db.close(),
  };
}

async function onPostgresql(count) {
  const database = await postgresql();
  const pool = new pg.Pool({ connectionString: database.url, max: 4 });
  pool.on("error", () => {});
  for (const table of tables("BIGSERIAL PRIMARY KEY")) await pool.query(table);
  const save = `WITH s AS (INSERT INTO learner SELECT * FROM unnest($1::bigint[],$2::text[],$3::bigint[])
      ON CONFLICT(id) DO UPDATE SET state=excluded.state, at=excluded.at),
    a AS (INSERT INTO attempt(learner,question,option,correct,at) SELECT * FROM unnest($1::bigint[],$4::int[],$5::int[],$6::int[],$3::bigint[]))
    INSERT INTO outbox(learner,payload,at) SELECT * FROM unnest($1::bigint[],$7::text[],$3::bigint[])`;
  return {
    async write(batch) {
      const found = await pool.query({
        name: "read",
        text: "SELECT id,state FROM learner WHERE id=ANY($1::bigint[])",
        values: [batch.map((one) => one.l)],
      });
      const states = new Map(found.rows.map((row) => [Number(row.id), JSON.parse(row.state)]));
      const now = Date.now();
      const decided = batch.map((one) => reduce(states.get(one.l), one.event, count));
      for (const [index, one] of batch.entries()) one.reply = decided[index].reply;
      await pool.query({
        name: "save",
        text: save,
        values: [
          batch.map((one) => one.l),
          decided.map((one) => JSON.stringify(one.state)),
          batch.map(() => now),
          decided.map((one) => one.attempt?.question ?? null),
          decided.map((one) => one.attempt?.option ?? null),
          decided.map((one) => (one.attempt ? Number(one.attempt.right) : null)),
          decided.map((one) => JSON.stringify(one.reply)),
        ],
      });
    },
    async close() {
      await pool.end();
      await database.drop();
    },
  };
}
