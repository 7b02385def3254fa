import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import express from "express";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createTelegramAdapter } from "../../../adapters/telegram/index.ts";
import type { Receive } from "../../../src/engine/adapter.ts";
import type { Inbound } from "../../../src/engine/types.ts";
import { createFakeTelegram } from "../../support/fake-telegram.ts";
import { createSetting, message, OTHER_TOKEN, PROMPT, says, TOKEN } from "./setting.ts";
import recorded from "./updates/recorded.json" with { type: "json" };

const user = 6133204981;
const SECRET = "own-secret_1";

let fake: Awaited<ReturnType<typeof createFakeTelegram>>;
let server: Server;
let url: string;
let taken: Inbound[];
let receive: Receive;
let setting: ReturnType<typeof createSetting>;
let adapter: ReturnType<typeof createTelegramAdapter>;

beforeEach(async () => {
  fake = await createFakeTelegram({ tokens: [TOKEN, OTHER_TOKEN] });
  taken = [];
  receive = async (inbound) => {
    taken.push(inbound);
    return { outcome: "taken" };
  };
  const app = express();
  server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const publicUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  url = `${publicUrl}/telegram/webhook`;
  setting = createSetting({ publicUrl });
  const connections = [
    { token: TOKEN, apiRoot: fake.url, webhookSecret: SECRET, profile: "own" as const },
    { token: OTHER_TOKEN, apiRoot: fake.url, profile: "own" as const },
  ];
  adapter = createTelegramAdapter(connections, setting.deps);
  await adapter.mount(app, (inbound) => receive(inbound));
});
afterEach(async () => {
  await adapter.close();
  await fake.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const post = async (body: string, headers: Record<string, string> = { "x-telegram-bot-api-secret-token": SECRET }) =>
  (await fetch(url, { method: "POST", body, headers: { "content-type": "application/json", ...headers } })).status;
const text = JSON.stringify(recorded.text);

describe("who may deliver", () => {
  test("Telegram, with the bot's own secret", async () => {
    expect(await post(text)).toBe(200);
    expect(taken).toMatchObject([{ id: "815001", address: { tenant: "700100" } }]);
  });

  test("another bot by its secret, derived from the product's where it has none of its own", async () => {
    await adapter.setUp();
    expect(await fake.pushText(user, "hello", OTHER_TOKEN)).toBeGreaterThan(0);
    expect(taken).toMatchObject([{ address: { tenant: "700200" }, input: { text: "hello" } }]);
  });

  test.each([
    ["no secret", {}],
    ["an empty one", { "x-telegram-bot-api-secret-token": "" }],
    ["a wrong one", { "x-telegram-bot-api-secret-token": "own-secret_2" }],
    ["a longer one", { "x-telegram-bot-api-secret-token": `${SECRET}x` }],
  ])("nobody with %s, and nothing is read", async (_, headers) => {
    expect(await post(text, headers as Record<string, string>)).toBe(401);
    expect(await post("{", headers as Record<string, string>)).toBe(401);
    expect(taken).toEqual([]);
  });
});

describe("what is delivered", () => {
  test("twice is received twice, with one id: the turn's commit knows it", async () => {
    expect([await post(text), await post(text)]).toEqual([200, 200]);
    expect(taken.map(({ id }) => id)).toEqual(["815001", "815001"]);
  });

  test.each([
    ["{", 400],
    ["", 400],
    ["[]", 400],
    ['{"message":{}}', 400],
    ['{"update_id":"7"}', 400],
    [`{"update_id":7,"message":${JSON.stringify("x".repeat(1_100_000))}}`, 413],
    ['{"update_id":7,"hologram":{}}', 200],
    ['{"update_id":7,"message":{"message_id":"x"}}', 200],
  ])("as %.40s is answered %d and reaches nobody", async (body, status) => {
    expect(await post(body)).toBe(status);
    expect(taken).toEqual([]);
  });

  test("compressed is refused: it might unfold without end", async () => {
    const headers = { "x-telegram-bot-api-secret-token": SECRET, "content-encoding": "gzip" };
    expect(await post(text, headers)).toBe(415);
  });

  test("while nothing can be stored is answered 503 and comes again", async () => {
    await adapter.setUp();
    let broken = 2;
    receive = async (inbound) => {
      if (broken-- > 0) throw new Error("the database is away");
      taken.push(inbound);
      return { outcome: "taken" };
    };
    await fake.pushText(user, "once");
    expect(fake.bot().updates.attempts.map(({ status }) => status)).toEqual([503, 503, 200]);
    expect(taken).toHaveLength(1);
    expect(setting.logged.join()).not.toContain("once");
  });
});

describe("a pressed button", () => {
  const question = { ...says("?"), token: PROMPT, actions: [{ option: "a", label: "Go" }] };

  test("is answered after the commit, with the notice cut to what Telegram takes", async () => {
    await adapter.setUp();
    await fake.open(user);
    await adapter.deliver?.(message(user, question));
    const order: string[] = [];
    receive = async () => {
      order.push(fake.calls.some((call) => call.method === "answerCallbackQuery") ? "late" : "committed");
      return { outcome: "taken", notice: "👍".repeat(150) };
    };
    const press = fake.press(user, fake.messages(user)[0]?.id ?? 0, "Go");
    const answer = await press.answered();
    expect(order).toEqual(["committed"]);
    expect(answer).toBe(`${"👍".repeat(99)}…`);
  });

  test("that is none of ours is answered without a word", async () => {
    await adapter.setUp();
    const press = fake.pressData(user, 1, "something else");
    expect(await press.answered()).toBe("");
    expect(taken).toEqual([]);
  });

  test("is acknowledged however long or badly its answer goes", async () => {
    await adapter.setUp();
    fake.failNext("answerCallbackQuery", "hang", {
      status: 400,
      description: "Bad Request: query is too old and response timeout expired or query ID is invalid",
    });
    expect(await fake.pressData(user, 1, `${PROMPT}a`).taken).toBeGreaterThan(0);
    expect(await fake.pressData(user, 1, `${PROMPT}b`).taken).toBeGreaterThan(0);
    expect(taken).toHaveLength(2);
  });
});

describe("a message that may stay nowhere", () => {
  test("is deleted from the chat after the commit, and no other one is", async () => {
    await adapter.setUp();
    await fake.open(user);
    const deleted = () => fake.calls.filter((call) => call.method === "deleteMessage").map((call) => call.params);
    expect(await post(text)).toBe(200);
    expect(deleted()).toEqual([]);
    receive = async () => ({ outcome: "taken", withheld: true });
    expect(await post(JSON.stringify({ ...recorded.text, update_id: recorded.text.update_id + 1 }))).toBe(200);
    await adapter.close();
    expect(deleted()).toMatchObject([
      { chat_id: recorded.text.message.chat.id, message_id: recorded.text.message.message_id },
    ]);
  });
});
