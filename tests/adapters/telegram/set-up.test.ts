import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createTelegramAdapter } from "../../../adapters/telegram/index.ts";
import { menu } from "../../../adapters/telegram/set-up.ts";
import { createFakeTelegram } from "../../support/fake-telegram.ts";
import { createSetting, OTHER_TOKEN, TOKEN } from "./setting.ts";

let fake: Awaited<ReturnType<typeof createFakeTelegram>>;
beforeEach(async () => {
  fake = await createFakeTelegram({ tokens: [TOKEN, OTHER_TOKEN] });
});
afterEach(() => fake.close());

const connection = (token: string) => ({ token, apiRoot: fake.url, profile: "words" as const });
const changes = () => fake.calls.filter((call) => call.method.startsWith("set")).map((call) => call.method);
const publicUrl = "https://fadder.example";

describe("setting up", () => {
  test("tells the webhook with its secret, the menus and the descriptions, once", async () => {
    const setting = createSetting({ publicUrl });
    await createTelegramAdapter([connection(TOKEN)], setting.deps).setUp();
    const webhook = fake.calls.find((call) => call.method === "setWebhook")?.params;
    expect(webhook).toMatchObject({
      url: `${publicUrl}/telegram/webhook`,
      secret_token: setting.deps.sign("telegram.webhook", "700100"),
      allowed_updates: ["message", "callback_query", "my_chat_member"],
    });
    expect(changes().filter((method) => method === "setMyCommands")).toHaveLength(6);
    expect(fake.bot().settings.get("Description::bg")).toContain("ментор");

    const before = changes().length;
    await createTelegramAdapter([connection(TOKEN)], setting.deps).setUp();
    expect(changes()).toHaveLength(before);
  });

  test("sets the webhook again when its secret changed or Telegram was refused with the old one", async () => {
    const setting = createSetting({ publicUrl });
    const webhooks = () => changes().filter((method) => method === "setWebhook").length;
    await createTelegramAdapter([connection(TOKEN)], setting.deps).setUp();
    await createTelegramAdapter([{ ...connection(TOKEN), webhookSecret: "new" }], setting.deps).setUp();
    expect(webhooks()).toBe(2);
  });

  test("does for the other bots what fails for one, names that one, and tries it alone the next time", async () => {
    const setting = createSetting();
    const unknown = "700999:AAFakeTokenThatTelegramDoesNotKnow";
    const adapter = createTelegramAdapter([connection(unknown), connection(TOKEN)], setting.deps);
    await expect(adapter.setUp()).rejects.toThrow(/not set up for bot 700999: misconfigured: 401/u);
    const done = fake.calls.length;
    expect(changes()).toContain("setMyCommands");
    await expect(adapter.setUp()).rejects.toThrow("700999");
    expect(fake.calls).toHaveLength(done);
  });

  test("goes on without name and description when Telegram has enough of changes", async () => {
    const setting = createSetting();
    fake.failNext("setMyName", { status: 429, parameters: { retry_after: 80_000 } });
    await createTelegramAdapter([connection(TOKEN)], setting.deps).setUp();
    expect(setting.logged.filter((line) => line.startsWith("warn"))).toHaveLength(1);
  });

  test("leaves name and description alone where BotFather's are wanted", async () => {
    const setting = createSetting();
    await createTelegramAdapter([{ ...connection(TOKEN), profile: "own" }], setting.deps).setUp();
    expect(new Set(changes())).toEqual(new Set(["setMyCommands"]));
  });

  test("shows commands that Telegram can have: the alias in Latin letters, else the English name", () => {
    const { words } = createSetting().deps;
    expect(menu(words, "sv").map(({ command }) => command)).toEqual(["meny", "next"]);
    expect(menu(words, "bg").map(({ command }) => command)).toEqual(["menu", "next"]);
  });
});

describe("health", () => {
  test("names every bot, what waits, and the hosts", async () => {
    const setting = createSetting();
    const adapter = createTelegramAdapter([connection(TOKEN)], setting.deps);
    void fake.pushText(1, "hello");
    expect(await adapter.health()).toEqual({
      ok: true,
      connections: [{ name: "@fake_700100_bot", ok: true, detail: "long polling, 1 updates wait" }],
      hosts: [fake.url],
    });
  });

  test("says what is wrong and the repair", async () => {
    const setting = createSetting({ publicUrl });
    const unknown = "700999:AAFakeTokenThatTelegramDoesNotKnow";
    const adapter = createTelegramAdapter([connection(TOKEN), connection(unknown)], setting.deps);
    const { ok, connections } = await adapter.health();
    expect(ok).toBe(false);
    expect(connections).toMatchObject([
      { name: "@fake_700100_bot", ok: false, detail: "no webhook is set", repair: expect.any(String) },
      { name: "bot 700999", ok: false, detail: "401 Unauthorized", repair: expect.stringContaining("BotFather") },
    ]);
  });

  test("knows the bot's name without a network", async () => {
    const setting = createSetting();
    const adapter = createTelegramAdapter([connection(TOKEN)], setting.deps);
    await adapter.setUp();
    await fake.close();
    const { connections } = await adapter.health();
    expect(connections).toMatchObject([
      { name: "@fake_700100_bot", ok: false, detail: expect.stringMatching(/^ECONN/u) },
    ]);
  });
});
