import { z } from "zod";
import { type AdapterDeps, DeliveryError } from "../../src/engine/adapter.ts";
import type { Outgoing, Reply } from "../../src/engine/types.ts";
import type { Bot } from "./bot.ts";
import { NOT_THERE, refusedWith, toDeliveryError, UNCHANGED } from "./errors.ts";
import { readMessageId, writeMessageId } from "./message-id.ts";
import { createPictures } from "./pictures.ts";
import { asCaption, type Part, render, renderWithoutPicture, type TextPayload } from "./render.ts";

const ref = z.object({ chat: z.number().int() });

/** One request: gives the number of the message that stands there now. */
type Step = (chat: number) => Promise<{ readonly id: number; readonly photo: boolean }>;

/** What was sent of a message of several parts when it failed, so that nothing is sent twice when it is delivered again. */
interface Progress {
  readonly done: number;
  readonly last?: { readonly id: number; readonly photo: boolean };
}
/** Messages that failed half-way and are remembered; they are rare, and the oldest is forgotten first. */
const REMEMBERED = 1000;

/** Sends or edits one message, without any retry of its own. Throws `DeliveryError` only. */
export function createDeliver(bots: readonly Bot[], deps: Pick<AdapterDeps, "keep" | "images" | "log">) {
  const half = new Map<string, Progress>();

  return async ({ id, address, reply, edits }: Outgoing): Promise<{ readonly messageId: string }> => {
    const bot = bots.find((candidate) => candidate.id === address.tenant);
    if (bot === undefined) throw new DeliveryError("misconfigured", "this bot is not connected");
    const chat = ref.safeParse(address.ref);
    if (!chat.success) throw new DeliveryError("rejected", "the address has no chat");
    const plan = makePlan(bot, reply, edits, createPictures(bot, deps));

    let progress: Progress = half.get(id) ?? { done: 0 };
    try {
      for (const step of plan.steps.slice(progress.done)) {
        const last = await movedChat(step, chat.data.chat);
        progress = { done: progress.done + 1, last };
        half.set(id, progress);
      }
    } catch (error) {
      if (progress.done > 0) forgetOldest(half);
      throw toDeliveryError(error);
    }
    half.delete(id);
    if (progress.last === undefined) throw new DeliveryError("rejected", "nothing to send");
    return { messageId: writeMessageId({ ...progress.last, index: plan.index }) };
  };
}

type Pictures = ReturnType<typeof createPictures>;
interface Plan {
  readonly steps: readonly Step[];
  /** The position of the last text message, for the next edit. */
  readonly index: number;
}

function makePlan(bot: Bot, reply: Reply, edits: string | undefined, pictures: Pictures): Plan {
  try {
    const target = edits === undefined ? undefined : readMessageId(edits);
    if (target === undefined) return sending(bot, render(reply), pictures);
    return target.photo ? editPicture(bot, target.id, reply, pictures) : editText(bot, target, reply, pictures);
  } catch (error) {
    // A reply that cannot be rendered never will be.
    throw new DeliveryError("rejected", "not renderable", { cause: error });
  }
}

function sending(bot: Bot, parts: readonly Part[], pictures: Pictures): Plan {
  return { steps: parts.map((part) => send(bot, part, pictures)), index: lastIndex(parts) };
}

function send(bot: Bot, part: Part, pictures: Pictures): Step {
  return async (chat) => {
    if (part.type === "text") return sendText(bot, chat, part.payload);
    const id = await pictures.send(chat, part);
    if (id !== undefined) return { id, photo: true };
    return sendText(bot, chat, part.instead);
  };
}

/** The messages above the one with the buttons stay; this one is replaced, and what does not fit any more comes below. */
function editText(bot: Bot, target: { id: number; index: number }, reply: Reply, pictures: Pictures): Plan {
  const parts = renderWithoutPicture(reply);
  const at = Math.min(target.index, parts.length - 1);
  const steps = parts.slice(at).map((part, index): Step => {
    if (index > 0 || part.type !== "text") return send(bot, part, pictures);
    const { payload } = part;
    const edited = (chat: number) =>
      bot.api.editMessageText({ chat_id: chat, message_id: target.id, reply_markup: NO_BUTTONS, ...payload });
    return edit(target.id, false, edited, send(bot, part, pictures));
  });
  return { steps, index: lastIndex(parts) };
}

function editPicture(bot: Bot, id: number, reply: Reply, pictures: Pictures): Plan {
  const parts = render(reply);
  const [first, ...rest] = parts;
  if (first?.type === "photo") {
    const steps = rest.map((part) => send(bot, part, pictures));
    const change: Step = async (chat) => {
      const done = await pictures.replace(chat, id, first);
      return done ? { id, photo: true } : send(bot, first, pictures)(chat);
    };
    return { steps: [change, ...steps], index: lastIndex(parts) };
  }
  const caption = asCaption(reply);
  const as = (chat: number) => ({ chat_id: chat, message_id: id });
  if (caption !== undefined && first !== undefined) {
    const edited = (chat: number) => bot.api.editMessageCaption({ ...as(chat), reply_markup: NO_BUTTONS, ...caption });
    return { steps: [edit(id, true, edited, send(bot, first, pictures))], index: 0 };
  }
  // Too long to stand under the picture: the buttons go, and the text comes below.
  const bare = (chat: number) => bot.api.editMessageReplyMarkup({ ...as(chat), reply_markup: NO_BUTTONS });
  const steps = parts.map((part) => send(bot, part, pictures));
  return { steps: [edit(id, true, bare, async () => ({ id, photo: true })), ...steps], index: lastIndex(parts) };
}

const NO_BUTTONS = { inline_keyboard: [] };

function edit(id: number, photo: boolean, change: (chat: number) => Promise<unknown>, instead: Step): Step {
  return async (chat) => {
    try {
      await change(chat);
    } catch (error) {
      if (refusedWith(error, NOT_THERE)) return instead(chat);
      if (!refusedWith(error, UNCHANGED)) throw error;
    }
    return { id, photo };
  };
}

async function sendText(bot: Bot, chat: number, payload: TextPayload) {
  const sent = await bot.api.sendMessage({ chat_id: chat, ...payload });
  return { id: sent.message_id, photo: false };
}

/** A chat that became another one is written to under its new number. Nothing was sent to the old one. */
async function movedChat(step: Step, chat: number): ReturnType<Step> {
  try {
    return await step(chat);
  } catch (error) {
    const moved = (error as { parameters?: { migrate_to_chat_id?: number } }).parameters?.migrate_to_chat_id;
    if (moved === undefined) throw error;
    return step(moved);
  }
}

function lastIndex(parts: readonly Part[]): number {
  return Math.max(0, parts.filter((part) => part.type === "text").length - 1);
}

function forgetOldest(half: Map<string, Progress>): void {
  const [oldest] = half.keys();
  if (half.size > REMEMBERED && oldest !== undefined) half.delete(oldest);
}
