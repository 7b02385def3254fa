import { z } from "zod";
import { WEBHOOK_SECRET } from "./limits.ts";

/** Where the Bot API is served unless a connection says otherwise. https://core.telegram.org/bots/api#making-requests */
export const OFFICIAL_ROOT = "https://api.telegram.org";

/** Checks one entry of the connections file. */
export const connectionSchema = z.strictObject({
  token: z
    .string()
    .regex(/^\d{3,20}:[A-Za-z0-9_-]{10,100}$/u, "is not a bot token. Copy the whole token from BotFather."),
  /** Without one it is derived from the product's secret. */
  webhookSecret: z.string().regex(WEBHOOK_SECRET, "must be 1 to 256 characters of A-Z, a-z, 0-9, _ and -.").optional(),
  /** Another Bot API server, for example one of your own. */
  apiRoot: z
    .url({ protocol: /^https?$/u, error: "must be an http or https address." })
    .transform((root) => root.replace(/\/+$/u, ""))
    .optional(),
  /** `words`: name and descriptions come from the product, per language. `own`: they stay as BotFather has them. */
  profile: z.enum(["words", "own"]).default("words"),
});

/** One bot as the connections file has it. */
export type TelegramConnection = z.infer<typeof connectionSchema>;

/** The number before the colon of a token. https://core.telegram.org/bots/api#authorizing-your-bot */
export function botId(connection: Pick<TelegramConnection, "token">): string {
  return connection.token.split(":")[0] ?? "";
}
