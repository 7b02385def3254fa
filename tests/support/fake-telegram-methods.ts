import { createHash } from "node:crypto";
import type { Call } from "./fake-telegram-form.ts";
import {
  checkCommands,
  checkKeyboard,
  checkPicture,
  checkText,
  type FakeButton,
  Refusal,
  refuse,
} from "./fake-telegram-rules.ts";
import { type createUpdates, type FakeUpdate, PRESS_LIFE_MS } from "./fake-telegram-updates.ts";
import type { JudgedEntity } from "./judge-telegram.ts";

export interface FakeUser {
  readonly id: number;
  readonly first_name?: string;
  readonly last_name?: string;
  readonly username?: string;
  readonly language_code?: string;
}

/** A message of the bot as the person sees it now. */
export interface FakeMessage {
  readonly id: number;
  /** Visible text, or the text under the picture. */
  readonly text: string;
  readonly html: string;
  readonly entities: readonly JudgedEntity[];
  readonly buttons: readonly (readonly FakeButton[])[];
  /** The file id of the picture. */
  readonly photo?: string;
  readonly edits: number;
}

export interface FakeChat {
  readonly user: FakeUser;
  state: "open" | "blocked" | "deactivated";
  readonly messages: Map<number, FakeMessage>;
  readonly sends: number[];
}

export interface FakeBot {
  readonly token: string;
  readonly id: number;
  readonly updates: ReturnType<typeof createUpdates>;
  readonly chats: Map<number, FakeChat>;
  readonly files: Map<string, Buffer>;
  readonly queries: Map<string, { readonly at: number; answer?: string }>;
  readonly settings: Map<string, unknown>;
  nextMessage: number;
}

export interface Rules {
  readonly now: () => number;
  /** Sends to one chat in a second; more are answered with 429. */
  readonly perChatPerSecond: number | undefined;
  readonly changed: () => void;
}

/** Answers one call as Telegram would, or throws a `Refusal`. */
export async function answer(bot: FakeBot, call: Call, rules: Rules, hangUp: AbortSignal): Promise<unknown> {
  const { params } = call;
  const text = (key: string) => (typeof params[key] === "string" ? params[key] : undefined);
  switch (call.method) {
    case "getMe":
      return { id: bot.id, is_bot: true, first_name: "Fake", username: `fake_${bot.id}_bot`, can_join_groups: true };
    case "getUpdates":
      return (await bot.updates.poll(params, hangUp)) satisfies FakeUpdate[];
    case "setWebhook":
      return setWebhook(bot, text("url") ?? "", text("secret_token"), params.allowed_updates);
    case "deleteWebhook":
      bot.updates.deleteWebhook();
      return true;
    case "getWebhookInfo":
      return bot.updates.info();
    case "sendMessage":
      return put(bot, params, rules, checkText(params.text, params.parse_mode, 4096, "message"), undefined);
    case "sendPhoto":
      return put(bot, params, rules, caption(params), picture(bot, params.photo, call));
    case "editMessageText":
      return change(bot, params, rules, "text", () => checkText(params.text, params.parse_mode, 4096, "message"));
    case "editMessageCaption":
      return change(bot, params, rules, "photo", () => caption(params));
    case "editMessageMedia": {
      const media = params.media as Record<string, unknown>;
      return change(bot, params, rules, "any", () => caption(media), picture(bot, media.media, call));
    }
    case "editMessageReplyMarkup":
      return change(bot, params, rules, "any", undefined);
    case "deleteMessage":
      // What a person wrote in a direct chat may be deleted; the fake keeps none of it.
      openChat(bot, params.chat_id);
      return true;
    case "answerCallbackQuery":
      return answerQuery(bot, String(params.callback_query_id), text("text"), rules);
    default:
      return setting(bot, call);
  }
}

type Checked = ReturnType<typeof checkText>;

function caption(params: Readonly<Record<string, unknown>>): Checked & { html: unknown } {
  if (params.caption === undefined || params.caption === "") return { text: "", entities: [], html: "" };
  return { ...checkText(params.caption, params.parse_mode, 1024, "message caption"), html: params.caption };
}

function openChat(bot: FakeBot, id: unknown): FakeChat {
  const chat = bot.chats.get(Number(id));
  if (chat === undefined) return refuse("chat not found");
  if (chat.state === "blocked") throw new Refusal(403, "Forbidden: bot was blocked by the user");
  if (chat.state === "deactivated") throw new Refusal(403, "Forbidden: user is deactivated");
  return chat;
}

function put(bot: FakeBot, params: Call["params"], rules: Rules, checked: Checked, photo: string | undefined) {
  const chat = openChat(bot, params.chat_id);
  const buttons = checkKeyboard(params.reply_markup);
  const recent = chat.sends.filter((at) => rules.now() - at < 1000).length;
  if (rules.perChatPerSecond !== undefined && recent >= rules.perChatPerSecond) throw tooMany(1);
  chat.sends.push(rules.now());
  const id = bot.nextMessage++;
  const html = String(params.text ?? params.caption ?? "");
  chat.messages.set(id, { id, ...checked, html, buttons, ...(photo === undefined ? {} : { photo }), edits: 0 });
  rules.changed();
  return shown(bot, chat, id, rules.now());
}

function change(
  bot: FakeBot,
  params: Call["params"],
  rules: Rules,
  kind: "text" | "photo" | "any",
  check: (() => Checked) | undefined,
  photo?: string,
) {
  const chat = openChat(bot, params.chat_id);
  const before = chat.messages.get(Number(params.message_id));
  if (before === undefined) return refuse("message to edit not found");
  if (kind === "text" && before.photo !== undefined) refuse("there is no text in the message to edit");
  if (kind === "photo" && before.photo === undefined) refuse("there is no caption in the message to edit");
  const media = params.media as { caption?: unknown } | undefined;
  const html = check === undefined ? before.html : String(params.text ?? params.caption ?? media?.caption ?? "");
  const after = {
    ...before,
    ...(check === undefined ? {} : check()),
    html,
    buttons: checkKeyboard(params.reply_markup),
    ...(photo === undefined ? {} : { photo }),
  };
  if (JSON.stringify(after) === JSON.stringify(before)) {
    const same = "specified new message content and reply markup are exactly the same as a current content";
    refuse(`message is not modified: ${same} and reply markup of the message`);
  }
  chat.messages.set(before.id, { ...after, edits: before.edits + 1 });
  rules.changed();
  return shown(bot, chat, before.id, rules.now());
}

function picture(bot: FakeBot, given: unknown, call: Call): string {
  const media = String(given);
  const attached = /^attach:\/\/(.+)$/u.exec(media)?.[1];
  if (attached === undefined) {
    return bot.files.has(media) ? media : refuse("wrong file identifier/HTTP URL specified");
  }
  const upload = call.files.get(attached);
  if (upload === undefined || upload.bytes.length === 0) return refuse("there is no photo in the request");
  checkPicture(upload.bytes);
  const id = `AgAC${createHash("sha256").update(bot.token).update(upload.bytes).digest("base64url")}`;
  bot.files.set(id, upload.bytes);
  return id;
}

/** A message as the Bot API answers it and as updates carry it. */
export function shown(bot: FakeBot, chat: FakeChat, id: number, now: number) {
  const message = chat.messages.get(id);
  const photo = message?.photo;
  const sizes =
    photo === undefined ? undefined : [{ file_id: photo, file_unique_id: photo.slice(-8), width: 1, height: 1 }];
  return {
    message_id: id,
    from: { id: bot.id, is_bot: true, first_name: "Fake" },
    chat: { id: chat.user.id, type: "private", first_name: chat.user.first_name ?? "Person" },
    // Of a message that is gone only the chat is told, and the date is 0.
    date: message === undefined ? 0 : Math.floor(now / 1000),
    ...(sizes === undefined ? { text: message?.text } : { photo: sizes, caption: message?.text }),
    ...(message === undefined || message.buttons.length === 0
      ? {}
      : { reply_markup: { inline_keyboard: message.buttons } }),
  };
}

function answerQuery(bot: FakeBot, id: string, text: string | undefined, rules: Rules): true {
  const query = bot.queries.get(id);
  if (query === undefined || query.answer !== undefined || rules.now() - query.at > PRESS_LIFE_MS)
    return refuse("query is too old and response timeout expired or query ID is invalid");
  if ((text ?? "").length > 200) return refuse("MESSAGE_TOO_LONG");
  query.answer = text ?? "";
  rules.changed();
  return true;
}

function setWebhook(bot: FakeBot, url: string, secret: string | undefined, kinds: unknown): true {
  const address = parsed(url) ?? refuse("invalid webhook URL specified");
  // The one departure: Telegram wants https on 443, 80, 88 or 8443; here loopback may be plain.
  if (address.protocol !== "https:" && !/^(?:127\.|localhost$|\[::1\])/u.test(address.hostname))
    refuse("bad webhook: An HTTPS URL must be provided for webhook");
  if ((secret ?? "").length > 256) refuse("secret token is too long");
  if (/[^A-Za-z0-9_-]/u.test(secret ?? "")) refuse("secret token contains unallowed characters");
  bot.updates.setWebhook(url, secret, kinds);
  return true;
}

function parsed(url: string): URL | undefined {
  try {
    return new URL(url);
  } catch {
    return undefined;
  }
}

/** Commands, name and descriptions, each by scope and language. */
function setting(bot: FakeBot, { method, params }: Call): unknown {
  const [, verb, what] = /^(get|set)My(Commands|Name|Description|ShortDescription)$/u.exec(method) ?? [];
  if (verb === undefined || what === undefined) throw new Refusal(404, "Not Found: method not found");
  const scope = (params.scope as { type?: string } | undefined)?.type ?? "default";
  const key = `${what}:${what === "Commands" ? scope : ""}:${String(params.language_code ?? "")}`;
  if (what === "Commands") {
    if (verb === "get") return bot.settings.get(key) ?? [];
    bot.settings.set(key, checkCommands(params.commands));
    return true;
  }
  const field = { Name: "name", Description: "description", ShortDescription: "short_description" }[what] ?? "";
  const most = { Name: 64, Description: 512, ShortDescription: 120 }[what] ?? 0;
  if (verb === "get") return { [field]: bot.settings.get(key) ?? bot.settings.get(`${what}::`) ?? "" };
  const value = String(params[field] ?? "");
  if (value.length > most) refuse(`BOT_${what.toUpperCase()}_INVALID`);
  bot.settings.set(key, value);
  return true;
}

export function tooMany(seconds: number): Refusal {
  return new Refusal(429, `Too Many Requests: retry after ${seconds}`, { retry_after: seconds });
}
