// grammY with its conversations plugin: the dialog is one function that waits, kept by replaying its log.
import { conversations, createConversation } from "@grammyjs/conversations";
import { Bot, InlineKeyboard } from "grammy";
import { keyValue } from "../lib/databases.mjs";
import { botInfo, network, updateOf } from "../lib/telegram.mjs";
import { cards, options, question, scoreText } from "../lib/workload.mjs";

export async function open({ database, count, said }) {
  const store = await keyValue(database);
  const adapter = {
    read: async (key) => {
      const text = await store.get(key);
      return text === undefined ? undefined : JSON.parse(text);
    },
    write: (key, value) => store.set(key, JSON.stringify(value)),
    delete: (key) => store.delete(key),
  };
  async function lesson(conversation, ctx) {
    const next = new InlineKeyboard().text("Next", "next");
    for (const card of cards) {
      await ctx.reply(card, { reply_markup: next });
      const pressed = await conversation.waitForCallbackQuery("next");
      await pressed.answerCallbackQuery();
    }
    let score = 0;
    for (let index = 0; index < count; index += 1) {
      const { text, right } = question(index, count);
      const keyboard = new InlineKeyboard();
      for (const [option, label] of options.entries()) keyboard.text(label, `answer:${option}`).row();
      await ctx.reply(text, { reply_markup: keyboard });
      const pressed = await conversation.waitForCallbackQuery(/^answer:(\d)$/);
      await pressed.answerCallbackQuery();
      if (Number(pressed.match[1]) === right) score += 1;
    }
    await ctx.reply(scoreText(score, count));
  }
  const bot = new Bot("1:bench", { botInfo, client: { fetch: network(said) } });
  bot.use(
    conversations({ storage: { type: "key", version: 0, getStorageKey: (ctx) => ctx.chatId?.toString(), adapter } }),
  );
  bot.use(createConversation(lesson, "lesson"));
  bot.command("lesson", (ctx) => ctx.conversation.enter("lesson"));
  bot.catch((error) => {
    throw error.error ?? error;
  });
  return { send: (l, event) => bot.handleUpdate(updateOf(l, event)), close: () => store.close() };
}
