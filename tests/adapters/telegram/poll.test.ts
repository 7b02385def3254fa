import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createTelegramAdapter } from "../../../adapters/telegram/index.ts";
import type { Listener, Receive } from "../../../src/engine/adapter.ts";
import type { Inbound } from "../../../src/engine/types.ts";
import { createFakeTelegram } from "../../support/fake-telegram.ts";
import { createSetting, OTHER_TOKEN, TOKEN } from "./setting.ts";

const user = 6133204981;
const soon = { first: 5, last: 20 };

let fake: Awaited<ReturnType<typeof createFakeTelegram>>;
let setting: ReturnType<typeof createSetting>;
let stop: AbortController;
let running: Promise<unknown>[];

beforeEach(async () => {
  fake = await createFakeTelegram({ tokens: [TOKEN, OTHER_TOKEN] });
  setting = createSetting();
  stop = new AbortController();
  running = [];
});
afterEach(async () => {
  stop.abort();
  await Promise.all(running);
  await fake.close();
});

function listeners(...tokens: readonly string[]): readonly Listener[] {
  const connections = tokens.map((token) => ({ token, apiRoot: fake.url, profile: "own" as const }));
  return createTelegramAdapter(connections, setting.deps, soon).listeners;
}
function start(receive: Receive, ...tokens: readonly string[]): void {
  for (const listener of listeners(...tokens)) running.push(listener.run(receive, stop.signal));
}
const offsets = () =>
  fake.calls.filter((call) => call.method === "getUpdates").map((call) => call.params.offset as number | undefined);

describe("long polling", () => {
  test("is one leased listener per bot, and only without a public address", () => {
    expect(listeners(TOKEN, OTHER_TOKEN).map(({ name }) => name)).toEqual([
      "poll:telegram:700100",
      "poll:telegram:700200",
    ]);
    const published = createSetting({ publicUrl: "https://fadder.example" });
    expect(createTelegramAdapter([{ token: TOKEN, profile: "own" }], published.deps).listeners).toEqual([]);
  });

  test("puts a webhook away and keeps what waits", async () => {
    fake.bot().updates.setWebhook("http://127.0.0.1:1/", "s", undefined);
    const taken: Inbound[] = [];
    const pushed = fake.pushText(user, "hello");
    start(async (inbound) => {
      taken.push(inbound);
      return { outcome: "taken" };
    }, TOKEN);
    await pushed;
    expect(taken).toMatchObject([{ input: { type: "text", text: "hello" } }]);
    expect(fake.calls.find((call) => call.method === "getUpdates")?.params.allowed_updates).toEqual([
      "message",
      "callback_query",
      "my_chat_member",
    ]);
  });

  test("confirms an update only after its commit", async () => {
    let commit: (() => void) | undefined;
    const receiving = new Promise<void>((begun) => {
      start(async () => {
        begun();
        await new Promise<void>((resolve) => {
          commit = resolve;
        });
        return { outcome: "taken" };
      }, TOKEN);
    });
    const confirmed = fake.pushText(user, "hello");
    await receiving;
    expect(offsets().filter((offset) => offset !== undefined)).toEqual([]);
    commit?.();
    const id = await confirmed;
    expect(offsets().at(-1)).toBe(id + 1);
  });

  test("fetches again from the first update that was not stored", async () => {
    const seen: string[] = [];
    let broken = 1;
    // Both wait before the first page is asked for, so that they come in one.
    const [first, second, third] = [fake.pushText(1, "one"), fake.pushText(2, "two"), fake.pushText(3, "three")];
    start(async (inbound) => {
      const text = inbound.input.type === "text" ? inbound.input.text : "";
      seen.push(text);
      if (text === "two" && broken-- > 0) throw new Error("the database is away");
      return { outcome: "taken" };
    }, TOKEN);
    const ids = await Promise.all([first, second, third]);
    expect(seen).toEqual(["one", "two", "three", "two", "three"]);
    expect(offsets().filter((offset) => offset !== undefined)).toEqual([ids[1], (ids[2] ?? 0) + 1]);
  });

  test("does not stop for updates it cannot use", async () => {
    start(async () => ({ outcome: "taken" }), TOKEN);
    const odd = fake.bot().updates.push({ message: { nothing: true } }, "odd");
    expect(await odd).toBeGreaterThan(0);
  });

  test("raises an alarm when somebody else polls with the same token, and goes on", async () => {
    const conflict = { status: 409, description: "Conflict: terminated by other getUpdates request; make sure …" };
    fake.failNext("getUpdates", conflict);
    start(async () => ({ outcome: "taken" }), TOKEN);
    expect(await fake.pushText(user, "hello")).toBeGreaterThan(0);
    expect(setting.logged.filter((line) => line.startsWith("error"))).toHaveLength(1);
    expect(setting.logged.join()).toContain("409");
  });

  test("of one bot does not suffer from another whose token is wrong", async () => {
    const taken: Inbound[] = [];
    start(
      async (inbound) => {
        taken.push(inbound);
        return { outcome: "taken" };
      },
      "700999:AAFakeTokenThatTelegramDoesNotKnow",
      OTHER_TOKEN,
    );
    await fake.pushText(user, "hello", OTHER_TOKEN);
    expect(taken).toMatchObject([{ address: { tenant: "700200" } }]);
  });

  test("ends soon after the signal, also while Telegram holds the request", async () => {
    start(async () => ({ outcome: "taken" }), TOKEN);
    await fake.until(() => offsets().length > 0 || undefined);
    stop.abort();
    await Promise.all(running);
    expect(offsets()).toHaveLength(1);
  });
});
