import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { slack } from "../../../adapters/slack/platform.ts";
import { judgeSlack } from "../../support/judge-slack.ts";

const http = { publicUrl: "https://fadder.example", loopback: false };
const local = { publicUrl: undefined, loopback: false };

describe("the environment's short form", () => {
  test("nothing set is off", () => {
    expect(slack.fromEnvironment({}, http)).toBeUndefined();
    expect(slack.fromEnvironment({ SLACK_BOT_TOKEN: "" }, http)).toBeUndefined();
  });

  test("one workspace by HTTP, one by Socket Mode, many by installation", () => {
    const secret = "0123456789abcdef0123456789abcdef";
    expect(slack.fromEnvironment({ SLACK_BOT_TOKEN: "xoxb-1", SLACK_SIGNING_SECRET: secret }, http)).toEqual({
      connection: { botToken: "xoxb-1", signingSecret: secret },
      problems: [],
    });
    expect(
      slack.fromEnvironment(
        { SLACK_BOT_TOKEN: "xoxb-1", SLACK_APP_TOKEN: "xapp-1", SLACK_API_URL: "http://127.0.0.1:1/api/" },
        local,
      ),
    ).toEqual({
      connection: { botToken: "xoxb-1", appToken: "xapp-1", apiUrl: "http://127.0.0.1:1/api/" },
      problems: [],
    });
    expect(
      slack.fromEnvironment({ SLACK_CLIENT_ID: "1.2", SLACK_CLIENT_SECRET: "s", SLACK_SIGNING_SECRET: secret }, http)
        ?.connection,
    ).toEqual({
      clientId: "1.2",
      clientSecret: "s",
      signingSecret: secret,
    });
  });

  const missing: [Record<string, string>, typeof http | typeof local, string][] = [
    [{ SLACK_BOT_TOKEN: "xoxb-1" }, http, "SLACK_SIGNING_SECRET"],
    [{ SLACK_BOT_TOKEN: "xoxb-1" }, local, "SLACK_APP_TOKEN"],
    [{ SLACK_SIGNING_SECRET: "0123456789abcdef" }, http, "SLACK_BOT_TOKEN"],
    [{ SLACK_API_URL: "http://127.0.0.1/" }, http, "SLACK_BOT_TOKEN"],
    [{ SLACK_CLIENT_ID: "1" }, http, "SLACK_CLIENT_SECRET"],
    [{ SLACK_CLIENT_SECRET: "1", SLACK_SIGNING_SECRET: "0123456789abcdef" }, http, "SLACK_CLIENT_ID"],
    [{ SLACK_CLIENT_ID: "1", SLACK_CLIENT_SECRET: "1" }, http, "SLACK_SIGNING_SECRET"],
    [{ SLACK_CLIENT_ID: "1", SLACK_CLIENT_SECRET: "1", SLACK_SIGNING_SECRET: "0123456789abcdef" }, local, "PUBLIC_URL"],
    [{ SLACK_CLIENT_ID: "1", SLACK_BOT_TOKEN: "xoxb-1" }, http, "SLACK_BOT_TOKEN"],
    [
      { SLACK_BOT_TOKEN: "wrong", SLACK_SIGNING_SECRET: "0123456789abcdef" },
      http,
      "SLACK_BOT_TOKEN: a bot token begins with xoxb-",
    ],
    [
      { SLACK_BOT_TOKEN: "xoxb-1", SLACK_SIGNING_SECRET: "0123456789abcdef", SLACK_API_URL: "ftp://x" },
      http,
      "SLACK_API_URL",
    ],
  ];
  test.each(missing)("%j names what is missing or wrong", (env, facts, name) => {
    const found = slack.fromEnvironment(env, facts);
    expect(found?.connection).toBeUndefined();
    expect(found?.problems.join("\n")).toContain(name);
    expect(found?.problems.join("\n")).not.toContain("wrong\n");
  });
});

test("the manifests are what Slack's types allow, with the addresses in them", async () => {
  const files = await slack.manifest?.({
    publicUrl: "https://fadder.example",
    privacyUrl: "https://fadder.example/privacy",
    termsUrl: "https://fadder.example/terms",
  });
  expect(files?.map((file) => file.name)).toEqual(["slack-manifest.json", "slack-manifest-socket-mode.json"]);
  for (const file of files ?? []) {
    const manifest = JSON.parse(String(file.content));
    expect(judgeSlack.manifest(manifest)).toEqual([]);
    // https://docs.slack.dev/reference/app-manifest: between 174 and 4,000 characters.
    expect(manifest.display_information.long_description.length).toBeGreaterThanOrEqual(174);
    expect(manifest.display_information.long_description).toContain("https://fadder.example/privacy");
    expect(manifest.display_information.long_description).toContain("https://fadder.example/terms");
    expect(manifest.settings.token_rotation_enabled).toBe(false);
  }
  const [http, socket] = (files ?? []).map((file) => JSON.parse(String(file.content)));
  expect(http.settings.event_subscriptions.request_url).toBe("https://fadder.example/slack/events");
  expect(http.settings.interactivity.request_url).toBe("https://fadder.example/slack/events");
  expect(http.features.slash_commands[0].url).toBe("https://fadder.example/slack/events");
  expect(http.oauth_config.redirect_urls).toEqual(["https://fadder.example/slack/oauth_redirect"]);
  expect(JSON.stringify(socket)).not.toContain("/slack/events");
  expect(socket.settings.socket_mode_enabled).toBe(true);
});

test("the light part loads none of Slack's libraries", () => {
  for (const file of ["platform.ts", "connection.ts"]) {
    expect(readFileSync(`adapters/slack/${file}`, "utf8")).not.toMatch(/^import (?!type).*@slack/m);
  }
});

test("every text is there in every language, with the same arguments", () => {
  const load = (language: string) =>
    JSON.parse(readFileSync(`words/slack/${language}.json`, "utf8")) as Record<string, string>;
  const shape = (words: Record<string, string>) =>
    Object.entries(words).map(([key, text]) => [key, text.match(/\{\w+\}/g)]);
  for (const language of ["da", "sv", "bg", "fi"]) expect(shape(load(language))).toEqual(shape(load("en")));
});
