import type { AdapterDeps } from "../../src/engine/adapter.ts";
import type { Bot } from "./bot.ts";
import { toDeliveryError } from "./errors.ts";
import { ABOUT_CHARACTERS, DESCRIPTION_CHARACTERS, NAME_CHARACTERS } from "./limits.ts";

/**
 * The bot's name, the text on its page and the text in an empty chat, in each language. Telegram lets these change a
 * few times a day only, so they are compared first, and a refusal is no reason to hold anything else up.
 */
export async function setProfile(bot: Bot, { words, log }: Pick<AdapterDeps, "words" | "log">): Promise<void> {
  const [standard = "en"] = words.languages;
  try {
    for (const language of [undefined, ...words.languages]) {
      const text = (key: string, max: number) => [...words.text(language ?? standard, key)].slice(0, max).join("");
      // The library's type lists every language code there is; ours are two letters each.
      const code = language === undefined ? {} : { language_code: language as "en" };
      const name = text("telegram.name", NAME_CHARACTERS);
      if ((await bot.api.getMyName(code)).name !== name) await bot.api.setMyName({ ...code, name });
      const about = text("telegram.about", ABOUT_CHARACTERS);
      if ((await bot.api.getMyShortDescription(code)).short_description !== about)
        await bot.api.setMyShortDescription({ ...code, short_description: about });
      const description = text("telegram.description", DESCRIPTION_CHARACTERS);
      if ((await bot.api.getMyDescription(code)).description !== description)
        await bot.api.setMyDescription({ ...code, description });
    }
  } catch (error) {
    log.warn({ bot: bot.id, code: toDeliveryError(error).code }, "name and description of the bot were not changed");
  }
}
