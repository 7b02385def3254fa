import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { DeliveryError } from "../../../src/engine/adapter.ts";
import type { Address } from "../../../src/engine/types.ts";
import type { FakeFailure } from "../../support/fake-teams-server.ts";
import { type Bench, say, startBench } from "./harness.ts";

let bench: Bench;

beforeAll(async () => {
  bench = await startBench();
});

afterAll(async () => {
  await bench.close();
});

beforeEach(async () => {
  await bench.fake.say("Mira", "hello");
  bench.fake.calls.splice(0);
});

/** The error of a send that must fail. */
async function failing(send: Promise<unknown>): Promise<DeliveryError> {
  const error = await send.then(
    () => new Error("it was sent"),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof DeliveryError)) throw error;
  return error;
}

const posted = () =>
  bench.fake.calls.map(
    ({ method, path }) => `${method} ${path.replace(/a(:|%3A)[^/]+/, "chat").replace(/\/\d+$/, "/id")}`,
  );

describe("sending", () => {
  test("posts one activity with the card alone and gives its id back", async () => {
    const { messageId } = await bench.deliver(say("Good morning"));
    expect(posted()).toEqual(["POST /v3/conversations/chat/activities"]);
    expect(bench.fake.messages("Mira").at(-1)).toMatchObject({ id: messageId, text: "Good morning" });
    expect(bench.fake.calls[0]?.body).toMatchObject({
      type: "message",
      summary: "Good morning",
      recipient: { id: bench.fake.person("Mira").id },
    });
    expect(bench.fake.calls[0]?.body).not.toHaveProperty("text");
  });

  test("an edit puts the new card in the old one's place, under the same id", async () => {
    const { messageId } = await bench.deliver(say("Question"));
    const edited = await bench.deliver(say("Answered"), { edits: messageId });
    expect(edited.messageId).toBe(messageId);
    expect(posted()).toEqual(["POST /v3/conversations/chat/activities", "PUT /v3/conversations/chat/activities/id"]);
    expect(bench.fake.messages("Mira").at(-1)).toMatchObject({ id: messageId, text: "Answered", updates: 1 });
  });

  test("a text too long for one card arrives in order, and the last part has the buttons", async () => {
    const before = bench.fake.messages("Mira").length;
    const text = Array.from({ length: 60 }, (_, index) => ({
      type: "paragraph" as const,
      children: [{ type: "text" as const, value: `${index} ${"word ".repeat(80)}` }],
    }));
    const { messageId } = await bench.deliver({
      text,
      token: "abcdefghijk",
      actions: [{ option: "n", label: "Next" }],
    });
    const messages = bench.fake.messages("Mira").slice(before);
    expect(messages.length).toBeGreaterThan(1);
    expect(messages.at(-1)).toMatchObject({ id: messageId, buttons: ["Next"] });
    expect(messages.slice(0, -1).flatMap((message) => message.buttons)).toEqual([]);
    expect(messages.flatMap((message) => message.text.split("\n")).map((line) => Number.parseInt(line, 10))).toEqual(
      text.map((_, index) => index),
    );
  });

  test("the token is fetched once for many sends", async () => {
    const before = bench.fake.logins.length;
    await Promise.all(Array.from({ length: 10 }, () => bench.deliver(say("x"))));
    expect(bench.fake.logins.length - before).toBeLessThanOrEqual(1);
  });

  test("nothing was wrong with any card", () => {
    expect(bench.fake.problems).toEqual([]);
  });
});

describe("a failure is a decision, after exactly one request", () => {
  const table: readonly [string, FakeFailure, string, Partial<DeliveryError>?][] = [
    ["429 with a wait", { status: 429, retryAfter: "7" }, "throttled", { retryAfterMs: 7000 }],
    ["429 without", { status: 429 }, "throttled", { retryAfterMs: undefined } as Partial<DeliveryError>],
    ["412", { status: 412, code: "PreconditionFailed" }, "throttled"],
    [
      "403 blocked",
      { status: 403, code: "ConversationBlockedByUser" },
      "gone",
      { code: "403 ConversationBlockedByUser" },
    ],
    [
      "403 with its code hidden in the message",
      { status: 403, body: { errorCode: 209, message: '{"subCode":"MessageWritesBlocked"}' } },
      "gone",
    ],
    ["403 without any code", { status: 403, body: {} }, "gone"],
    ["403 from the wrong cloud", { status: 403, code: "InvalidBotApiHost" }, "misconfigured"],
    ["401", { status: 401, code: "BotNotRegistered" }, "misconfigured", { code: "401 BotNotRegistered" }],
    ["400", { status: 400, code: "BadSyntax" }, "rejected"],
    ["413", { status: 413, code: "MessageSizeTooBig" }, "rejected"],
    ["500", { status: 500 }, "unknown"],
    ["502", { status: 502 }, "unknown"],
    ["503", { status: 503 }, "unknown"],
    ["504", { status: 504 }, "unknown"],
    ["a connection that breaks after the request", { status: "reset" }, "unknown"],
    ["an answer that is a redirect", { status: 307 }, "unknown"],
  ];
  test.each(table)("%s", async (_name, failure, expected, more = {}) => {
    bench.fake.failNext(failure);
    const error = await failing(bench.deliver(say("x")));
    expect(error).toMatchObject({ failure: expected, ...more });
    expect(bench.fake.calls).toHaveLength(1);
  });

  test.each(table)("%s, when a card is replaced", async (_name, failure, expected) => {
    const { messageId } = await bench.deliver(say("x"));
    bench.fake.calls.splice(0);
    bench.fake.failNext(failure);
    expect((await failing(bench.deliver(say("y"), { edits: messageId }))).failure).toBe(expected);
    expect(bench.fake.calls).toHaveLength(1);
  });

  test("a wait given as a date", async () => {
    bench.fake.failNext({ status: 429, retryAfter: new Date(Date.now() + 30_000).toUTCString() });
    const { retryAfterMs } = await failing(bench.deliver(say("x")));
    expect(retryAfterMs).toBeGreaterThan(25_000);
    expect(retryAfterMs).toBeLessThanOrEqual(30_000);
  });

  test("nobody listens at the service address", async () => {
    const other = await startBench({ environment: { TEAMS_SERVICE_HOSTS: "127.0.0.1" } });
    try {
      const serviceUrl = "http://127.0.0.1:1/";
      await other.fake.post(other.fake.activity("Mira", { type: "message", text: "x", serviceUrl }), {
        sign: { serviceUrl },
      });
      expect((await failing(other.deliver(say("x")))).failure).toBe("unreachable");
    } finally {
      await other.close();
    }
  });

  test("after some of several parts are there, a throttle is not taken for nothing sent", async () => {
    const text = Array.from({ length: 60 }, () => say("word ".repeat(80)).text).flat();
    const first = bench.fake.messages("Mira").length;
    bench.fake.failNext({ status: 201, body: { id: "1" } });
    bench.fake.failNext({ status: 429 });
    expect((await failing(bench.deliver({ text }))).failure).toBe("unknown");
    expect(bench.fake.messages("Mira")).toHaveLength(first);
  });

  test("no text of a message stands in the error", async () => {
    bench.fake.failNext({ status: 400, body: { error: { code: "BadSyntax", message: "very private words" } } });
    const error = await failing(bench.deliver(say("very private words")));
    expect(`${error.message} ${error.code}`).not.toContain("private");
  });
});

describe("a chat that is not found", () => {
  test("is opened once, and the message goes there", async () => {
    bench.fake.failNext({ status: 404, code: "ConversationNotFound" });
    await bench.deliver(say("found again"));
    expect(posted()).toEqual([
      "POST /v3/conversations/chat/activities",
      "POST /v3/conversations",
      "POST /v3/conversations/chat/activities",
    ]);
    expect(bench.fake.messages("Mira").at(-1)?.text).toBe("found again");
  });

  test("means gone when it cannot be opened", async () => {
    bench.fake.failNext({ status: 404, code: "ConversationNotFound" });
    bench.fake.failNext({ status: 403, code: "ForbiddenOperationException", path: /conversations$/ });
    expect((await failing(bench.deliver(say("x")))).failure).toBe("gone");
    expect(bench.fake.calls).toHaveLength(2);
  });

  test("means gone when it is not found a second time", async () => {
    bench.fake.failNext({ status: 404, code: "ConversationNotFound" });
    bench.fake.failNext({ status: 404, code: "ConversationNotFound", path: /activities/ });
    expect((await failing(bench.deliver(say("x")))).failure).toBe("gone");
    expect(bench.fake.calls).toHaveLength(3);
  });

  test.each([
    [429, "throttled"],
    [502, "unreachable"],
    [401, "misconfigured"],
  ] as const)("opening answered with %i is %s: no message was sent", async (status, expected) => {
    bench.fake.failNext({ status: 404, code: "ConversationNotFound" });
    bench.fake.failNext({ status, path: /conversations$/ });
    expect((await failing(bench.deliver(say("x")))).failure).toBe(expected);
  });

  test("somebody who was only announced gets a chat, which is remembered", async () => {
    const known = bench.received.at(-1)?.address as Address;
    const { conversation: _, ...ref } = known.ref as Record<string, string>;
    const address = { ...known, user: "announced", ref };
    await bench.deliver(say("first"), { address });
    await bench.deliver(say("second"), { address });
    expect(posted()).toEqual([
      "POST /v3/conversations",
      "POST /v3/conversations/chat/activities",
      "POST /v3/conversations/chat/activities",
    ]);
  });

  test("a message that the person deleted is said anew", async () => {
    const { messageId } = await bench.deliver(say("anew"), { edits: "1699999999999" });
    expect(bench.fake.messages("Mira").at(-1)).toMatchObject({ id: messageId, text: "anew" });
  });

  test("a person who removed the app is gone, and reachable again after installing", async () => {
    await bench.fake.uninstall("Mira");
    expect((await failing(bench.deliver(say("x")))).failure).toBe("gone");
    await bench.fake.install("Mira");
    await bench.deliver(say("back"));
    expect(bench.fake.messages("Mira").at(-1)?.text).toBe("back");
  });
});

describe("what never leaves", () => {
  test("a token to a host that is not allowed, also from an old address", async () => {
    const known = bench.received.at(-1)?.address as Address;
    const logins = bench.fake.logins.length;
    for (const serviceUrl of ["http://127.0.0.1:9/", "https://evil.example/"]) {
      const address = { ...known, ref: { ...(known.ref as object), serviceUrl } };
      const error = await failing(bench.deliver(say("x"), { address }));
      expect(error).toMatchObject({ failure: "misconfigured", code: "ServiceHostNotAllowed" });
    }
    expect(bench.fake.calls).toEqual([]);
    expect(bench.fake.logins).toHaveLength(logins);
  });

  test("anything to where a redirect leads", async () => {
    bench.fake.failNext({ status: 303, location: `${bench.fake.serviceUrl}v3/elsewhere` });
    await failing(bench.deliver(say("x")));
    expect(bench.fake.calls).toHaveLength(1);
  });

  test("a message to an address of another registration or shape", async () => {
    const known = bench.received.at(-1)?.address as Address;
    expect((await failing(bench.deliver(say("x"), { address: { ...known, tenant: "other/t" } }))).failure).toBe(
      "misconfigured",
    );
    expect((await failing(bench.deliver(say("x"), { address: { ...known, ref: null } }))).failure).toBe("rejected");
    expect(bench.fake.calls).toEqual([]);
  });
});
