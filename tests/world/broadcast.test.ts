import { afterEach, describe, expect, test } from "vitest";
import { createBroadcasts } from "../../src/broadcasts/service.ts";
import { seeded } from "../../src/domain/random.ts";
import { giveRole } from "../../src/people/grants.ts";
import { ensureRoot } from "../../src/people/organisations.ts";
import { rootId, standingOf } from "../../src/people/standing.ts";
import { createCatalogue } from "../../src/programmes/catalogue.ts";
import { openStore } from "../../src/store/open.ts";
import type { Store } from "../../src/store/types.ts";
import { programmes, words } from "../support/chat.ts";
import { quietLog } from "../support/databases.ts";
import { createFakeTelegram } from "../support/fake-telegram.ts";
import { createPostgresql, postgresqlMissing } from "../support/postgresql.ts";
import { type RunningProduct, startProduct } from "../support/product.ts";

const here = process.env.FADDER_SLOW !== undefined && postgresqlMissing === undefined;
const secret = "a secret for tests only, thirty-two characters";
const token = "4401:AAbroadcasttokenAAAAAAAAAAAAAAAAAAAA";
/** The adapter's sends under way at once. */
const telegramConcurrency = 3;
const seed = 4711;

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

/** A zone in which it is about this hour now; no country lies in it, so it has no holidays. */
function zoneAt(hour: number): string {
  // Between 14 hours in front of UTC and 12 behind it, in the other sign.
  const ahead = ((hour - new Date().getUTCHours() + 36) % 24) - 12;
  return ahead === 0 ? "Etc/GMT" : `Etc/GMT${ahead > 0 ? "-" : "+"}${Math.abs(ahead)}`;
}

/** People on Telegram in a database of their own, and a broadcast to all of them that waits for its ten seconds. */
async function world(people: number, zone: string) {
  const database = await createPostgresql();
  open.push({ close: () => database.drop() });
  const telegram = await createFakeTelegram({ tokens: [token], perChatPerSecond: 1 });
  open.push(telegram);
  const store = await openStore({ url: database.url, secret, now: Date.now, log: quietLog, use: "command" });
  open.push(store);
  await ensureRoot(store.db, Date.now());
  const all = Array.from({ length: people }, (_, n) => ({ id: `p${String(n).padStart(6, "0")}`, user: 10_000 + n }));
  for (const { user } of all) telegram.open(user);
  await store.sql.run(
    `INSERT INTO "Person"(id, name, language, "timeZone", "timeZoneKnown", stopped, roles, "addressId", "createdAt")
      SELECT x.id, 'Ann Example', 'en', CAST($2 AS TEXT), true, false, '[]', 'telegram:4401:' || x."user", 0
      FROM json_to_recordset(CAST($1 AS json)) AS x(id text, "user" text)`,
    [JSON.stringify(all), zone],
  );
  await store.sql.run(
    `INSERT INTO "Address"(id, "personId", channel, tenant, "user", ref, state, "changedAt")
      SELECT 'telegram:4401:' || x."user", x.id, 'telegram', '4401', x."user", '{"chat":' || x."user" || '}', 'reachable', 0
      FROM json_to_recordset(CAST($1 AS json)) AS x(id text, "user" text)`,
    [JSON.stringify(all)],
  );
  await store.db.person.create({
    data: {
      id: "lead",
      name: "",
      timeZone: "UTC",
      timeZoneKnown: true,
      stopped: true,
      roles: "[]",
      addressId: "",
      createdAt: 0n,
    },
  });
  await giveRole(store.db, { personId: "lead", role: "coordinator", organisationId: rootId, createdBy: null }, 0);
  const lead = await standingOf(store.db, "lead", Date.now());
  const broadcasts = createBroadcasts({
    store,
    catalogue: createCatalogue(programmes, []),
    words,
    adapters: [],
    now: Date.now,
    secret,
    log: quietLog,
  });
  const content = { texts: { en: "We meet on Monday." }, next: false, acknowledge: true, options: [] };
  const id = (await broadcasts.draft(lead, { audience: {}, content, timing: { kind: "now" } })) ?? "";
  await broadcasts.send(lead, id, zone);
  // Its ten seconds are over.
  await store.db.broadcast.update({ where: { id }, data: { startsAt: 0n } });
  const start = async (): Promise<RunningProduct> => {
    const product = await startProduct({
      database: { url: database.url },
      env: { FADDER_SECRET: secret, TELEGRAM_BOT_TOKEN: token, TELEGRAM_API_ROOT: telegram.url },
    });
    open.push(product);
    await product.ready();
    return product;
  };
  return { store, telegram, all, id, start };
}

async function until(what: string, ms: number, find: () => Promise<boolean> | boolean): Promise<void> {
  const end = performance.now() + ms;
  while (!(await find())) {
    if (performance.now() > end) throw new Error(`${what}: not within ${ms} ms`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

const count = async (store: Store, table: "BroadcastDelivery" | "Outbox" | "Token"): Promise<number> =>
  Number((await store.sql.all(`SELECT count(*) AS n FROM "${table}"`))[0]?.n);

describe.skipIf(!here)("a broadcast and kill -9, on PostgreSQL", () => {
  test("a planner killed in mid-plan leaves nobody out and adds nothing twice", async () => {
    const people = 6_000;
    const random = seeded(seed);
    // It is night there: everybody's message waits, and all of them can be counted.
    const { store, all, id, start } = await world(people, zoneAt(2));
    let product = await start();
    const kills: string[] = [];
    const moments = [
      ...Array.from({ length: 2 }, () => ({
        table: "BroadcastDelivery" as const,
        at: Math.floor(random() * people),
      })),
      ...Array.from({ length: 1 }, () => ({ table: "Outbox" as const, at: Math.floor(random() * people) })),
    ].sort((one, other) => (one.table === other.table ? one.at - other.at : one.table < other.table ? -1 : 1));
    for (const { table, at } of moments) {
      await until(`${at} rows in ${table}`, 60_000, async () => (await count(store, table)) >= at);
      await product.kill();
      kills.push(`${table} ${await count(store, table)}`);
      product = await start();
    }
    await until("everybody is planned", 60_000, async () => (await count(store, "Outbox")) >= people);
    console.log(`killed at ${kills.join(", ")} of ${people}`);
    await product.stop();
    const rows = await store.db.outbox.findMany({ select: { personId: true } });
    expect(rows.map((row) => row.personId).sort()).toEqual(all.map((one) => one.id));
    expect(await count(store, "Token")).toBe(people);
    const states = await store.db.broadcastDelivery.groupBy({
      by: ["state"],
      where: { broadcastId: id },
      _count: { personId: true },
    });
    expect(Object.fromEntries(states.map((row) => [row.state, row._count.personId]))).toEqual({
      planned: people,
      skipped: 1,
    });
  }, 180_000);

  test("one of two instances killed in mid-send: nobody twice, nobody missing but the unknown", async () => {
    const people = 220;
    const random = seeded(seed);
    const { store, telegram, all, id, start } = await world(people, zoneAt(12));
    const alive = [await start(), await start()];
    const sent = () => telegram.calls.filter(({ method }) => method === "sendMessage").length;
    const moments = Array.from({ length: 2 }, (_, n) => Math.floor(((n + random()) * people) / 2.5) + 5);
    for (const moment of moments) {
      await until(`${moment} messages`, 60_000, () => sent() >= moment);
      const [lane] = await store.sql.all(`SELECT holder FROM "Lane" WHERE name = 'telegram:4401'`);
      const pid = Number(String(lane?.holder).split(":")[1]);
      const holder = alive.find((one) => one.pid() === pid);
      if (holder === undefined) throw new Error(`the lane is held by ${pid}`);
      await holder.kill();
      holder.restart();
    }
    await until("everybody's message has come to its end", 90_000, async () => {
      const open = await store.db.broadcastDelivery.count({ where: { broadcastId: id, state: "planned" } });
      return open === 0;
    });
    await until("it is done", 10_000, async () => (await store.db.broadcast.findFirst())?.state === "done");
    const deliveries = await store.db.broadcastDelivery.findMany({ where: { broadcastId: id } });
    const unknown = new Set(deliveries.filter((one) => one.state === "unknown").map((one) => one.personId));
    const times = all.map((one) => ({ ...one, got: telegram.messages(one.user).length }));
    console.log(
      `killed after ${moments.join(" and ")} messages: ${unknown.size} unknown, of whom ${times.filter((one) => unknown.has(one.id) && one.got === 1).length} got it`,
    );
    expect(times.filter((one) => one.got > 1)).toEqual([]);
    expect(times.filter((one) => one.got === 0 && !unknown.has(one.id))).toEqual([]);
    expect(unknown.size).toBeLessThanOrEqual(moments.length * telegramConcurrency);
    expect(deliveries.filter((one) => one.state === "sent").length).toBe(people - unknown.size);
    await Promise.all(alive.map((one) => one.ready()));
  }, 180_000);
});
