import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createFakeTelegram } from "../../support/fake-telegram.ts";
import { telegramJudge } from "../../support/judge-telegram.ts";
import { OTHER_TOKEN, TOKEN } from "./setting.ts";

/** A stand-in that accepts what Telegram refuses would make every test on it worthless. */

const user = 6133204981;
let clock: number;
let fake: Awaited<ReturnType<typeof createFakeTelegram>>;
beforeEach(async () => {
  clock = 1_795_000_000_000;
  fake = await createFakeTelegram({ tokens: [TOKEN, OTHER_TOKEN], now: () => clock, perChatPerSecond: 2 });
  fake.open(user);
});
afterEach(() => fake.close());

async function call(method: string, params: object, token = TOKEN) {
  const response = await fetch(`${fake.url}/bot${token}/${method}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(params),
  });
  return (await response.json()) as { ok: boolean; error_code?: number; description?: string; result?: unknown };
}
const text = (text: string, more: object = {}) => ({ chat_id: user, text, parse_mode: "HTML", ...more });
const button = (data: string) => ({ reply_markup: { inline_keyboard: [[{ text: "x", callback_data: data }]] } });

test.each([
  ["sendMessage", text(""), "message text is empty"],
  ["sendMessage", text(" \u200b\n"), "text must be non-empty"],
  ["sendMessage", text("x".repeat(4097)), "message is too long"],
  [
    "sendMessage",
    text("x", button("")),
    "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
  ],
  ["sendMessage", text("x", button("x".repeat(65))), "BUTTON_DATA_INVALID"],
  ["sendMessage", { ...text("x"), chat_id: 1 }, "chat not found"],
  ["sendPhoto", { chat_id: user, photo: "AgACnobody" }, "wrong file identifier/HTTP URL specified"],
  ["editMessageText", { ...text("x"), message_id: 999 }, "message to edit not found"],
  ["setMyCommands", { commands: [{ command: "Меню", description: "x" }] }, "BOT_COMMAND_INVALID"],
  ["setWebhook", { url: "http://fadder.example/" }, "bad webhook: An HTTPS URL must be provided for webhook"],
  ["setWebhook", { url: "https://e.org/", secret_token: "a b" }, "secret token contains unallowed characters"],
])("%s is refused as Telegram refuses it: %j", async (method, params, why) => {
  expect(await call(method, params)).toMatchObject({ ok: false, error_code: 400, description: `Bad Request: ${why}` });
});

test.skipIf(typeof telegramJudge() === "string")("markup is judged by Telegram's own parser", async () => {
  expect((await call("sendMessage", text("<div>x</div>"))).description).toBe(
    'Bad Request: can\'t parse entities: Unsupported start tag "div" at byte offset 0',
  );
  expect((await call("sendMessage", text("a < b"))).ok).toBe(false);
});

test("tokens and methods it does not know are 401 and 404", async () => {
  expect(await call("getMe", {}, "1:AAnobody")).toMatchObject({ error_code: 401, description: "Unauthorized" });
  expect(await call("sendDragon", {})).toMatchObject({ error_code: 404 });
});

test("an edit that changes nothing, and one of the wrong kind, is refused", async () => {
  await call("sendMessage", text("x"));
  const message_id = fake.messages(user)[0]?.id;
  expect((await call("editMessageText", text("x", { message_id }))).description).toMatch(/message is not modified/u);
  expect(
    (await call("editMessageCaption", { chat_id: user, message_id, caption: "x", parse_mode: "HTML" })).description,
  ).toBe("Bad Request: there is no caption in the message to edit");
});

test("more sends to one chat in a second than allowed are throttled", async () => {
  for (const ok of [true, true, false]) expect((await call("sendMessage", text("x"))).ok).toBe(ok);
  clock += 1000;
  expect((await call("sendMessage", text("x"))).ok).toBe(true);
});

describe("a press", () => {
  test("can be answered once, and for 150 seconds", async () => {
    const { query } = fake.pressData(user, 1, "aB3_x-Zk9Qwa");
    const late = fake.pressData(user, 1, "aB3_x-Zk9Qwb").query;
    const old = "Bad Request: query is too old and response timeout expired or query ID is invalid";
    expect((await call("answerCallbackQuery", { callback_query_id: query, text: "x".repeat(201) })).ok).toBe(false);
    expect((await call("answerCallbackQuery", { callback_query_id: query })).ok).toBe(true);
    expect((await call("answerCallbackQuery", { callback_query_id: query })).description).toBe(old);
    clock += 151_000;
    expect((await call("answerCallbackQuery", { callback_query_id: late })).description).toBe(old);
  });

  test("that nobody fetched is forgotten, a message is not", async () => {
    void fake.pressData(user, 1, "aB3_x-Zk9Qwa");
    void fake.pushText(user, "hello");
    clock += 151_000;
    expect((await call("getUpdates", {})).result).toMatchObject([{ message: { text: "hello" } }]);
  });
});

describe("updates", () => {
  test("stay until they are confirmed, and go to one place only", async () => {
    const confirmed = fake.pushText(user, "hello");
    const first = (await call("getUpdates", {})).result as { update_id: number }[];
    expect((await call("getUpdates", {})).result).toEqual(first);
    const offset = (first[0]?.update_id ?? 0) + 1;
    expect((await call("getUpdates", { offset })).result).toEqual([]);
    expect(await confirmed).toBe(first[0]?.update_id);
    const waiting = call("getUpdates", { timeout: 10 });
    await fake.until(() => (fake.calls.filter(({ params }) => params.timeout === 10).length > 0 ? true : undefined));
    await call("setWebhook", { url: "https://127.0.0.1:1/" });
    expect(await waiting).toMatchObject({ error_code: 409 });
    expect(await call("getUpdates", {})).toMatchObject({ error_code: 409 });
  });

  test("are pushed with the secret, in order within a chat, and again until they are taken", async () => {
    const seen: string[] = [];
    let refuse = 1;
    const server = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const body = JSON.parse(Buffer.concat(chunks).toString()) as { message: { text: string } };
      seen.push(`${request.headers["x-telegram-bot-api-secret-token"]} ${body.message.text}`);
      response.writeHead(refuse-- > 0 ? 503 : 200).end();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    await call("setWebhook", { url, secret_token: "s-1" });
    await Promise.all([fake.pushText(user, "one"), fake.pushText(user, "two")]);
    expect(seen).toEqual(["s-1 one", "s-1 one", "s-1 two"]);
    server.closeAllConnections();
    server.close();
  });
});
