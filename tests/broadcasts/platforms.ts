import { mail } from "../../adapters/mail/platform.ts";
import { slack } from "../../adapters/slack/platform.ts";
import { teams } from "../../adapters/teams/platform.ts";
import { telegram } from "../../adapters/telegram/platform.ts";
import { platform } from "../../adapters/web/platform.ts";
import type { Adapter, Platform } from "../../src/engine/adapter.ts";
import { createSetting } from "../adapters/telegram/setting.ts";
import { words } from "../support/chat.ts";

const id = "11111111-1111-1111-1111-111111111111";

/** Every platform of a server, switched on with connections that lead nowhere. */
export async function everyPlatform(publicUrl?: string): Promise<readonly Adapter[]> {
  const { deps } = createSetting({ words, publicUrl });
  const one = <C>(platform: Platform<C>, connection: unknown): Promise<Adapter> =>
    platform.create([platform.connection.parse(connection)], deps);
  return Promise.all([
    one(telegram, { token: "700100:AAFakeTokenForTests_0123456789abcdefg" }),
    one(slack, { botToken: "xoxb-one", signingSecret: "0123456789abcdef0123456789abcdef", appToken: "xapp-1-A1-x" }),
    one(teams, { appId: id, password: "password", tenantId: id }),
    one(platform, {}),
    one(mail, { url: "smtp://127.0.0.1:1", from: "Fadder <fadder@example.org>" }),
  ]);
}
