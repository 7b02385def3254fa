import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { DeliveryError } from "../../../src/engine/adapter.ts";
import { plainText } from "../../../src/engine/markup.ts";
import type { Outgoing } from "../../../src/engine/types.ts";
import { createFakeSlack, type FakeSlack, type Fault } from "../../support/fake-slack.ts";
import { userOf } from "../../support/fake-slack-state.ts";
import { createProduct, outgoing } from "./product.ts";

const botToken = "xoxb-one";
const signingSecret = "0123456789abcdef0123456789abcdef";
let slack: FakeSlack;
let product: Awaited<ReturnType<typeof createProduct>>;

async function start(pictures?: "linked" | "uploaded") {
  product = await createProduct([{ botToken, signingSecret, apiUrl: slack.url }], pictures ? { pictures } : {});
}

async function deliver(one: Outgoing): Promise<string> {
  const result = await product.adapter.deliver?.(one);
  return result?.messageId ?? "";
}

async function fail(one: Outgoing): Promise<DeliveryError> {
  const error = await deliver(one).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof DeliveryError)) throw new Error(`expected a DeliveryError, got ${String(error)}`);
  return error;
}

const posts = () => slack.calls.filter((call) => call.method === "chat.postMessage");

beforeEach(async () => {
  slack = await createFakeSlack({ signingSecret, botToken });
  userOf(slack.state, "U1");
  await start();
});

afterEach(async () => {
  await product.close();
  await slack.close();
});

describe("sending", () => {
  test("opens a direct chat once and knows it afterwards, also after a restart", async () => {
    await deliver(outgoing({ say: "one" }));
    await deliver(outgoing({ say: "two" }));
    const { rows } = product.keep;
    await product.close();
    await start();
    for (const [key, value] of rows) await product.keep.set(key, value);
    await deliver(outgoing({ say: "three" }));
    expect(slack.messages("U1").map((message) => message.visible)).toEqual(["one", "two", "three"]);
    expect(slack.calls.filter((call) => call.method === "conversations.open")).toHaveLength(1);
    expect(slack.calls.filter((call) => call.method === "auth.test")).toHaveLength(1);
    expect(posts()[0]?.args).toMatchObject({ unfurl_links: "false", unfurl_media: "false" });
    expect(slack.violations).toEqual([]);
  });

  test("a chat that Slack does not know any more is opened again", async () => {
    const stale = outgoing(
      { say: "hello" },
      { address: { channel: "slack", tenant: "T1", user: "U1", ref: { user: "U1", channel: "DOLD" } } },
    );
    await deliver(stale);
    await deliver({ ...stale, id: "next" });
    expect(slack.messages("U1")).toHaveLength(2);
    expect(posts().map((call) => call.args.channel)).toEqual([
      "DOLD",
      slack.state.chats.get("U1"),
      slack.state.chats.get("U1"),
    ]);
  });

  test("an edit replaces the message with new block ids, also one of several parts", async () => {
    const long = "word ".repeat(4000);
    const first = await deliver(outgoing({ say: long, actions: [{ option: "a", label: "Go" }], token: "tokentoken1" }));
    expect(slack.messages("U1").length).toBeGreaterThan(1);
    expect(slack.messages("U1").map((message) => message.buttons.length > 0)).toEqual(
      slack.messages("U1").map((_, index, all) => index === all.length - 1),
    );
    const edited = await deliver(outgoing({ say: "short now" }, { edits: first }));
    expect(slack.messages("U1").map((message) => [message.visible, message.edits, message.buttons])).toEqual([
      ["short now", 1, []],
    ]);
    await deliver(outgoing({ say: "and again" }, { edits: edited }));
    expect(slack.messages("U1").map((message) => message.visible)).toEqual(["and again"]);
    expect(slack.violations).toEqual([]);
  });

  test("an edit of a message that was deleted is sent anew", async () => {
    const id = await deliver(outgoing({ say: "question" }));
    slack.state.messages.splice(0);
    await deliver(outgoing({ say: "feedback" }, { edits: id }));
    expect(slack.messages("U1").map((message) => message.visible)).toEqual(["feedback"]);
  });

  test("a long text that was throttled in its middle goes on where it stopped", async () => {
    const long = outgoing({ say: "word ".repeat(4000) });
    const failing = fail(long);
    await slack.until(() => posts().length === 1);
    slack.failNext("chat.postMessage", { status: 429, retryAfter: 7 });
    expect(await failing).toMatchObject({ failure: "throttled", retryAfterMs: 7000 });
    const sent = slack.messages("U1").length;
    expect(sent).toBeGreaterThan(0);
    await deliver(long);
    const whole = slack
      .messages("U1")
      .map((message) => message.visible)
      .join("");
    expect(whole.replaceAll(/\s/g, "")).toBe("word".repeat(4000));
  });

  test("the home page is published, and replaced as often as wanted", async () => {
    const reply = {
      say: "Lesson 3 of 6",
      actions: [{ option: "a", label: "Next", primary: true }],
      token: "tokentoken1",
    };
    await deliver(outgoing(reply, { home: true }));
    await deliver(outgoing({ ...reply, say: "Lesson 4 of 6" }, { home: true }));
    expect(JSON.stringify(slack.home("U1"))).toContain("Lesson 4 of 6");
    expect(slack.messages("U1")).toEqual([]);
    await slack.pressHome("U1", "Next").catch(() => undefined);
    expect(slack.violations).toEqual([]);
  });
});

describe("pictures", () => {
  const image = { kind: "progress", data: { done: 3 }, alt: "Half of the unit is done" };

  test("without a public address they are uploaded once, and awaited until Slack has them", async () => {
    await start("uploaded");
    await deliver(outgoing({ say: "Look", image }));
    await deliver(outgoing({ say: "Again", image }));
    expect(slack.messages("U1").map((message) => message.visible)).toEqual([
      "[picture: Half of the unit is done]\nLook",
      "[picture: Half of the unit is done]\nAgain",
    ]);
    expect(slack.calls.filter((call) => call.method === "files.getUploadURLExternal")).toHaveLength(1);
    expect(slack.calls.filter((call) => call.method === "files.info").length).toBeGreaterThan(1);
  });

  test("one that Slack cannot load is left out, with its description instead", async () => {
    await start("linked"); // the route of the picture is not there
    await deliver(outgoing({ say: "Look", image }));
    expect(slack.messages("U1").map((message) => message.visible)).toEqual(["Look\n\nHalf of the unit is done"]);
    expect(posts()).toHaveLength(2);
  });

  test("an upload that fails costs the picture only; one that is throttled is tried later", async () => {
    await start("uploaded");
    slack.failNext("files.getUploadURLExternal", { error: "missing_scope" });
    await deliver(outgoing({ say: "Look", image }));
    expect(slack.messages("U1").map((message) => message.visible)).toEqual(["Look\n\nHalf of the unit is done"]);
    slack.failNext("files.getUploadURLExternal", { status: 429, retryAfter: 3 });
    expect(await fail(outgoing({ say: "Look", image }))).toMatchObject({ failure: "throttled", retryAfterMs: 3000 });
    expect(posts()).toHaveLength(1);
  });
});

describe("failures", () => {
  const table: [Fault, string][] = [
    [{ error: "user_disabled" }, "gone"],
    [{ error: "is_archived" }, "gone"],
    [{ error: "account_inactive" }, "misconfigured"],
    [{ error: "token_revoked" }, "misconfigured"],
    [{ error: "invalid_auth" }, "misconfigured"],
    [{ error: "token_expired" }, "misconfigured"],
    [{ error: "org_login_required" }, "misconfigured"],
    [{ error: "restricted_action_read_only_channel" }, "misconfigured"],
    [{ error: "ekm_access_denied" }, "misconfigured"],
    [{ error: "messages_tab_disabled" }, "misconfigured"],
    [{ error: "missing_scope" }, "misconfigured"],
    [{ error: "fatal_error" }, "unknown"],
    [{ error: "internal_error" }, "unknown"],
    [{ error: "ratelimited" }, "throttled"],
    [{ error: "invalid_arguments" }, "rejected"],
    [{ error: "a sentence that is no code" }, "unknown"],
    [{ status: 500 }, "unknown"],
    [{ status: 503 }, "unknown"],
    [{ status: 404 }, "misconfigured"],
    [{ status: 429, retryAfter: 30 }, "throttled"],
    [{ status: 429 }, "throttled"],
    ["reset", "unknown"],
    ["lost", "unknown"],
  ];
  test.each(table)("%j is %s, and nothing is sent twice", async (fault, failure) => {
    await deliver(outgoing({ say: "before" }));
    slack.failNext("chat.postMessage", fault);
    const error = await fail(outgoing({ say: "once" }));
    expect(error.failure).toBe(failure);
    expect(posts()).toHaveLength(2);
    expect(error.code).toMatch(/^[a-z0-9_]+$/);
    expect(error.message).not.toContain("once");
  });

  test("Retry-After is kept", async () => {
    slack.failNext("chat.postMessage", { status: 429, retryAfter: 30 });
    expect((await fail(outgoing({ say: "x" }))).retryAfterMs).toBe(30_000);
  });

  test("a person who left, a person who never was", async () => {
    userOf(slack.state, "U2").deleted = true;
    expect(await fail(outgoing({}, { user: "U2" }))).toMatchObject({ failure: "gone", code: "user_disabled" });
    expect(await fail(outgoing({}, { user: "U3" }))).toMatchObject({ failure: "gone", code: "user_not_found" });
  });

  test("opening a chat changes nothing, so its unknown end is no unknown message", async () => {
    slack.failNext("conversations.open", "lost");
    expect((await fail(outgoing({}))).failure).toBe("unreachable");
    expect(posts()).toEqual([]);
  });

  test("a server that is not there", async () => {
    const gone = createServer();
    await new Promise<void>((resolve) => gone.listen(0, "127.0.0.1", resolve));
    const { port } = gone.address() as AddressInfo;
    await new Promise((resolve) => gone.close(resolve));
    await deliver(outgoing({ say: "before" }));
    const { rows } = product.keep;
    await product.close();
    product = await createProduct([{ botToken, signingSecret, apiUrl: `http://127.0.0.1:${port}/api/` }]);
    for (const [key, value] of rows) await product.keep.set(key, value);
    expect(await fail(outgoing({}))).toMatchObject({ failure: "unreachable", code: "econnrefused" });
  });

  test("a text that is too long for Slack after all is sent in smaller parts", async () => {
    slack.failNext("chat.postMessage", { error: "msg_blocks_too_long" });
    await deliver(
      outgoing({
        text: [...plainText("a".repeat(2600)), ...plainText("b".repeat(2600)), ...plainText("c".repeat(2000))],
      }),
    );
    expect(slack.messages("U1").length).toBeGreaterThan(1);
    expect(
      slack
        .messages("U1")
        .map((message) => message.visible)
        .join("")
        .replaceAll(/\s/g, ""),
    ).toBe(`${"a".repeat(2600)}${"b".repeat(2600)}${"c".repeat(2000)}`);
  });

  test("a workspace that is not connected, and one that takes the token no more, show in the health page", async () => {
    expect(await fail(outgoing({}, { team: "T9" }))).toMatchObject({
      failure: "misconfigured",
      code: "workspace_not_connected",
    });
    await deliver(outgoing({}));
    slack.state.revoked = true;
    expect(await fail(outgoing({}))).toMatchObject({ failure: "misconfigured", code: "token_revoked" });
    expect((await product.adapter.health()).ok).toBe(false);
    slack.state.revoked = false;
    await deliver(outgoing({}));
    expect((await product.adapter.health()).ok).toBe(true);
  });
});
