import { z } from "zod";
import type { Inbound, Input } from "../../src/engine/types.ts";
import { announcedFile, fileFields } from "./files.ts";
import { TYPED_CHARACTERS } from "./limits.ts";
import { safeText } from "./safe-text.ts";

/** What every update has. Anything else in it is read only where its kind is known. */
export const updateSchema = z.object({
  update_id: z.number().int().nonnegative(),
  message: z.unknown().optional(),
  callback_query: z.unknown().optional(),
  my_chat_member: z.unknown().optional(),
});
export type Update = z.infer<typeof updateSchema>;

/**
 * What an update means here. `query` is there when a button waits for an answer, whatever becomes of the press; `sent` names a message
 * of the person, which the bot may delete.
 */
export type Parsed =
  | {
      readonly type: "inbound";
      readonly inbound: Inbound;
      readonly query?: string;
      readonly sent?: { readonly chat: number; readonly message: number };
    }
  /** Written to the bot in a group; `said` is undefined where the bot was taken out of it. */
  | {
      readonly type: "group";
      readonly chat: number;
      readonly user: string;
      readonly locale?: string;
      readonly said: GroupText | undefined;
    }
  | { readonly type: "dropped"; readonly why: string; readonly query?: string };

/** What stands in a group's message. A bot without privacy mode gets everything, so it has to be seen whether it is meant. */
export interface GroupText {
  readonly text: string;
  /** Names of bots and people that are mentioned, a command's among them, in lower case and without the sign. */
  readonly names: readonly string[];
  readonly isCommand: boolean;
  /** Whose message it answers. */
  readonly answers: string | undefined;
}

/** The kinds of updates that are asked for. An edit of an old message changes nothing, so it is not among them. */
export const UPDATE_KINDS = ["message", "callback_query", "my_chat_member"] as const;

const user = z.object({
  id: z.number().int().positive(),
  is_bot: z.boolean().default(false),
  first_name: z.string().default(""),
  last_name: z.string().optional(),
  username: z.string().optional(),
  language_code: z.string().optional(),
});
const chat = z.object({ id: z.number().int(), type: z.string() });
const message = z.object({
  message_id: z.number().int().optional(),
  from: user,
  chat,
  text: z.string().optional(),
  reply_to_message: z.object({ from: z.object({ id: z.number() }).optional() }).optional(),
  ...fileFields,
});
const callbackQuery = z.object({
  id: z.string(),
  from: user,
  // A message that is too old to be shown comes without content, but its chat is always there.
  message: z.object({ chat }).optional(),
  data: z.string().optional(),
});
const myChatMember = z.object({ from: user, chat, new_chat_member: z.object({ status: z.string() }) });

/** The data of our own buttons: the prompt's token and the option's letter. */
const PRESS = /^([A-Za-z0-9_-]{11})([a-z])$/u;
/** Also with letters that Telegram's own menu cannot have: aliases exist in every language. */
const COMMAND = /^\/([\p{L}\p{M}\p{N}_-]{1,64})(?:@\w+)?(?:\s+([\s\S]*))?$/u;

/** Reads one update. Pure; what is not for us (groups, bots, service messages, kinds not asked for) is dropped. */
export function parseUpdate(update: Update, tenant: string, receivedAt: number): Parsed {
  const inbound = (from: z.infer<typeof user>, chatId: number, input: Input): Inbound => ({
    id: String(update.update_id),
    address: { channel: "telegram", tenant, user: String(from.id), ref: { chat: chatId } },
    person: person(from),
    input,
    receivedAt,
  });
  if (update.message !== undefined) {
    const parsed = message.safeParse(update.message);
    if (!parsed.success) return { type: "dropped", why: "unreadable message" };
    const { from, chat, message_id: id } = parsed.data;
    if (isGroup(chat.type) && !from.is_bot && parsed.data.text !== undefined) {
      const answers = parsed.data.reply_to_message?.from?.id;
      const said = inGroup(parsed.data.text, answers === undefined ? undefined : String(answers));
      const { locale } = person(from);
      return { type: "group", chat: chat.id, user: String(from.id), ...(locale === undefined ? {} : { locale }), said };
    }
    if (chat.type !== "private" || from.is_bot) return { type: "dropped", why: "not a person in a direct chat" };
    const input = parsed.data.text === undefined ? announcedFile(parsed.data) : typed(parsed.data.text);
    if (input === undefined) return { type: "dropped", why: "service message" };
    const sent = id === undefined ? {} : { sent: { chat: chat.id, message: id } };
    return { type: "inbound", inbound: inbound(from, chat.id, input), ...sent };
  }
  if (update.callback_query !== undefined) return pressed(update.callback_query, inbound);
  if (update.my_chat_member !== undefined) {
    const parsed = myChatMember.safeParse(update.my_chat_member);
    if (parsed.success && isGroup(parsed.data.chat.type)) {
      const { from, chat, new_chat_member } = parsed.data;
      if (!["kicked", "left"].includes(new_chat_member.status)) return { type: "dropped", why: "came into a group" };
      return { type: "group", chat: chat.id, user: String(from.id), said: undefined };
    }
    if (!parsed.success || parsed.data.chat.type !== "private") return { type: "dropped", why: "not a direct chat" };
    const { from, chat, new_chat_member } = parsed.data;
    const presence: Input =
      new_chat_member.status === "kicked"
        ? { type: "presence", state: "gone", reason: "blocked" }
        : { type: "presence", state: "reachable" };
    return { type: "inbound", inbound: inbound(from, chat.id, presence) };
  }
  return { type: "dropped", why: "unknown kind" };
}

function pressed(
  value: unknown,
  inbound: (from: z.infer<typeof user>, chatId: number, input: Input) => Inbound,
): Parsed {
  const parsed = callbackQuery.safeParse(value);
  if (!parsed.success) return { type: "dropped", why: "unreadable press" };
  const { id: query, from, message, data } = parsed.data;
  const direct = message === undefined || message.chat.type === "private";
  const [, token, option] = PRESS.exec(data ?? "") ?? [];
  if (!direct || from.is_bot) return { type: "dropped", why: "not a person in a direct chat", query };
  if (token === undefined || option === undefined) return { type: "dropped", why: "not one of our buttons", query };
  return {
    type: "inbound",
    inbound: inbound(from, message?.chat.id ?? from.id, { type: "press", token, option }),
    query,
  };
}

function isGroup(type: string): boolean {
  return type === "group" || type === "supergroup";
}

function inGroup(text: string, answers: string | undefined): GroupText {
  const names = [...text.matchAll(/@(\w{3,64})/gu)].map(([, name = ""]) => name.toLowerCase());
  const said = safeText(text, TYPED_CHARACTERS)
    .replace(/@\w{3,64}/gu, " ")
    .trim();
  return { text: said.replace(/^\//u, "").trim(), names, isCommand: text.startsWith("/"), answers };
}

function typed(text: string): Input {
  const command = COMMAND.exec(text);
  const name = command?.[1];
  if (name === undefined) return { type: "text", text: safeText(text, TYPED_CHARACTERS) };
  return {
    type: "command",
    name: safeText(name, 64).toLowerCase(),
    args: safeText(command?.[2] ?? "", TYPED_CHARACTERS).trim(),
  };
}

function person(from: z.infer<typeof user>): Inbound["person"] {
  const name = safeText([from.first_name, from.last_name ?? ""].join(" "), 200).trim();
  const locale = from.language_code;
  return {
    name: name === "" ? safeText(from.username ?? "", 64) : name,
    ...(locale === undefined || !/^[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*$/u.test(locale) ? {} : { locale }),
  };
}
