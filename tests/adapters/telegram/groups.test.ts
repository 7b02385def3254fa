import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import express from "express";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createTelegramAdapter } from "../../../adapters/telegram/index.ts";
import type { GroupMessage, InGroup } from "../../../src/engine/groups.ts";
import type { Inbound } from "../../../src/engine/types.ts";
import { createFakeTelegram } from "../../support/fake-telegram.ts";
import { createSetting, says, TOKEN } from "./setting.ts";
import recorded from "./updates/recorded.json" with { type: "json" };

const SECRET = "own-secret_1";
const update = recorded["text in a group"];
const group = update.message.chat.id;
let fake: Awaited<ReturnType<typeof createFakeTelegram>>;
let server: Server;
let heard: GroupMessage[];
let taken: Inbound[];
let inGroup: InGroup;
let adapter: ReturnType<typeof createTelegramAdapter>;
let url: string;

beforeEach(async () => {
  fake = await createFakeTelegram({ tokens: [TOKEN] });
  const user = { id: group, is_bot: false, first_name: "Group" };
  fake.bot().chats.set(group, { user, state: "open", messages: new Map(), sends: [] });
  [heard, taken] = [[], []];
  inGroup = async () => undefined;
  const app = express();
  server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const publicUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  url = `${publicUrl}/telegram/webhook`;
  const setting = createSetting({
    publicUrl,
    inGroup: async (message) => {
      heard.push(message);
      return inGroup(message);
    },
  });
  setting.kept.set("name:700100", "Fadder_bot");
  const connection = { token: TOKEN, apiRoot: fake.url, webhookSecret: SECRET, profile: "own" as const };
  adapter = createTelegramAdapter([connection], setting.deps);
  await adapter.mount(app, async (inbound) => {
    taken.push(inbound);
    return { outcome: "taken" };
  });
});
afterEach(async () => {
  await adapter.close();
  await fake.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const post = async (body: object) =>
  (
    await fetch(url, {
      method: "POST",
      body: JSON.stringify(body),
      headers: { "content-type": "application/json", "x-telegram-bot-api-secret-token": SECRET },
    })
  ).status;
const write = (text: string, more: object = {}) => post({ ...update, message: { ...update.message, text, ...more } });

test("what names the bot, answers it or is a command is heard; the rest of the talk is not, and nothing becomes a turn", async () => {
  for (const text of ["hello all", "@Fadder_bot help", "/menu", "/menu@other_bot", "hello @somebody"]) {
    expect(await write(text)).toBe(200);
  }
  expect(await write("thanks", { reply_to_message: { from: { id: 700100 } } })).toBe(200);
  expect(heard.map(({ text }) => text)).toEqual(["help", "menu", "thanks"]);
  expect(heard[0]).toMatchObject({
    group: { channel: "telegram", tenant: "700100", user: String(group), ref: { chat: group } },
    user: String(update.message.from.id),
    direct: "https://t.me/Fadder_bot",
  });
  expect(taken).toEqual([]);
});

test("what the product says there is posted into the group", async () => {
  inGroup = async () => ({
    ...says("Please write to me directly."),
    actions: [{ option: "a", label: "Write to me", url: "https://t.me/Fadder_bot" }],
  });
  expect(await write("/progress")).toBe(200);
  await vi.waitFor(() => expect(fake.messages(group)).toHaveLength(1), 5_000);
  expect(fake.messages(group)[0]?.text).toBe("Please write to me directly.");
});

test("a store that is away makes Telegram deliver it again", async () => {
  inGroup = () => Promise.reject(new Error("no database"));
  expect(await write("/menu")).toBe(503);
});

test("a notice goes into a group by its address", async () => {
  const address = { channel: "telegram", tenant: "700100", user: String(group), ref: { chat: group } };
  await adapter.deliver?.({ id: "n1", address, kind: "broadcast", reply: says("We meet on Monday.") });
  expect(fake.messages(group)[0]?.text).toBe("We meet on Monday.");
});
