import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import type { GroupMessage, InGroup } from "../../../src/engine/groups.ts";
import { type Bench, say, startBench } from "./harness.ts";

let bench: Bench;
let heard: GroupMessage[];
let inGroup: InGroup;

beforeAll(async () => {
  bench = await startBench({
    inGroup: async (message) => {
      heard.push(message);
      return inGroup(message);
    },
  });
});
afterAll(() => bench.close());
beforeEach(() => {
  heard = [];
  inGroup = async () => undefined;
  bench.received.length = 0;
  bench.fake.calls.splice(0);
});

const channel = "19:abc@thread.tacv2";
const conversation = (id: string, conversationType: string) => ({
  conversation: { id, conversationType, isGroup: true, tenantId: bench.fake.tenant },
});
const mention = (text: string) => ({
  type: "message",
  text: `<at>Fadder</at> ${text}`,
  entities: [{ type: "mention", mentioned: { id: `28:${bench.fake.appId}`, name: "Fadder" }, text: "<at>Fadder</at>" }],
});
const inChannel = (more: object) =>
  bench.fake.post(bench.fake.activity("Mira", { ...conversation(`${channel};messageid=17`, "channel"), ...more }));

test("what names the bot in a channel or group chat is heard with the chat's address, and is no turn", async () => {
  expect((await inChannel(mention("link group K7MPQ2"))).status).toBe(200);
  const chat = { ...conversation("19:meeting@thread.v2", "groupChat"), ...mention("progress") };
  expect((await bench.fake.post(bench.fake.activity("Mira", chat))).status).toBe(200);
  expect(heard).toMatchObject([
    {
      group: { channel: "teams", user: channel, ref: { conversation: channel, group: true, user: "" } },
      user: bench.fake.person("Mira").aadObjectId,
      text: "link group K7MPQ2",
      direct: `https://teams.microsoft.com/l/chat/0/0?users=28:${bench.fake.appId}`,
    },
    { group: { user: "19:meeting@thread.v2" }, text: "progress" },
  ]);
  expect(bench.received).toEqual([]);
});

test("the bot's removal from a channel is heard, other events are not", async () => {
  await inChannel({ type: "conversationUpdate", membersAdded: [{ id: "29:new" }] });
  await inChannel({ type: "installationUpdate", action: "add" });
  await inChannel({ type: "installationUpdate", action: "remove" });
  expect(heard.map(({ text }) => text)).toEqual([undefined]);
  expect(bench.received).toEqual([]);
});

test("what the product says there goes to the channel and to nobody's own chat", async () => {
  inGroup = async () => say("Please write to me directly.");
  await inChannel(mention("menu"));
  await vi.waitFor(() => expect(bench.fake.calls).toHaveLength(1), 5_000);
  const [call] = bench.fake.calls;
  expect(decodeURIComponent(call?.path ?? "")).toBe(`/v3/conversations/${channel}/activities`);
  expect(call?.body).toMatchObject({ conversation: { id: channel, isGroup: true, conversationType: "channel" } });
  expect(call?.body).not.toHaveProperty("recipient");
});

test("a channel that is not found is gone, and no chat is opened in its place", async () => {
  await inChannel(mention("menu"));
  const address = heard[0]?.group;
  bench.fake.failNext({ status: 404, code: "ConversationNotFound" });
  await expect(bench.deliver(say("Hello"), { address, kind: "broadcast" })).rejects.toMatchObject({ failure: "gone" });
  expect(bench.fake.calls.map(({ method }) => method)).toEqual(["POST"]);
});

test("a store that is away makes Teams deliver it again", async () => {
  inGroup = () => Promise.reject(new Error("no database"));
  expect((await inChannel(mention("menu"))).status).toBe(503);
});
