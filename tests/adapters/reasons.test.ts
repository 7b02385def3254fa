import { WebAPIPlatformError } from "@slack/web-api";
import { GrammyError } from "grammy";
import { describe, expect, test } from "vitest";
import { toDeliveryError as ofMail } from "../../adapters/mail/errors.ts";
import { toDeliveryError as ofSlack } from "../../adapters/slack/errors.ts";
import { classify } from "../../adapters/teams/failure.ts";
import { toDeliveryError as ofTelegram } from "../../adapters/telegram/errors.ts";

const telegram = (status: number, description: string) =>
  ofTelegram(new GrammyError("refused", { ok: false, error_code: status, description }, "sendMessage", {}));
const slack = (error: string) => ofSlack(new WebAPIPlatformError({ ok: false, error }));
const teams = (statusCode: number, code?: string) => classify({ statusCode, code, message: "refused" }, "post", 0);

/** Every word of a platform for somebody who is not there, with what a coordinator is told. */
const table: readonly (readonly [string, () => { failure: string; reason: string | undefined }, string | undefined])[] =
  [
    ["Telegram: blocked", () => telegram(403, "Forbidden: bot was blocked by the user"), "blocked"],
    ["Telegram: deactivated", () => telegram(403, "Forbidden: user is deactivated"), "deactivated"],
    ["Telegram: deactivated account", () => telegram(400, "Bad Request: USER_DEACTIVATED"), "deactivated"],
    ["Telegram: kicked", () => telegram(403, "Forbidden: bot was kicked from the supergroup chat"), "left"],
    ["Telegram: not a member", () => telegram(403, "Forbidden: bot is not a member of the channel chat"), "left"],
    ["Telegram: never wrote", () => telegram(403, "Forbidden: bot can't initiate conversation with a user"), undefined],
    ["Telegram: no chat", () => telegram(400, "Bad Request: chat not found"), undefined],
    ["Slack: disabled", () => slack("user_disabled"), "deactivated"],
    ["Slack: not visible", () => slack("user_not_visible"), "left"],
    ["Slack: archived", () => slack("is_archived"), "left"],
    ["Slack: not in the channel", () => slack("not_in_channel"), "left"],
    ["Slack: no direct messages", () => slack("cannot_dm_bot"), "blocked"],
    ["Slack: not found", () => slack("channel_not_found"), undefined],
    ["Teams: blocked", () => teams(403, "ConversationBlockedByUser"), "blocked"],
    ["Teams: writes blocked", () => teams(403, "MessageWritesBlocked"), "blocked"],
    ["Teams: without a code", () => teams(403), "blocked"],
    ["Teams: not in the roster", () => teams(403, "BotNotInConversationRoster"), "uninstalled"],
    ["Teams: switched off by an administrator", () => teams(403, "BotDisabledByAdmin"), "uninstalled"],
    ["Teams: forbidden", () => teams(403, "ForbiddenOperationException"), "uninstalled"],
    ["Teams: no conversation", () => teams(404, "ConversationNotFound"), "uninstalled"],
  ];

describe("why somebody is gone", () => {
  test.each(table)("%s", (_name, error, reason) => {
    const { failure, reason: told } = error();
    expect({ failure, reason: told }).toEqual({ failure: "gone", reason });
  });

  test("is told of nobody who is not gone", () => {
    for (const error of [
      telegram(429, "Too Many Requests: retry after 3"),
      telegram(401, "Unauthorized"),
      slack("ratelimited"),
      slack("account_inactive"),
      teams(403, "InvalidBotApiHost"),
      teams(500),
      ofMail({ code: "EENVELOPE", command: "RCPT TO", responseCode: 450 }, false),
    ]) {
      expect([error.failure === "gone", error.reason]).toEqual([false, undefined]);
    }
  });
});
