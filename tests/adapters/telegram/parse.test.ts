import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseUpdate, updateSchema } from "../../../adapters/telegram/parse.ts";
import recorded from "./updates/recorded.json" with { type: "json" };

const at = 1_795_000_000_123;
type Name = keyof typeof recorded;
const parse = (name: Name) => parseUpdate(updateSchema.parse(recorded[name]), "700100", at);
const inputOf = (name: Name) => {
  const parsed = parse(name);
  return parsed.type === "inbound" ? parsed.inbound.input : parsed;
};
const ofText = (text: string) => {
  const update = updateSchema.parse({ ...recorded.text, message: { ...recorded.text.message, text } });
  const parsed = parseUpdate(update, "700100", at);
  return parsed.type === "inbound" ? parsed.inbound.input : parsed;
};

describe("a message", () => {
  test("says who wrote, where to answer and what", () => {
    expect(parse("text")).toEqual({
      type: "inbound",
      inbound: {
        id: "815001",
        address: { channel: "telegram", tenant: "700100", user: "6133204981", ref: { chat: 6133204981 } },
        person: { name: "Анна Иванова", locale: "bg" },
        input: { type: "text", text: "Добър ден 👋" },
        receivedAt: at,
      },
      // What the bot may delete.
      sent: { chat: 6133204981, message: 1 },
    });
  });

  test("with a slash is a command, with or without the bot's name", () => {
    expect(inputOf("command")).toEqual({ type: "command", name: "menu", args: "" });
    expect(inputOf("command at the bot with words")).toEqual({ type: "command", name: "find", args: "family meeting" });
    expect(inputOf("deep link")).toEqual({ type: "command", name: "start", args: "join_9fK2-x_7" });
    expect(ofText("/МЕНЮ")).toEqual({ type: "command", name: "меню", args: "" });
    expect(ofText("/find a\nb")).toEqual({ type: "command", name: "find", args: "a\nb" });
  });

  test("with a slash and no word is a text", () => {
    expect(ofText("/")).toEqual({ type: "text", text: "/" });
    expect(ofText("1/2")).toEqual({ type: "text", text: "1/2" });
  });

  test("with a file announces it and fetches nothing", () => {
    expect(inputOf("photo with caption")).toEqual({
      type: "file",
      name: "photo",
      mime: "image/jpeg",
      bytes: 80312,
      handle: { file: "AgACAgQAAxkBAAIBY3" },
    });
    expect(inputOf("voice")).toMatchObject({ type: "file", mime: "audio/ogg", bytes: 12044 });
    expect(inputOf("document")).toMatchObject({ type: "file", name: "diploma.pdf", mime: "application/pdf" });
    expect(inputOf("animation")).toMatchObject({ type: "file", mime: "video/mp4", name: "wave.mp4" });
    expect(inputOf("sticker")).toMatchObject({ type: "file", mime: "image/webp", bytes: 18112 });
    expect(inputOf("location")).toEqual({
      type: "file",
      name: "location",
      mime: "application/geo+json",
      bytes: 0,
      handle: null,
    });
    expect(inputOf("contact")).toMatchObject({ type: "file", mime: "text/vcard" });
  });

  test("is stored well formed, without NUL, and no longer than 4,000", () => {
    expect(ofText("a\0b\ud800c")).toEqual({ type: "text", text: "ab\ufffdc" });
    const cut = ofText(`${"x".repeat(3999)}👋more`);
    expect(cut).toEqual({ type: "text", text: "x".repeat(3999) });
  });
});

describe("a press", () => {
  test("is a token and an option, also under a message that is gone", () => {
    expect(parse("press")).toMatchObject({
      query: "26341902034",
      inbound: { id: "815020", input: { type: "press", token: "aB3_x-Zk9Qw", option: "a" } },
    });
    expect(parse("press under a message that is gone")).toMatchObject({
      inbound: { address: { ref: { chat: 6133204981 } }, input: { option: "c" } },
    });
  });

  test("of anything else is dropped, and still answered", () => {
    expect(parse("press of a button of another program")).toEqual({
      type: "dropped",
      why: "not one of our buttons",
      query: "26341902036",
    });
    expect(parse("press in a group")).toMatchObject({ type: "dropped", query: "26341902037" });
  });
});

describe("blocking", () => {
  test("makes a person gone, and unblocking reachable", () => {
    expect(inputOf("blocked")).toEqual({ type: "presence", state: "gone", reason: "blocked" });
    expect(inputOf("unblocked")).toEqual({ type: "presence", state: "reachable" });
  });
});

test.each<Name>([
  "pinned message",
  "added to a group",
  "text of a bot",
  "edited message",
  "reaction",
  "something new",
  "unreadable message",
])("%s is dropped", (name) => {
  expect(parse(name)).toMatchObject({ type: "dropped" });
});

describe("a group", () => {
  const inGroup = (text: string, more: object = {}) => {
    const { message } = recorded["text in a group"];
    const update = updateSchema.parse({ ...recorded["text in a group"], message: { ...message, text, ...more } });
    return parseUpdate(update, "700100", at);
  };

  test("says who wrote, whom it names, and what is left without the names", () => {
    const { message } = recorded["text in a group"];
    expect(inGroup("/link@Fadder_bot group K7MPQ2")).toEqual({
      type: "group",
      chat: message.chat.id,
      user: String(message.from.id),
      ...("language_code" in message.from ? { locale: message.from.language_code } : {}),
      said: { text: "link  group K7MPQ2", names: ["fadder_bot"], isCommand: true, answers: undefined },
    });
    const answer = inGroup("thanks", { reply_to_message: { from: { id: 700100 } } });
    expect(answer).toMatchObject({ said: { text: "thanks", answers: "700100" } });
  });

  test("that the bot was taken out of says so, and one that it came into is dropped", () => {
    const update = recorded["added to a group"];
    const member = (status: string) =>
      parseUpdate(
        updateSchema.parse({ ...update, my_chat_member: { ...update.my_chat_member, new_chat_member: { status } } }),
        "700100",
        at,
      );
    expect(member("kicked")).toMatchObject({ type: "group", said: undefined });
    expect(member("left")).toMatchObject({ type: "group", said: undefined });
    expect(member("member")).toMatchObject({ type: "dropped" });
  });
});

test("whatever a body holds, parsing never throws", () => {
  const kinds = ["message", "callback_query", "my_chat_member", "edited_message"];
  const body = fc.dictionary(fc.constantFrom(...kinds), fc.oneof(fc.jsonValue(), fc.constant(recorded.text.message)));
  fc.assert(
    fc.property(body, fc.nat(), (kinds, id) => {
      const parsed = parseUpdate(updateSchema.parse({ ...kinds, update_id: id }), "700100", at);
      if (parsed.type === "inbound") expect(parsed.inbound.id).toBe(String(id));
    }),
  );
});
