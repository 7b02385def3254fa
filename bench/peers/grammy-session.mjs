// grammY with its session plugin and a state machine by hand, as its documentation shows it: one row per chat, read
// before and written after each update.
import { Bot, InlineKeyboard, session } from "grammy";
import { keyValue } from "../lib/databases.mjs";
import { botInfo, network, updateOf } from "../lib/telegram.mjs";
import { reduce } from "../lib/workload.mjs";

export async function open({ database, count, said }) {
  const store = await keyValue(database);
  const storage = {
    read: async (key) => {
      const text = await store.get(key);
      return text === undefined ? undefined : JSON.parse(text);
    },
    write: (key, value) => store.set(key, JSON.stringify(value)),
    delete: (key) => store.delete(key),
  };
  const bot = new Bot("1:bench", { botInfo, client: { fetch: network(said) } });
  bot.use(session({ initial: () => ({ state: null }), storage }));
  const keyboard = (buttons) => {
    const made = new InlineKeyboard();
    for (const [index, button] of buttons.entries())
      made.text(button, button === "Next" ? "next" : `answer:${index}`).row();
    return made;
  };
  const take = async (ctx, event) => {
    const { state, reply } = reduce(ctx.session.state ?? undefined, event, count);
    ctx.session.state = state;
    await ctx.reply(reply.text, reply.buttons.length > 0 ? { reply_markup: keyboard(reply.buttons) } : {});
  };
  bot.command("lesson", (ctx) => take(ctx, { kind: "start" }));
  bot.callbackQuery("next", async (ctx) => {
    await ctx.answerCallbackQuery();
    await take(ctx, { kind: "next" });
  });
  bot.callbackQuery(/^answer:(\d)$/, async (ctx) => {
    await ctx.answerCallbackQuery();
    await take(ctx, { kind: "answer", option: Number(ctx.match[1]) });
  });
  bot.catch((error) => {
    throw error.error ?? error;
  });
  return { send: (l, event) => bot.handleUpdate(updateOf(l, event)), close: () => store.close() };
}
