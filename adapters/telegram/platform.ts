import type { z } from "zod";
import type { Platform } from "../../src/engine/adapter.ts";
import { botId, connectionSchema, type TelegramConnection } from "./connection.ts";

const VARIABLES: Readonly<Record<string, string>> = {
  token: "TELEGRAM_BOT_TOKEN",
  webhookSecret: "TELEGRAM_WEBHOOK_SECRET",
  apiRoot: "TELEGRAM_API_ROOT",
};

/** Telegram, switched on by a bot's token. */
export const telegram: Platform<TelegramConnection> = {
  channel: "telegram",
  connection: connectionSchema as z.ZodType<TelegramConnection>,
  fromEnvironment(env) {
    // A variable that is set to nothing is not set: that is how compose files leave one out.
    const token = env.TELEGRAM_BOT_TOKEN || undefined;
    const webhookSecret = env.TELEGRAM_WEBHOOK_SECRET || undefined;
    const apiRoot = env.TELEGRAM_API_ROOT || undefined;
    if (token === undefined) {
      const lonely = [
        ...(webhookSecret === undefined ? [] : ["TELEGRAM_WEBHOOK_SECRET"]),
        ...(apiRoot === undefined ? [] : ["TELEGRAM_API_ROOT"]),
      ];
      if (lonely.length === 0) return undefined;
      const problem = `TELEGRAM_BOT_TOKEN: missing, though ${lonely.join(" and ")} is set. Give the token from BotFather, or remove the rest.`;
      return { problems: [problem] };
    }
    const value = {
      token,
      ...(webhookSecret === undefined ? {} : { webhookSecret }),
      ...(apiRoot === undefined ? {} : { apiRoot }),
    };
    const parsed = connectionSchema.safeParse(value);
    if (parsed.success) return { connection: value, problems: [] };
    return {
      problems: parsed.error.issues.map(
        (issue) => `${VARIABLES[String(issue.path[0])] ?? "Telegram"}: ${issue.message}`,
      ),
    };
  },
  identity: botId,
  async create(connections, deps) {
    const { createTelegramAdapter } = await import("./index.ts");
    return createTelegramAdapter(connections, deps);
  },
};
