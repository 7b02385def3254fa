import type { AdapterDeps, Health } from "../../src/engine/adapter.ts";
import { abortable, type Bot } from "./bot.ts";
import { toDeliveryError } from "./errors.ts";
import type { PollProblems } from "./poll.ts";
import { nameKey } from "./set-up.ts";
import { WEBHOOK_PATH } from "./webhook.ts";

type Connection = Health["connections"][number];

/** Milliseconds that a bot may take to be called healthy. */
const ANSWER_MS = 5000;

/** Asks Telegram about every bot. Never rejects: what is wrong is the answer. */
export async function checkHealth(
  bots: readonly Bot[],
  problems: PollProblems,
  deps: Pick<AdapterDeps, "keep" | "publicUrl">,
): Promise<Health> {
  const connections = await Promise.all(bots.map((bot) => check(bot, problems, deps)));
  const hosts = [...new Set(bots.map((bot) => new URL(bot.root).origin))];
  return { ok: connections.every((connection) => connection.ok), connections, hosts };
}

async function check(
  bot: Bot,
  problems: PollProblems,
  { keep, publicUrl }: Pick<AdapterDeps, "keep" | "publicUrl">,
): Promise<Connection> {
  const kept = await keep.get(nameKey(bot)).catch(() => undefined);
  const name = typeof kept === "string" ? `@${kept}` : `bot ${bot.id}`;
  try {
    const signal = abortable(AbortSignal.timeout(ANSWER_MS));
    const [me, webhook] = await Promise.all([bot.api.getMe(signal), bot.api.getWebhookInfo(signal)]);
    const known = { name: `@${me.username}` };
    const waiting = `${webhook.pending_update_count} updates wait`;
    if (publicUrl === undefined) return polling(known.name, waiting, problems.get(bot.id));
    const url = `${publicUrl}${WEBHOOK_PATH}`;
    if (webhook.url !== url) {
      const detail = webhook.url === "" ? "no webhook is set" : "the webhook leads to another address";
      return { ...known, ok: false, detail, repair: `Restart the product; it sets the webhook to ${url}.` };
    }
    const failed = webhook.last_error_message;
    if (failed === undefined || webhook.pending_update_count === 0)
      return { ...known, ok: true, detail: `webhook, ${waiting}` };
    return {
      ...known,
      ok: false,
      detail: `webhook, ${waiting}; the last delivery failed: ${failed}`,
      repair: "See that PUBLIC_URL is reachable from the internet over https on port 443, 80, 88 or 8443.",
    };
  } catch (error) {
    const { failure, code } = toDeliveryError(error);
    const repair =
      failure === "misconfigured"
        ? "Telegram does not know this token. Copy it again from BotFather."
        : `See that this machine reaches ${new URL(bot.root).origin}, through HTTPS_PROXY where one is needed.`;
    return { name, ok: false, detail: code, repair };
  }
}

function polling(name: string, waiting: string, problem: string | undefined): Connection {
  if (problem === undefined) return { name, ok: true, detail: `long polling, ${waiting}` };
  return {
    name,
    ok: false,
    detail: `long polling stands still: ${problem}`,
    repair: problem.startsWith("409")
      ? "Another program uses this token. Stop it, or make a new bot for this product."
      : "It is tried again by itself.",
  };
}
