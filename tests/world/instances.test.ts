import { afterEach, describe, expect, test } from "vitest";
import { seeded } from "../../src/domain/random.ts";
import { createFakeSlack } from "../support/fake-slack.ts";
import { createFakeTelegram } from "../support/fake-telegram.ts";
import { createPostgresql, onServer, postgresqlMissing, postgresqlServer } from "../support/postgresql.ts";
import { freePort, type RunningProduct, startProduct } from "../support/product.ts";
import { startLine } from "../support/product-proxy.ts";
import { count, query, recordOf } from "../support/product-records.ts";
import { createCrowd } from "./crowd.ts";
import { flat } from "./learner.ts";

const slow = process.env.FADDER_SLOW !== undefined;
const here = slow && postgresqlMissing === undefined;
const secret = "a secret for tests only, thirty-two characters";
const token = "4400:AAinstancestokenAAAAAAAAAAAAAAAAAAAA";
const signingSecret = "a signing secret of 32 letters..";
/** The adapter's sends under way at once. */
const telegramConcurrency = 3;

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

async function database() {
  const made = await createPostgresql();
  open.push({ close: () => made.drop() });
  return made;
}

/** Two instances on one database, both ready. */
async function pair(url: string, env: Readonly<Record<string, string>>) {
  const start = async () => {
    const product = await startProduct({ database: { url }, env: { FADDER_SECRET: secret, ...env } });
    open.push(product);
    await product.ready();
    return product;
  };
  return [await start(), await start()] as const;
}

/** Who holds a lease now: the process id that stands in the holder's name. */
async function holderOf(url: string, lease: string): Promise<number | undefined> {
  const [row] = await query<{ holder: string | null }>(
    url,
    `SELECT holder FROM "Lane" WHERE name = $1 AND until > (extract(epoch FROM clock_timestamp()) * 1000)::bigint`,
    [lease],
  );
  const pid = row?.holder?.split(":")[1];
  return pid === undefined ? undefined : Number(pid);
}

async function until<T>(what: string, ms: number, find: () => Promise<T | undefined> | T | undefined): Promise<T> {
  const end = performance.now() + ms;
  for (;;) {
    const found = await find();
    if (found !== undefined) return found;
    if (performance.now() > end) throw new Error(`${what}: not within ${ms} ms`);
    await pause(20);
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

const times = (texts: readonly string[], word: string) => texts.filter((text) => text.includes(`“${word}”`)).length;

describe.skipIf(!here)("two instances on one PostgreSQL", () => {
  test("a killed holder's lane is taken over within 4 s; only what was under way comes twice, and order is kept", async () => {
    const { url } = await database();
    const telegram = await createFakeTelegram({ tokens: [token], perChatPerSecond: 1 });
    open.push(telegram);
    let alive: readonly RunningProduct[] = [];
    const balancer = await startLine(() =>
      alive.map((one) => ({ host: "127.0.0.1", port: Number(new URL(one.url).port) })),
    );
    open.push(balancer);
    const both = await pair(url, {
      PUBLIC_URL: `http://127.0.0.1:${balancer.port}`,
      TELEGRAM_BOT_TOKEN: token,
      TELEGRAM_API_ROOT: telegram.url,
    });
    alive = both;
    const users = Array.from({ length: 20 }, (_, index) => 900 + index);
    await Promise.all(users.map((user) => telegram.pushText(user, "/start")));
    await Promise.all(users.map((user) => telegram.message(user, ({ text }) => text.includes("Which language"))));
    await Promise.all(users.map((user) => telegram.pushText(user, "English")));
    await Promise.all(users.map((user) => telegram.pushText(user, "only when I ask")));
    await Promise.all(users.map((user) => telegram.message(user, ({ text }) => text.includes("is ready"))));

    // Three answers wait in every chat when the holder dies.
    const words = ["alpha", "beta", "gamma"];
    const asked = telegram.calls.length;
    for (const word of words) await Promise.all(users.map((user) => telegram.pushText(user, `find ${word}${user}`)));
    await telegram.until(() => (sentSince(telegram, asked) >= 10 ? true : undefined));
    const pid = await holderOf(url, "telegram:4400");
    const holder = both.find((one) => one.pid() === pid);
    const other = both.find((one) => one.pid() !== pid);
    if (!holder || !other) throw new Error(`the lane is held by ${pid}`);
    const before = telegram.calls.length;
    await holder.kill();
    const killedAt = performance.now();
    alive = [other];
    await until(
      "the lane changes hands",
      10_000,
      async () => (await holderOf(url, "telegram:4400")) === other.pid() || undefined,
    );
    const takenMs = Math.round(performance.now() - killedAt);
    await telegram.until(() => (sentSince(telegram, before) > 0 ? true : undefined));
    const firstMs = Math.round(performance.now() - killedAt);
    const texts = (user: number) => telegram.messages(user).map((message) => flat(message.text));
    await until(
      "everybody is answered",
      60_000,
      () => users.every((user) => words.every((word) => times(texts(user), `${word}${user}`) > 0)) || undefined,
    );
    await until("the outbox is empty", 30_000, async () => (await count(url, "Outbox")) === 0 || undefined);
    let twice = 0;
    for (const user of users) {
      const places = words.map((word) => texts(user).findIndex((text) => text.includes(`“${word}${user}”`)));
      expect(places).toEqual([...places].sort((one, two) => one - two));
      for (const word of words) twice += times(texts(user), `${word}${user}`) - 1;
    }
    console.log(
      `taken over after ${takenMs} ms, next message after ${firstMs} ms, ${twice} messages twice, 0 out of order`,
    );
    expect(takenMs).toBeLessThan(4_000);
    expect(twice).toBeLessThanOrEqual(telegramConcurrency);
    expect((await other.stop()).status).toBe(0);
  }, 300_000);

  test("the listener of a killed instance moves to the other one, and nothing that was said is lost", async () => {
    const { url } = await database();
    const telegram = await createFakeTelegram({ tokens: [token] });
    open.push(telegram);
    const both = await pair(url, { TELEGRAM_BOT_TOKEN: token, TELEGRAM_API_ROOT: telegram.url });
    await telegram.pushText(5, "/start");
    await telegram.message(5, ({ text }) => text.includes("Which language"));
    const leases = await query<{ name: string }>(url, `SELECT name FROM "Lane" WHERE name LIKE 'poll:%'`);
    const [lease] = leases;
    if (!lease) throw new Error("no listener is leased");
    const pid = await holderOf(url, lease.name);
    const holder = both.find((one) => one.pid() === pid);
    const other = both.find((one) => one.pid() !== pid);
    if (!holder || !other) throw new Error(`${lease.name} is held by ${pid}`);
    await holder.kill();
    const killedAt = performance.now();
    const heard = telegram.pushText(5, "English");
    await until(
      "the listener changes hands",
      10_000,
      async () => (await holderOf(url, lease.name)) === other.pid() || undefined,
    );
    const takenMs = Math.round(performance.now() - killedAt);
    await heard;
    await telegram.message(5, ({ text }) => text.includes("On which days"));
    console.log(
      `the listener moved after ${takenMs} ms, answered after ${Math.round(performance.now() - killedAt)} ms`,
    );
    expect(takenMs).toBeLessThan(4_000);
    expect(await count(url, "Delivery")).toBe(2);
  }, 300_000);
});

/** Messages that were sent since a call. */
function sentSince(telegram: Awaited<ReturnType<typeof createFakeTelegram>>, from: number): number {
  return telegram.calls.slice(from).filter(({ method }) => method === "sendMessage").length;
}

async function crowdOn(databaseUrl: { readonly url: string } | "sqlite", seed: number) {
  const crowd = await createCrowd({ learners: 20, random: seeded(seed), again: 0.1 });
  open.push(crowd);
  const port = await freePort();
  const product = await startProduct({
    database: databaseUrl,
    port,
    env: { PUBLIC_URL: `http://127.0.0.1:${port}`, CONNECTIONS_FILE: crowd.connections },
  });
  open.push(product);
  product.never(...crowd.secrets);
  crowd.deliverTo(product.url);
  await product.ready();
  return { crowd, product };
}

async function expectAllLearned(
  { crowd, product }: Awaited<ReturnType<typeof crowdOn>>,
  url = product.databaseUrl,
): Promise<void> {
  const records = await Promise.all(
    crowd.members.map(async ({ address }) => [address, await recordOf(url, address)] as const),
  );
  expect(crowd.result(new Map(records))).toMatchObject({ exact: 20, lost: [], disordered: [] });
  expect(await count(url, "FailedTurn")).toBe(0);
}

describe.skipIf(!slow)("a clean stop", () => {
  test("with work under way ends with 0 within 20 s, and nothing is lost or sent twice", async () => {
    const world = await crowdOn("sqlite", 7);
    const learning = world.crowd.learn();
    for (let stops = 0; stops < 3; stops += 1) {
      await pause(2_500);
      await until("somebody's turn is on its way", 10_000, () => world.crowd.inFlight().size > 0 || undefined);
      const { status, ms } = await world.product.stop();
      console.log(`SIGTERM under load: status ${status} after ${ms} ms`);
      expect(status).toBe(0);
      expect(ms).toBeLessThan(20_000);
      world.product.restart();
      await world.product.ready();
    }
    await learning;
    await expectAllLearned(world);
    const records = new Map<string, never[]>();
    expect(world.crowd.result(records).shownTwice).toBe(0);
  }, 300_000);
});

describe.skipIf(!here)("a database that goes away", () => {
  test("gives 5xx to the platform, and after the redelivery one effect", async () => {
    const { url } = await database();
    const { hostname, port } = new URL(postgresqlServer);
    const line = await startLine(() => [{ host: hostname, port: Number(port || 5432) }]);
    open.push(line);
    const through = new URL(url);
    through.hostname = "127.0.0.1";
    through.port = String(line.port);
    const slack = await createFakeSlack({ signingSecret, botToken: "xoxb-cut", retryDelaysMs: [], deadlineMs: 20_000 });
    open.push(slack);
    const publicPort = await freePort();
    const product = await startProduct({
      database: { url: through.href },
      port: publicPort,
      env: {
        PUBLIC_URL: `http://127.0.0.1:${publicPort}`,
        SLACK_BOT_TOKEN: "xoxb-cut",
        SLACK_SIGNING_SECRET: signingSecret,
        SLACK_API_URL: slack.url,
      },
    });
    open.push(product);
    slack.deliverTo(product.url);
    await product.ready();
    expect((await slack.say("UCUT", "hello", {}, "EvCUT1")).status).toBe(200);
    await slack.until(() => slack.messages("UCUT").length === 1, 30_000);
    line.cut();
    const [event, press] = [
      await slack.say("UCUT", "English", {}, "EvCUT2"),
      await slack.press("UCUT", first(slack.messages("UCUT")).ts, 0),
    ];
    expect([event.status, press.status]).toEqual([503, 503]);
    expect((await fetch(`${product.url}/readyz`)).status).toBe(503);
    expect((await fetch(`${product.url}/healthz`)).status).toBe(200);
    line.mend();
    await until(
      "the database is back",
      30_000,
      async () => (await fetch(`${product.url}/readyz`)).status === 200 || undefined,
    );
    expect((await slack.say("UCUT", "English", {}, "EvCUT2")).status).toBe(200);
    expect((await slack.say("UCUT", "English", {}, "EvCUT2")).status).toBe(200);
    await slack.until(() => slack.messages("UCUT").some(({ visible }) => visible.includes("On which days")), 30_000);
    await until("the outbox is empty", 30_000, async () => (await count(url, "Outbox")) === 0 || undefined);
    expect(slack.messages("UCUT")).toHaveLength(2);
    expect((await recordOf(url, "slack:T1:UCUT")).map(({ type }) => type)).toEqual(["joined"]);
    expect((await product.stop()).status).toBe(0);
  }, 300_000);

  test("in the middle of everybody's work loses nothing", async () => {
    const { url } = await database();
    const world = await crowdOn({ url }, 8);
    const learning = world.crowd.learn();
    const name = new URL(url).pathname.slice(1);
    for (let cuts = 0; cuts < 6; cuts += 1) {
      await pause(1_500);
      await until("somebody's turn is on its way", 10_000, () => world.crowd.inFlight().size > 0 || undefined);
      await onServer(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}' AND pid <> pg_backend_pid()`,
      );
    }
    await learning;
    await expectAllLearned(world, url);
    expect((await world.product.stop()).status).toBe(0);
  }, 300_000);
});

function first<T>(list: readonly T[]): T {
  const [one] = list;
  if (one === undefined) throw new Error("an empty list");
  return one;
}
