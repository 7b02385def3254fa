import { describe, expect, test } from "vitest";
import { telegram } from "../../../adapters/telegram/platform.ts";
import { createSetting, TOKEN } from "./setting.ts";

const facts = { publicUrl: "https://fadder.example", loopback: false };
const from = (env: Record<string, string | undefined>) => telegram.fromEnvironment(env, facts);

describe("the environment", () => {
  test("switches Telegram on with a token alone: the webhook's secret is derived", () => {
    const found = from({ TELEGRAM_BOT_TOKEN: TOKEN });
    expect(found).toEqual({ connection: { token: TOKEN }, problems: [] });
    expect(telegram.connection.parse(found?.connection)).toEqual({ token: TOKEN, profile: "words" });
  });

  test("leaves it off without any variable, also where they are empty", () => {
    expect(from({ SLACK_BOT_TOKEN: "x" })).toBeUndefined();
    expect(from({ TELEGRAM_BOT_TOKEN: "", TELEGRAM_API_ROOT: "" })).toBeUndefined();
  });

  test.each([
    [{ TELEGRAM_WEBHOOK_SECRET: "x" }, /^TELEGRAM_BOT_TOKEN: missing, though TELEGRAM_WEBHOOK_SECRET is set/u],
    [{ TELEGRAM_BOT_TOKEN: "hunter2" }, /^TELEGRAM_BOT_TOKEN: is not a bot token/u],
    [{ TELEGRAM_BOT_TOKEN: TOKEN, TELEGRAM_WEBHOOK_SECRET: "a b" }, /^TELEGRAM_WEBHOOK_SECRET: must be/u],
    [{ TELEGRAM_BOT_TOKEN: TOKEN, TELEGRAM_API_ROOT: "ftp://x" }, /^TELEGRAM_API_ROOT: must be/u],
  ])("with %j stops with the variable and no value", (env, problem) => {
    const { problems = [], connection } = from(env) ?? {};
    expect(connection).toBeUndefined();
    expect(problems).toEqual([expect.stringMatching(problem)]);
    expect(problems.join()).not.toContain("hunter2");
  });

  test("takes an address of the Bot API with a slash at its end", () => {
    const connection = telegram.connection.parse({ token: TOKEN, apiRoot: "http://127.0.0.1:8081/" });
    expect(connection.apiRoot).toBe("http://127.0.0.1:8081");
  });
});

test("a bot is named by the number of its token, so that one given twice is noticed", () => {
  expect(telegram.identity?.({ token: TOKEN, profile: "words" })).toBe("700100");
});

test("the adapter starts without asking Telegram for anything", async () => {
  const { deps } = createSetting();
  const adapter = await telegram.create([{ token: TOKEN, apiRoot: "http://127.0.0.1:1", profile: "words" }], deps);
  expect(adapter).toMatchObject({ channel: "telegram", capabilities: { lane: true, edits: true, home: false } });
  await adapter.close();
});
