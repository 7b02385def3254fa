import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createTelegramAdapter } from "../../../adapters/telegram/index.ts";
import type { Adapter, Failure } from "../../../src/engine/adapter.ts";
import { DeliveryError } from "../../../src/engine/adapter.ts";
import type { Outgoing, Reply } from "../../../src/engine/types.ts";
import { createFakeTelegram, type Fault } from "../../support/fake-telegram.ts";
import { createSetting, message, PROMPT, says, TOKEN } from "./setting.ts";

const user = 6133204981;
const image = { kind: "progress", data: { done: 3, of: 6 }, alt: "Three of six lessons are done." };
const question: Reply = {
  ...says("Ready?"),
  token: PROMPT,
  choices: [{ option: "a", mark: "A", label: "Yes" }],
};

let fake: Awaited<ReturnType<typeof createFakeTelegram>>;
let setting: ReturnType<typeof createSetting>;
let adapter: Adapter;
const deliver = (outgoing: Outgoing) => adapter.deliver?.(outgoing) ?? Promise.reject(new Error("no lane"));
const failure = async (outgoing: Outgoing) => {
  const error: unknown = await deliver(outgoing).then(
    () => undefined,
    (reason) => reason,
  );
  if (!(error instanceof DeliveryError)) throw new Error(`expected a DeliveryError, got ${String(error)}`);
  return error;
};
const called = (method: string) => fake.calls.filter((call) => call.method === method);
const shown = () => fake.messages(user).map(({ text }) => text);

beforeEach(async () => {
  fake = await createFakeTelegram({ tokens: [TOKEN] });
  fake.open(user);
  setting = createSetting();
  adapter = createTelegramAdapter([{ token: TOKEN, apiRoot: fake.url, profile: "words" }], setting.deps);
});
afterEach(async () => {
  await adapter.close();
  await fake.close();
});

describe("sending", () => {
  test("a question arrives with its buttons, without a link preview", async () => {
    const { messageId } = await deliver(message(user, question));
    expect(fake.messages(user)).toMatchObject([
      { id: Number(messageId), text: "Ready?", buttons: [[{ text: "A  Yes", callback_data: `${PROMPT}a` }]] },
    ]);
    expect(called("sendMessage")[0]?.params).toMatchObject({ link_preview_options: { is_disabled: true } });
  });

  test("a long text is several messages, and the id is that of the one with the buttons", async () => {
    const long = { ...question, text: says("word ".repeat(2000)).text };
    const { messageId } = await deliver(message(user, long));
    const all = fake.messages(user);
    expect(all).toHaveLength(3);
    expect(messageId).toBe(`${all[2]?.id}#2`);
    expect(all.map(({ buttons }) => buttons.length)).toEqual([0, 0, 1]);
  });

  test("a part that was sent is not sent again when the message is delivered again", async () => {
    const outgoing = message(user, says("word ".repeat(2000)));
    fake.failNext("sendMessage", "pass", throttled(2));
    expect(await failure(outgoing)).toMatchObject({ failure: "throttled", retryAfterMs: 2000 });
    expect(shown()).toHaveLength(1);
    await deliver(outgoing);
    expect(shown()).toHaveLength(3);
    expect(shown().join(" ").match(/word/gu)).toHaveLength(2000);
  });
});

describe("a picture", () => {
  const progress = { ...says("Well done."), image };

  test("is uploaded once per bot and sent by its file id afterwards", async () => {
    const { messageId } = await deliver(message(user, progress));
    await deliver(message(user, { ...progress, image: { ...image, alt: "The same, said otherwise." } }));
    expect(messageId).toMatch(/^\d+p$/u);
    expect(setting.drawn()).toBe(1);
    const [first, second] = fake.messages(user);
    expect(second?.photo).toBe(first?.photo);
    expect(called("sendPhoto").map((call) => call.files.size)).toEqual([1, 0]);
  });

  test("is uploaded again when Telegram forgot it", async () => {
    await deliver(message(user, progress));
    fake.bot().files.clear();
    await deliver(message(user, progress));
    expect(setting.drawn()).toBe(2);
    expect(fake.messages(user)).toHaveLength(2);
  });

  test("that cannot be drawn or is refused is put in words, with the buttons", async () => {
    const reply = { ...question, image };
    fake.failNext("sendPhoto", { status: 400, description: "Bad Request: IMAGE_PROCESS_FAILED" });
    const { messageId } = await deliver(message(user, reply));
    const broken = {
      ...setting.deps,
      images: { ...setting.deps.images, png: () => Promise.reject(new Error("no font")) },
    };
    const other = createTelegramAdapter([{ token: TOKEN, apiRoot: fake.url, profile: "words" }], broken);
    await other.deliver?.(message(user, reply));
    expect(messageId).toMatch(/^\d+$/u);
    expect(shown()).toEqual([`Ready?\n\n${image.alt}`, `Ready?\n\n${image.alt}`]);
    expect(fake.messages(user).every(({ buttons }) => buttons.length === 1)).toBe(true);
  });
});

describe("an edit", () => {
  const edit = (reply: Reply, edits: string) => deliver(message(user, reply, { edits }));

  test("replaces the message and takes the buttons away", async () => {
    const { messageId } = await deliver(message(user, question));
    expect(await edit(says("Ready? Yes. Good."), messageId)).toEqual({ messageId });
    expect(fake.messages(user)).toMatchObject([{ text: "Ready? Yes. Good.", buttons: [], edits: 1 }]);
  });

  test("that changes nothing is done", async () => {
    const { messageId } = await deliver(message(user, says("Same")));
    expect(await edit(says("Same"), messageId)).toEqual({ messageId });
  });

  test("of a message that is gone is sent anew", async () => {
    const { messageId } = await deliver(message(user, question));
    fake.clear(user);
    const after = await edit(says("Good."), messageId);
    expect(after.messageId).not.toBe(messageId);
    expect(shown()).toEqual(["Good."]);
  });

  test("of a long message replaces its last part, and what is added comes below", async () => {
    const text = "word ".repeat(1500).trim();
    const { messageId } = await deliver(message(user, { ...question, text: says(text).text }));
    const [first] = shown();
    await edit({ text: [...says(text).text, ...says("Right.").text] }, messageId);
    expect(shown()).toHaveLength(2);
    expect(shown()[0]).toBe(first);
    expect(shown()[1]).toMatch(/word\n\nRight\.$/u);
    await edit({ text: [...says(text).text, ...says("more ".repeat(600)).text] }, messageId);
    expect(shown()).toHaveLength(3);
    expect(shown().join(" ").match(/word/gu)).toHaveLength(1500);
  });

  test("of a picture changes the text under it, and the picture where there is another", async () => {
    const { messageId } = await deliver(message(user, { ...question, image }));
    await edit(says("Ready? Yes."), messageId);
    expect(fake.messages(user)).toMatchObject([{ text: "Ready? Yes.", buttons: [], photo: expect.any(String) }]);
    await edit({ ...says("Now"), image: { ...image, data: 2, alt: "Two" } }, messageId);
    expect(fake.messages(user)).toMatchObject([{ text: "Now\n\nTwo", edits: 2 }]);
    expect(called("editMessageMedia")).toHaveLength(1);
  });

  test("of a picture with a text too long for it takes the buttons away and sends the text below", async () => {
    const { messageId } = await deliver(message(user, { ...question, image }));
    await edit(says("word ".repeat(400)), messageId);
    expect(fake.messages(user)).toMatchObject([
      { text: `Ready?\n\n${image.alt}`, buttons: [] },
      { text: "word ".repeat(400).trim() },
    ]);
  });
});

const answered = (status: number, description: string, parameters?: Record<string, unknown>): Fault => ({
  status,
  description,
  ...(parameters === undefined ? {} : { parameters }),
});
const throttled = (seconds: number) =>
  answered(429, `Too Many Requests: retry after ${seconds}`, { retry_after: seconds });

describe("a failure", () => {
  test.each<[Failure, string, Fault]>([
    ["throttled", "429 Too Many Requests", throttled(7)],
    ["gone", "403 bot was blocked by the user", answered(403, "Forbidden: bot was blocked by the user")],
    ["gone", "403 user is deactivated", answered(403, "Forbidden: user is deactivated")],
    ["gone", "400 chat not found", answered(400, "Bad Request: chat not found")],
    ["gone", "400 private chat not found", answered(400, "Bad Request: private chat not found")],
    ["misconfigured", "401 Unauthorized", answered(401, "Unauthorized")],
    ["misconfigured", "404 Not Found", answered(404, "Not Found")],
    ["rejected", "400 message is too long", answered(400, "Bad Request: message is too long")],
    [
      "rejected",
      "400 can't parse entities",
      answered(400, 'Bad Request: can\'t parse entities: Unsupported start tag "Anna"'),
    ],
    ["unknown", "500 Internal Server Error", answered(500, "Internal Server Error")],
    ["unknown", "502 Bad Gateway", answered(502, "Bad Gateway")],
    ["unknown", "invalid-json", "not json"],
    ["unknown", "ECONNRESET", "reset"],
    ["unknown", "ECONNRESET", "lost"],
  ])("means %s: %s", async (meaning, code, fault) => {
    fake.failNext("sendMessage", fault);
    const error = await failure(message(user, says("Anna's secret")));
    expect({ failure: error.failure, code: error.code }).toEqual({
      failure: meaning,
      code: meaning === "throttled" ? expect.stringContaining("429") : code,
    });
    expect(called("sendMessage")).toHaveLength(1);
    const told = `${error.message} ${String(error.cause)} ${setting.logged.join()}`;
    expect(told).not.toMatch(/secret|Anna|AAFake/u);
  });

  test("waits as long as Telegram says", async () => {
    fake.failNext("sendMessage", throttled(7));
    expect((await failure(message(user, says("x")))).retryAfterMs).toBe(7000);
  });

  test("without any connection means that nothing was sent", async () => {
    await fake.close();
    expect(await failure(message(user, says("x")))).toMatchObject({ failure: "unreachable", code: "ECONNREFUSED" });
  });

  test("of a person who blocked the bot is found by the send", async () => {
    void fake.block(user);
    expect(await failure(message(user, says("x")))).toMatchObject({ failure: "gone" });
  });

  test("because the chat moved is no failure", async () => {
    fake.open(-100200);
    fake.failNext(
      "sendMessage",
      answered(400, "Bad Request: group chat was upgraded to a supergroup chat", { migrate_to_chat_id: -100200 }),
    );
    await deliver(message(user, says("x")));
    expect(fake.messages(-100200)).toHaveLength(1);
  });

  test("of the address or the bot is found before sending", async () => {
    const outgoing = message(user, says("x"));
    const nobody = { ...outgoing, address: { ...outgoing.address, tenant: "1" } };
    expect(await failure(nobody)).toMatchObject({ failure: "misconfigured" });
    expect(await failure({ ...outgoing, address: { ...outgoing.address, ref: {} } })).toMatchObject({
      failure: "rejected",
    });
    expect(fake.calls).toHaveLength(0);
  });
});
