import { describe, expect, test } from "vitest";
import { connectionShape } from "../../adapters/slack/connection.ts";
import { createSlackAdapter } from "../../adapters/slack/index.ts";
import { teamsConnection } from "../../adapters/teams/connection.ts";
import { createTeamsAdapter } from "../../adapters/teams/index.ts";
import { connectionSchema } from "../../adapters/telegram/connection.ts";
import { createTelegramAdapter } from "../../adapters/telegram/index.ts";
import type { AdapterDeps } from "../../src/engine/adapter.ts";
import { words } from "../support/chat.ts";
import { quietLog } from "../support/databases.ts";

const deps = (kept: Record<string, string>): AdapterDeps => ({
  keep: {
    get: async (key) => kept[key],
    set: async () => undefined,
    delete: async () => undefined,
    list: async () => [],
  },
  images: { png: async () => new Uint8Array(), url: async () => undefined },
  words,
  now: Date.now,
  log: quietLog,
  publicUrl: "https://fadder.example",
  stream: { read: async () => [], subscribe: () => () => undefined },
  sign: () => "",
  signed: () => false,
  openEnrolment: false,
});

describe("the ways in that platforms name", () => {
  test("a deep link to each bot whose name is known", async () => {
    const connection = connectionSchema.parse({ token: "123456:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" });
    const named = createTelegramAdapter([connection], deps({ "name:123456": "course_bot" }));
    expect(await named.joinWays?.("ABCDEF")).toEqual([
      { name: "Telegram (@course_bot)", url: "https://t.me/course_bot?start=join_ABCDEF", complete: true },
    ]);
    expect(await createTelegramAdapter([connection], deps({})).joinWays?.("ABCDEF")).toEqual([]);
  });

  test("the install page where workspaces install, and the app where its id is known", async () => {
    const install = connectionShape.parse({
      clientId: "1.2",
      clientSecret: "s",
      signingSecret: "0123456789abcdef0123456789abcdef",
      appId: "A1",
    });
    expect(await createSlackAdapter([install], deps({})).joinWays?.("ABCDEF")).toEqual([
      { name: "Slack", url: "https://slack.com/app_redirect?app=A1", complete: false },
      { name: "Slack", url: "https://fadder.example/slack/install", complete: false },
    ]);
  });

  test("a chat with the bot, the code already typed", async () => {
    const connection = teamsConnection.parse({ appId: "app", password: "p", tenantId: "t" });
    expect(await createTeamsAdapter([connection], deps({})).joinWays?.("ABCDEF")).toEqual([
      {
        name: "Microsoft Teams",
        url: "https://teams.microsoft.com/l/chat/0/0?users=28%3Aapp&message=join+ABCDEF",
        complete: true,
      },
    ]);
  });
});
