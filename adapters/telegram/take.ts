import type { Adapter, AdapterDeps, Receive } from "../../src/engine/adapter.ts";
import { hearGroup } from "../../src/engine/groups.ts";
import type { Receipt } from "../../src/engine/types.ts";
import { abortable, type Bot } from "./bot.ts";
import { NOTICE_CHARACTERS } from "./limits.ts";
import { type GroupText, parseUpdate, type Update } from "./parse.ts";
import { nameKey } from "./set-up.ts";
import { clean } from "./text.ts";

/** What the webhook and the polling share: one update in, a turn committed, the pressed button answered. */
export interface Take {
  /** Resolves when the update may be acknowledged; rejects when nothing was stored and it has to come again. */
  update(bot: Bot, update: Update, receive: Receive): Promise<void>;
  /** Waits a moment for the answers under way, then gives them up: they only stop a button from blinking. */
  close(): Promise<void>;
}

/** Milliseconds that a stop waits for the answers to pressed buttons. */
const CLOSE_MS = 2000;

export function createTake(
  deps: Pick<AdapterDeps, "now" | "log" | "keep" | "inGroup">,
  deliver: Adapter["deliver"],
): Take {
  const { now, log } = deps;
  const closing = new AbortController();
  const underWay = new Set<Promise<unknown>>();

  /** The button blinks until it is answered. A failure (`query is too old`) changes nothing, and nobody waits for it. */
  function answer(bot: Bot, query: string, receipt: Receipt | undefined): void {
    const text = receipt?.notice === undefined ? "" : shortened(receipt.notice);
    const payload = { callback_query_id: query, ...(text === "" ? {} : { text }) };
    const sent = bot.api.answerCallbackQuery(payload, abortable(closing.signal)).then(
      () => undefined,
      () => log.debug({ bot: bot.id }, "a pressed button could not be answered"),
    );
    underWay.add(sent);
    void sent.finally(() => underWay.delete(sent));
  }

  /** What may stay nowhere leaves the chat too; the bot has asked the person to do it, in case this fails. */
  function remove(bot: Bot, { chat, message }: { readonly chat: number; readonly message: number }): void {
    const sent = bot.api.deleteMessage({ chat_id: chat, message_id: message }, abortable(closing.signal)).then(
      () => undefined,
      () => log.debug({ bot: bot.id }, "a message could not be deleted"),
    );
    underWay.add(sent);
    void sent.finally(() => underWay.delete(sent));
  }

  return {
    async update(bot, update, receive) {
      const parsed = parseUpdate(update, bot.id, now());
      if (parsed.type === "dropped") {
        // What cannot be read may mean that Telegram changed its format; the rest is not meant for us.
        const level = parsed.why.startsWith("unreadable") ? "warn" : "debug";
        log[level]({ bot: bot.id, update: update.update_id, why: parsed.why }, "an update was dropped");
        if (parsed.query !== undefined) answer(bot, parsed.query, undefined);
        return;
      }
      if (parsed.type === "group") {
        const kept = await deps.keep.get(nameKey(bot));
        const name = typeof kept === "string" ? kept : "";
        const { chat, user, locale, said } = parsed;
        if (said !== undefined && !isMeant(said, bot.id, name)) return;
        return hearGroup(deps, deliver, {
          id: `group:${update.update_id}`,
          group: { channel: "telegram", tenant: bot.id, user: String(chat), ref: { chat } },
          user,
          text: said?.text,
          ...(locale === undefined ? {} : { locale }),
          ...(name === "" ? {} : { direct: `https://t.me/${name}` }),
        });
      }
      const receipt = await receive(parsed.inbound);
      if (parsed.query !== undefined) answer(bot, parsed.query, receipt);
      if (receipt.withheld && parsed.sent !== undefined) remove(bot, parsed.sent);
    },

    async close() {
      const enough = setTimeout(() => closing.abort(), CLOSE_MS);
      await Promise.allSettled(underWay);
      clearTimeout(enough);
    },
  };
}

/** Whether a group's message is for this bot: a command without another bot's name, its own name, or an answer to it. */
function isMeant({ names, isCommand, answers }: GroupText, bot: string, name: string): boolean {
  if (answers === bot || (name !== "" && names.includes(name.toLowerCase()))) return true;
  return isCommand && names.length === 0;
}

function shortened(notice: string): string {
  const text = clean(notice).trim();
  if (text.length <= NOTICE_CHARACTERS) return text;
  return `${text.slice(0, NOTICE_CHARACTERS - 1).replace(/[\ud800-\udbff]$/u, "")}…`;
}
