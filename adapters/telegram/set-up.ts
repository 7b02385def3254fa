import { createHash } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import type { AdapterDeps, Words } from "../../src/engine/adapter.ts";
import type { Bot } from "./bot.ts";
import { toDeliveryError } from "./errors.ts";
import { COMMAND_DESCRIPTION_CHARACTERS, COMMAND_NAME, COMMANDS } from "./limits.ts";
import { UPDATE_KINDS } from "./parse.ts";
import { setProfile } from "./profile.ts";
import { WEBHOOK_PATH } from "./webhook.ts";

type Deps = Pick<AdapterDeps, "keep" | "words" | "log" | "publicUrl">;

/** Under which key a bot's public name is kept, so that it is known without a network. */
export function nameKey(bot: Bot): string {
  return `name:${bot.id}`;
}

/**
 * Tells Telegram where to deliver, which commands the menu shows, and how the bot presents itself. Everything is
 * compared before it is changed, so that it may run at every start. Rejects with the names of the bots it failed for.
 */
export function createSetUp(bots: readonly Bot[], deps: Deps): () => Promise<void> {
  const done = new Set<string>();

  async function one(bot: Bot): Promise<void> {
    const me = await bot.api.getMe();
    await deps.keep.set(nameKey(bot), me.username);
    if (deps.publicUrl !== undefined) await setWebhook(bot, deps, `${deps.publicUrl}${WEBHOOK_PATH}`);
    await setCommands(bot, deps.words);
    if (bot.profile === "words") await setProfile(bot, deps);
    done.add(bot.id);
  }

  return async () => {
    const waiting = bots.filter((bot) => !done.has(bot.id));
    const results = await Promise.allSettled(waiting.map(one));
    const failed = results.flatMap((result, index) =>
      result.status === "rejected" ? [`bot ${waiting[index]?.id}: ${toDeliveryError(result.reason).message}`] : [],
    );
    if (failed.length > 0) throw new Error(`Telegram is not set up for ${failed.join("; ")}`);
  };
}

/** Only when it differs: setting it again would end the requests under way. https://core.telegram.org/bots/api#setwebhook */
async function setWebhook(bot: Bot, { keep }: Deps, url: string): Promise<void> {
  const key = `webhook:${bot.id}`;
  const digest = createHash("sha256").update(bot.secret).digest("base64url");
  const info = await bot.api.getWebhookInfo();
  const same =
    info.url === url &&
    isDeepStrictEqual([...(info.allowed_updates ?? [])].sort(), [...UPDATE_KINDS].sort()) &&
    // Telegram does not tell the secret: ours is remembered, and a refused delivery says that it was another.
    (await keep.get(key)) === digest &&
    !info.last_error_message?.includes("401");
  if (same) return;
  await bot.api.setWebhook({ url, secret_token: bot.secret, allowed_updates: [...UPDATE_KINDS] });
  await keep.set(key, digest);
}

/** In direct chats only; the default language's list is for everybody whose language has none. */
async function setCommands(bot: Bot, words: Words): Promise<void> {
  const scope = { type: "all_private_chats" } as const;
  const [standard = "en"] = words.languages;
  for (const language of [undefined, ...words.languages]) {
    const wanted = menu(words, language ?? standard);
    // The library's type lists every language code there is; ours are two letters each.
    const code = language === undefined ? {} : { language_code: language as "en" };
    const found = await bot.api.getMyCommands({ scope, ...code });
    if (isDeepStrictEqual(found, wanted)) continue;
    await bot.api.setMyCommands({ scope, ...code, commands: wanted });
  }
}

/** The commands of a menu. Telegram takes Latin letters only, so an alias that has others shows its English name. */
export function menu(words: Words, language: string): { command: string; description: string }[] {
  const seen = new Set<string>();
  const commands = words.commands(language).flatMap(({ name, alias, description }) => {
    const command = [alias, name].find((word) => COMMAND_NAME.test(word) && !seen.has(word));
    const text = [...description].slice(0, COMMAND_DESCRIPTION_CHARACTERS).join("");
    if (command === undefined || text === "") return [];
    seen.add(command);
    return [{ command, description: text }];
  });
  return commands.slice(0, COMMANDS);
}
