import { Agent, type Dispatcher, getGlobalDispatcher, setGlobalDispatcher } from "undici";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createFakeSlack, type FakeSlack } from "../../support/fake-slack.ts";
import { createProduct, outgoing } from "./product.ts";

const botToken = "xoxb-one";
const appToken = "xapp-1-A0FADDER-1-abc";
let slack: FakeSlack;
let product: Awaited<ReturnType<typeof createProduct>>;
let stop: AbortController;
let running: Promise<void>;

beforeEach(async () => {
  slack = await createFakeSlack({
    signingSecret: "unused",
    botToken,
    appToken,
    retryDelaysMs: [10, 10],
    deadlineMs: 400,
  });
  product = await createProduct([{ botToken, appToken, apiUrl: slack.url }], { publicUrl: undefined });
  stop = new AbortController();
  const [listener] = product.adapter.listeners;
  running =
    listener?.run(async (one) => {
      const receipt = await product.receive(one);
      product.inbound.push(one);
      return receipt;
    }, stop.signal) ?? Promise.reject(new Error("there is no listener"));
  await slack.until(() => slack.sockets.size === 1);
});

afterEach(async () => {
  stop.abort();
  await running;
  await product.close();
  await slack.close();
});

test("is one listener of the app, and takes events, presses and commands", async () => {
  expect(product.adapter.listeners.map((listener) => listener.name)).toEqual(["socket:slack:A0FADDER"]);
  expect((await slack.say("U1", "hello")).status).toBe(200);
  await product.adapter.deliver?.(
    outgoing({ say: "Go?", actions: [{ option: "a", label: "Go" }], token: "tokentoken1" }),
  );
  expect((await slack.press("U1", slack.messages("U1")[0]?.ts ?? "", "Go")).status).toBe(200);
  expect((await slack.command("U1", "next", "general")).body).toContain("direct messages");
  expect(product.inbound.map((one) => one.input.type)).toEqual(["text", "press", "command"]);
});

test("acknowledges only after the turn is committed", async () => {
  let commit: () => void = () => undefined;
  let seen: () => void = () => undefined;
  const arrived = new Promise<void>((resolve) => {
    seen = resolve;
  });
  product.receive = () => {
    seen();
    return new Promise((resolve) => {
      commit = () => resolve({ outcome: "taken" });
    });
  };
  let answered = false;
  const delivery = slack.say("U1", "hello").then((result) => {
    answered = true;
    return result;
  });
  await arrived;
  // A call through the same loop gives a wrong acknowledgement the time to come.
  await product.adapter.setUp();
  expect(answered).toBe(false);
  commit();
  expect(await delivery).toMatchObject({ status: 200, attempts: 1 });
});

test("does not acknowledge what was not stored, so Slack sends it again", async () => {
  let left = 1;
  product.receive = async () => {
    if (left-- > 0) throw new Error("the database is away");
    return { outcome: "taken" };
  };
  expect(await slack.say("U1", "hello")).toMatchObject({ status: 200, attempts: 2 });
  expect(product.inbound).toHaveLength(1);
});

test("connects again when Slack closes, and ends soon after the signal", async () => {
  const [first] = slack.sockets;
  first?.close();
  await slack.until(() => slack.sockets.size === 1 && !slack.sockets.has(first as never), 10_000);
  expect((await slack.say("U1", "hello")).status).toBe(200);
  stop.abort();
  await running;
  await slack.until(() => slack.sockets.size === 0);
});

test("a token that is refused is tried again without harm", async () => {
  slack.failNext("apps.connections.open", { error: "invalid_auth" });
  slack.failNext("apps.connections.open", "reset");
  const [first] = slack.sockets;
  first?.send(JSON.stringify({ type: "disconnect", reason: "refresh_requested" }));
  await slack.until(() => slack.sockets.size === 1 && !slack.sockets.has(first as never), 15_000);
  expect((await slack.say("U1", "hello")).status).toBe(200);
});

test("behind a proxy the socket goes the way that everything else goes", async () => {
  const before = getGlobalDispatcher();
  const paths: string[] = [];
  const recording = new Agent().compose((dispatch) => (options: Dispatcher.DispatchOptions, handler) => {
    paths.push(options.path);
    return dispatch(options, handler);
  });
  setGlobalDispatcher(recording);
  process.env.HTTPS_PROXY = "http://proxy.invalid:1";
  try {
    const [first] = slack.sockets;
    first?.close();
    await slack.until(() => slack.sockets.size === 1 && !slack.sockets.has(first as never), 10_000);
    expect(paths).toEqual(["/api/apps.connections.open", "/socket"]);
  } finally {
    setGlobalDispatcher(before);
    delete process.env.HTTPS_PROXY;
  }
});

test("ends at once when the signal comes while Slack does not answer, and leaves no socket behind", async () => {
  const asked = () => slack.calls.filter((call) => call.method === "apps.connections.open").length;
  slack.failNext("apps.connections.open", "hang");
  const [first] = slack.sockets;
  first?.close();
  await slack.until(() => asked() === 2);
  const before = Date.now();
  stop.abort();
  await running;
  expect(Date.now() - before).toBeLessThan(5000);
  // Slack's side of the first one may still be closing.
  await slack.until(() => slack.sockets.size === 0);
});
