import { createHmac } from "node:crypto";
import { afterEach, describe, expect, test } from "vitest";
import { createFakeSlack } from "../support/fake-slack.ts";
import { sign } from "../support/fake-slack-sender.ts";
import { createFakeTeams } from "../support/fake-teams.ts";
import { createFakeTelegram } from "../support/fake-telegram.ts";
import { freePort, type RunningProduct, startProduct } from "../support/product.ts";
import { count } from "../support/product-records.ts";

const slow = process.env.FADDER_SLOW !== undefined;

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

const telegramToken = "4300:AAbadinputtokenAAAAAAAAAAAAAAAAAAAA";
const webhookSecret = "badInputWebhookSecret";
const signingSecret = "a signing secret of 32 letters..";

async function onAllPlatforms() {
  const telegram = await createFakeTelegram({ tokens: [telegramToken] });
  const slack = await createFakeSlack({ signingSecret, botToken: "xoxb-bad-input" });
  const teams = await createFakeTeams();
  open.push(telegram, slack, teams);
  const port = await freePort();
  const product = await startProduct({
    database: "sqlite",
    port,
    env: {
      PUBLIC_URL: `http://127.0.0.1:${port}`,
      TELEGRAM_BOT_TOKEN: telegramToken,
      TELEGRAM_WEBHOOK_SECRET: webhookSecret,
      TELEGRAM_API_ROOT: telegram.url,
      SLACK_BOT_TOKEN: "xoxb-bad-input",
      SLACK_SIGNING_SECRET: signingSecret,
      SLACK_API_URL: slack.url,
      ...teams.settings,
    },
  });
  open.push(product);
  product.never("a text that nobody may keep", telegramToken, webhookSecret, signingSecret, "xoxb-bad-input");
  slack.deliverTo(product.url);
  teams.connect(product.url);
  await product.ready();
  return { telegram, slack, teams, product };
}

async function post(url: string, body: string, headers: Record<string, string> = {}): Promise<number> {
  const response = await fetch(url, {
    method: "POST",
    body,
    headers: { "content-type": "application/json", ...headers },
  });
  await response.arrayBuffer();
  return response.status;
}

async function expectNothingStored(product: RunningProduct): Promise<void> {
  for (const table of ["Delivery", "Person", "Outbox", "FailedTurn"])
    expect([table, await count(product.databaseUrl, table)]).toEqual([table, 0]);
}

describe.skipIf(!slow)("requests that nobody should believe", () => {
  test("are answered 4xx on every platform, and nothing is stored", async () => {
    const { teams, product } = await onAllPlatforms();
    const text = "a text that nobody may keep";
    const seconds = Math.floor(Date.now() / 1000);

    const update = {
      update_id: 1,
      message: {
        message_id: 1,
        date: seconds,
        chat: { id: 5, type: "private" },
        from: { id: 5, is_bot: false, first_name: "Mila" },
        text,
      },
    };
    const toTelegram = (body: string, secret?: string) =>
      post(
        `${product.url}/telegram/webhook`,
        body,
        secret === undefined ? {} : { "x-telegram-bot-api-secret-token": secret },
      );
    expect({
      unsigned: await toTelegram(JSON.stringify(update)),
      forged: await toTelegram(JSON.stringify(update), `${webhookSecret}x`),
      malformed: await toTelegram('{"update_id": 1,', webhookSecret),
      noUpdate: await toTelegram('{"hello": "there"}', webhookSecret),
      oversized: await toTelegram(JSON.stringify({ ...update, padding: "x".repeat(5_000_000) }), webhookSecret),
    }).toEqual({ unsigned: 401, forged: 401, malformed: 400, noUpdate: 400, oversized: 413 });

    const event = (id: string) =>
      JSON.stringify({
        type: "event_callback",
        team_id: "T1",
        api_app_id: "A0FADDER",
        event_id: id,
        event_time: seconds,
        authorizations: [{ team_id: "T1", user_id: "UBOT", is_bot: true }],
        event: {
          type: "message",
          channel_type: "im",
          channel: "D1",
          user: "UBAD",
          text,
          ts: `${seconds}.000100`,
          event_ts: `${seconds}.000100`,
        },
      });
    const toSlack = (body: string, headers: Record<string, string>) =>
      post(`${product.url}/slack/events`, body, headers);
    const broken = '{"type": "event_callback", ';
    const huge = JSON.stringify({ type: "event_callback", padding: "x".repeat(5_000_000) });
    const good = sign(signingSecret, event("Ev1"), seconds);
    expect({
      unsigned: await toSlack(event("Ev1"), {}),
      forged: await toSlack(event("Ev1"), sign("another secret of thirty two....", event("Ev1"), seconds)),
      otherBody: await toSlack(event("Ev2"), good),
      expired: await toSlack(event("Ev1"), sign(signingSecret, event("Ev1"), seconds - 400)),
      future: await toSlack(event("Ev1"), sign(signingSecret, event("Ev1"), seconds + 400)),
      restamped: await toSlack(event("Ev1"), { ...good, "x-slack-request-timestamp": String(seconds + 1) }),
      malformed: await toSlack(broken, sign(signingSecret, broken, seconds)),
      oversized: await toSlack(huge, sign(signingSecret, huge, seconds)),
    }).toEqual({
      unsigned: 401,
      forged: 401,
      otherBody: 401,
      expired: 401,
      future: 401,
      restamped: 401,
      malformed: 400,
      oversized: 413,
    });

    const activity = () => teams.activity("Mila", { type: "message", textFormat: "plain", text });
    const status = async (sent: ReturnType<typeof teams.post>) => (await sent).status;
    const claims = (more: object) =>
      [
        { alg: "HS256", typ: "JWT", kid: "teams-key" },
        {
          iss: "https://api.botframework.com",
          aud: teams.appId,
          serviceurl: teams.serviceUrl,
          exp: seconds + 600,
          ...more,
        },
      ]
        .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
        .join(".");
    const hmac = `${claims({})}.${createHmac("sha256", teams.publicPem).update(claims({})).digest("base64url")}`;
    const none = `${Buffer.from('{"alg":"none"}').toString("base64url")}.${claims({}).split(".")[1]}.`;
    expect({
      unsigned: await status(teams.post(activity(), { token: null })),
      garbage: await status(teams.post(activity(), { token: "Bearer garbage" })),
      none: await status(teams.post(activity(), { token: `Bearer ${none}` })),
      hmacWithPublicKey: await status(teams.post(activity(), { token: `Bearer ${hmac}` })),
      stranger: await status(teams.post(activity(), { sign: { signedBy: "stranger" } })),
      otherChannel: await status(teams.post(activity(), { sign: { signedBy: "other-channel" } })),
      expired: await status(teams.post(activity(), { sign: { expiresIn: -3600 } })),
      future: await status(teams.post(activity(), { sign: { notBefore: 3600, expiresIn: 7200 } })),
      otherAudience: await status(teams.post(activity(), { sign: { audience: "somebody-else" } })),
      otherService: await status(teams.post(activity(), { sign: { serviceUrl: "https://evil.example/" } })),
      noService: await status(teams.post({ ...activity(), serviceUrl: undefined })),
      malformed: await status(teams.post('{"type": ')),
      oversized: await status(teams.post({ ...activity(), padding: "x".repeat(5_000_000) })),
    }).toEqual({
      unsigned: 401,
      garbage: 401,
      none: 401,
      hmacWithPublicKey: 401,
      stranger: 401,
      otherChannel: 401,
      expired: 401,
      future: 401,
      otherAudience: 401,
      otherService: 401,
      noService: 401,
      malformed: 400,
      oversized: 413,
    });

    const message = { id: "0b8ff9a2-8d1c-4d8e-9d33-b07f6a2d7a11", type: "text", text };
    const toPage = (body: string, headers: Record<string, string> = {}) =>
      post(`${product.url}/chat/message`, body, { origin: product.url, ...headers });
    const stream = await fetch(`${product.url}/chat/stream`, { headers: { accept: "application/json" } });
    await stream.arrayBuffer();
    const cookie = (stream.headers.getSetCookie()[0] ?? "").split(";")[0] ?? "";
    expect(cookie).not.toBe("");
    expect({
      stranger: await toPage(JSON.stringify(message)),
      forgedCookie: await toPage(JSON.stringify(message), { cookie: `${cookie.slice(0, -4)}AAAA` }),
      foreignPage: await toPage(JSON.stringify(message), { cookie, origin: "https://evil.example" }),
      malformed: await toPage('{"id": ', { cookie }),
      otherShape: await toPage('{"id": 7}', { cookie }),
      notJson: await toPage("id=7", { cookie, "content-type": "text/plain" }),
      oversized: await toPage(JSON.stringify({ ...message, text: "x".repeat(200_000) }), { cookie }),
    }).toEqual({
      stranger: 401,
      forgedCookie: 401,
      foreignPage: 403,
      malformed: 400,
      otherShape: 400,
      notJson: 415,
      oversized: 413,
    });

    await expectNothingStored(product);
  }, 300_000);

  test("the same true request twice counts once, also after a restart", async () => {
    const { telegram, slack, teams, product } = await onAllPlatforms();
    const seconds = Math.floor(Date.now() / 1000);
    const update = JSON.stringify({
      update_id: 77,
      message: {
        message_id: 1,
        date: seconds,
        chat: { id: 5, type: "private" },
        from: { id: 5, is_bot: false, first_name: "Mila" },
        text: "hello",
      },
    });
    telegram.open(5);
    const activity = teams.activity("Mila", { type: "message", textFormat: "plain", text: "hello" });
    const all = async () => ({
      telegram: await post(`${product.url}/telegram/webhook`, update, {
        "x-telegram-bot-api-secret-token": webhookSecret,
      }),
      slack: (await slack.say("UMILA", "hello", {}, "EvREPLAY")).status,
      teams: (await teams.post(activity)).status,
    });
    const fine = { telegram: 200, slack: 200, teams: 200 };
    expect(await all()).toEqual(fine);
    expect(await all()).toEqual(fine);
    expect((await product.stop()).status).toBe(0);
    product.restart();
    await product.ready();
    expect(await all()).toEqual(fine);
    await Promise.all([
      telegram.message(5, ({ text }) => text.includes("Which language")),
      slack.until(() => slack.messages("UMILA").length > 0, 30_000),
      teams.until("Mila", (messages) => messages.length > 0, 30_000),
    ]);
    expect(await count(product.databaseUrl, "Person")).toBe(3);
    expect(await count(product.databaseUrl, "Delivery")).toBe(3);
    expect((await product.stop()).status).toBe(0);
    expect([telegram.messages(5).length, slack.messages("UMILA").length, teams.messages("Mila").length]).toEqual([
      1, 1, 1,
    ]);
  }, 300_000);
});
