import { once } from "node:events";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, type TestContext, test } from "vitest";
import { findChromium, startBrowser } from "../support/browser.ts";
import { createFakeSlack } from "../support/fake-slack.ts";
import { createFakeTeams } from "../support/fake-teams.ts";
import { createFakeTelegram } from "../support/fake-telegram.ts";
import { slackPlayer, teamsPlayer, telegramPlayer, terminalPlayer, webPlayer } from "../support/players.ts";
import { postgresqlMissing } from "../support/postgresql.ts";
import { freePort, type RunningProduct, spawnChat, startProduct } from "../support/product.ts";
import { addressesOf, count, query, recordOf } from "../support/product-records.ts";
import { single } from "../support/questions.ts";
import { createLearner, first, flat, playJourney, unit } from "./learner.ts";
import { drawnIn, expectedRecord, normalised } from "./record.ts";

const token = "4200:AAworldjourneytokenAAAAAAAAAAAAAAAA";
const signingSecret = "a signing secret of 32 letters..";
const person = { id: 31, first_name: "Zdravka", last_name: "Petkova", language_code: "en" };
/** A Tuesday morning in Copenhagen: no reminder falls into the journey. */
const now = "2026-03-03T09:00:00Z";

let browser: Browser | undefined;
beforeAll(async () => {
  browser = await startBrowser();
});
afterAll(() => browser?.close());

type Open = { close(): Promise<void> }[];

/** What a test opens, closed at its end in reverse order: the product stops before the platforms it talks to. */
function opened(onTestFinished: TestContext["onTestFinished"]): Open {
  const open: Open = [];
  onTestFinished(async () => {
    for (const one of open.reverse()) await one.close();
  }, 120_000);
  return open;
}

async function fakes(open: Open) {
  const telegram = await createFakeTelegram({ tokens: [token], perChatPerSecond: 1 });
  const slack = await createFakeSlack({
    signingSecret,
    botToken: "xoxb-world-journey",
    appToken: "xapp-world-journey",
    messagesPerSecond: 1,
  });
  open.push(telegram, slack);
  return { telegram, slack };
}

async function expectJourney(product: RunningProduct, channel: string): Promise<void> {
  const record = await recordOf(product.databaseUrl, first(await addressesOf(product.databaseUrl, channel)));
  expect(normalised(record)).toEqual(expectedRecord());
  const safety = unit.check.bank.filter((question) => question.safety).map((question) => question.id);
  for (const drawn of drawnIn(record)) {
    expect(new Set(drawn).size).toBe(unit.check.draw);
    expect(drawn).toEqual(expect.arrayContaining(safety));
  }
}

function secretsOf(product: RunningProduct): void {
  product.never(
    "Zdravka",
    "Petkova",
    token,
    "AAworldjourney",
    "xoxb-world",
    "xapp-world",
    signingSecret,
    "monday to friday",
  );
  const [one] = unit.lessons;
  for (const question of one?.practice ?? [])
    for (const option of single(question).options) product.never(option.text.en ?? "");
}

// Both at once: a journey is as long as the platforms' limit of one message a second makes it.
describe.skipIf(process.env.FADDER_SLOW === undefined).concurrent("one learner on every platform", () => {
  test.skipIf(findChromium() === undefined)(
    "Telegram by webhook, Slack by HTTP, Teams and the page end with the same record, and links unite them",
    async ({ onTestFinished }) => {
      if (!browser) throw new Error("no browser");
      const open = opened(onTestFinished);
      const { telegram, slack } = await fakes(open);
      const teams = await createFakeTeams({ rateLimits: true });
      open.push(teams);
      const port = await freePort();
      const product = await startProduct({
        database: "sqlite",
        port,
        env: {
          PUBLIC_URL: `http://127.0.0.1:${port}`,
          FADDER_NOW: now,
          TELEGRAM_BOT_TOKEN: token,
          TELEGRAM_API_ROOT: telegram.url,
          SLACK_BOT_TOKEN: "xoxb-world-journey",
          SLACK_SIGNING_SECRET: signingSecret,
          SLACK_API_URL: slack.url,
          ...teams.settings,
        },
      });
      open.push(product);
      secretsOf(product);
      slack.deliverTo(product.url);
      teams.connect(product.url);
      await product.ready();
      const context = await browser.newContext({ locale: "en-GB", timezoneId: "Europe/Copenhagen" });
      open.push(context);
      const page = await context.newPage();
      const players = {
        telegram: telegramPlayer(telegram, person),
        slack: slackPlayer(slack, "UZDRAVKA"),
        teams: teamsPlayer(teams, "Zdravka Petkova"),
        web: webPlayer(page, product.url),
      };
      await Promise.all([
        playJourney(players.telegram, { picture: true }),
        playJourney(players.slack, { picture: true }),
        playJourney(players.teams, { picture: false }),
        playJourney(players.web, { picture: true }),
      ]);
      for (const channel of Object.keys(players)) await expectJourney(product, channel);

      // A code read in one app and typed in another.
      const records = async (channels: readonly string[]) => {
        const all = await Promise.all(
          channels.map(async (channel) =>
            recordOf(product.databaseUrl, first(await addressesOf(product.databaseUrl, channel))),
          ),
        );
        return [...new Set(all.flat().map(({ key }) => key))].sort();
      };
      const both = await records(["teams", "slack"]);
      const inTeams = createLearner(players.teams);
      const inSlack = createLearner(players.slack);
      const shown = await inTeams.say("link", /Your code is [A-Z0-9]{4}-[A-Z0-9]{4}/);
      const code = /[A-Z0-9]{4}-[A-Z0-9]{4}/.exec(shown.text)?.[0] ?? "";
      await inSlack.say(`link ${code}`, /Linked\. Your lessons, cards and results are together now/);
      expect(await records(["teams"])).toEqual(both);
      expect(await records(["slack"])).toEqual(both);
      await inTeams.say(`link ${code}`, /This app is linked already|This code does not work/);
      const teamsPage = await inTeams.say("progress", /Your progress/);
      const slackPage = await inSlack.say("progress", /Your progress/);
      // Pictures are told as well; the page itself comes last.
      const words = (text: string) =>
        flat(text).slice(flat(text).lastIndexOf("Your progress")).split(" Next step")[0] ?? "";
      expect(words(slackPage.text)).toContain("check passed, 8 of 8 right");
      expect(words(teamsPage.text)).toContain(words(slackPage.text));

      // A link in a message changes nothing when it is opened; the button on its page does.
      const inTelegram = createLearner(players.telegram);
      const { link = "" } = await inTelegram.say("link", /Your code is/);
      expect(link).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/link\/\w+$/);
      const all = await records(["telegram", "web"]);
      const before = await query(product.databaseUrl, `SELECT count(*) AS n FROM "Person"`);
      await page.goto(link);
      expect(await query(product.databaseUrl, `SELECT count(*) AS n FROM "Person"`)).toEqual(before);
      await page.click("main form button[type=submit]");
      await page.waitForSelector("text=Linked. Your lessons", { timeout: 60_000 });
      expect(await records(["telegram"])).toEqual(all);
      expect(await count(product.databaseUrl, "Person")).toBe(2);

      expect(slack.violations).toEqual([]);
      expect(teams.problems).toEqual([]);
      expect(refusedBy(telegram)).toEqual([]);
      expect(await count(product.databaseUrl, "FailedTurn")).toBe(0);
      expect(product.errors()).toEqual([]);
      expect((await product.stop()).status).toBe(0);
    },
    15 * 60_000,
  );

  const kinds = postgresqlMissing === undefined ? "postgresql" : "sqlite";
  test(
    "Telegram by long polling, Slack by socket and the terminal end with the same record",
    async ({ onTestFinished }) => {
      const open = opened(onTestFinished);
      const { telegram, slack } = await fakes(open);
      const secret = "a secret for tests only, thirty-two characters";
      const product = await startProduct({
        database: kinds,
        env: {
          FADDER_NOW: now,
          FADDER_SECRET: secret,
          TELEGRAM_BOT_TOKEN: token,
          TELEGRAM_API_ROOT: telegram.url,
          SLACK_BOT_TOKEN: "xoxb-world-journey",
          SLACK_APP_TOKEN: "xapp-world-journey",
          SLACK_API_URL: slack.url,
        },
      });
      open.push(product);
      secretsOf(product);
      await product.ready();
      await slack.until(() => slack.sockets.size > 0, 60_000);
      // Beside the server on PostgreSQL; SQLite is for one program at a time, so there the terminal has its own file.
      const alone = kinds === "sqlite";
      const chat = spawnChat({
        FADDER_NOW: now,
        FADDER_SECRET: secret,
        DATA_DIR: alone ? `${product.folder}/terminal` : product.folder,
        ...(alone ? {} : { DATABASE_URL: product.databaseUrl }),
      });
      let complaints = "";
      chat.stderr?.on("data", (chunk: Buffer) => {
        complaints += chunk.toString();
      });
      const ended = once(chat, "close");
      await Promise.all([
        playJourney(telegramPlayer(telegram, person), { picture: true }),
        playJourney(slackPlayer(slack, "UZDRAVKA"), { picture: true }),
        playJourney(terminalPlayer(chat), { picture: false }),
      ]);
      chat.stdin?.end();
      const [status] = (await ended) as [number | null];
      expect({ status, complaints }).toEqual({ status: 0, complaints: "" });
      await expectJourney(product, "telegram");
      await expectJourney(product, "slack");
      await expectJourney(
        alone ? { ...product, databaseUrl: `file:${product.folder}/terminal/fadder.db` } : product,
        "terminal",
      );
      expect(slack.violations).toEqual([]);
      expect(refusedBy(telegram)).toEqual([]);
      expect(product.errors()).toEqual([]);
      expect((await product.stop()).status).toBe(0);
    },
    15 * 60_000,
  );
});

/** Calls that the fake refused for what they said; a message that came too fast is asked for again and counts not. */
function refusedBy(telegram: Awaited<ReturnType<typeof createFakeTelegram>>): readonly string[] {
  return telegram.refusals
    .filter((refusal) => refusal.status === 400)
    .map((refusal) => `${refusal.method}: ${refusal.description}`);
}
