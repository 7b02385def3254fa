import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { GroupMessage, InGroup } from "../../../src/engine/groups.ts";
import { plainText } from "../../../src/engine/markup.ts";
import { createFakeSlack, type FakeSlack } from "../../support/fake-slack.ts";
import { sign } from "../../support/fake-slack-sender.ts";
import { createProduct } from "./product.ts";

const signingSecret = "0123456789abcdef0123456789abcdef";
const botToken = "xoxb-one";
let slack: FakeSlack;
let product: Awaited<ReturnType<typeof createProduct>>;
let heard: GroupMessage[];
let inGroup: InGroup;

beforeEach(async () => {
  slack = await createFakeSlack({ signingSecret, botToken });
  slack.state.chats.set("everybody", "C1");
  heard = [];
  inGroup = async () => undefined;
  product = await createProduct([{ botToken, signingSecret, apiUrl: slack.url }], {
    inGroup: async (message) => {
      heard.push(message);
      return inGroup(message);
    },
  });
});
afterEach(async () => {
  await product.close();
  await slack.close();
});

async function mention(text: string): Promise<number> {
  const event = { type: "app_mention", channel: "C1", user: "U1", text, ts: "1.1" };
  const body = JSON.stringify({ type: "event_callback", team_id: "T1", event_id: "Ev1", event });
  slack.deliverTo(product.base);
  const headers = { "content-type": "application/json", ...sign(signingSecret, body, Math.floor(Date.now() / 1000)) };
  return (await slack.raw(body, headers)).status;
}

test("a mention in a channel is heard with the channel's address, and is no turn", async () => {
  expect(await mention("<@UBOT> link group K7MPQ2")).toBe(200);
  expect(heard).toMatchObject([
    {
      group: { channel: "slack", tenant: "T1", user: "C1", ref: { channel: "C1" } },
      user: "U1",
      text: "link group K7MPQ2",
    },
  ]);
  expect(product.inbound).toEqual([]);
});

test("what the product says there is posted into the channel", async () => {
  inGroup = async () => ({ text: plainText("Please write to me directly.") });
  expect(await mention("<@UBOT> menu")).toBe(200);
  const posts = () => slack.calls.filter((call) => call.method === "chat.postMessage");
  await vi.waitFor(() => expect(posts()).toHaveLength(1), 5_000);
  expect(posts()[0]?.args).toMatchObject({ channel: "C1", text: "Please write to me directly." });
  expect(slack.calls.filter((call) => call.method === "conversations.open")).toEqual([]);
});

test("a store that is away makes Slack deliver it again", async () => {
  inGroup = () => Promise.reject(new Error("no database"));
  expect(await mention("<@UBOT> menu")).toBe(503);
});
