import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Bench, say, startBench } from "./harness.ts";

let bench: Bench;

beforeAll(async () => {
  bench = await startBench();
});

afterAll(async () => {
  await bench.close();
});

beforeEach(() => {
  bench.received.length = 0;
  bench.receive = async () => ({ outcome: "taken" });
});

const token = "Ab3_-6789xy";
const question = say("Which?", { token, choices: [{ option: "b", mark: "A", label: "This one" }] });

/** Sends a question to Mira and gives the id of its message. */
async function ask(): Promise<string> {
  await bench.fake.say("Mira", "hello");
  return (await bench.deliver(question)).messageId;
}

describe("what a person does becomes a turn", () => {
  test("a message with its address, name, locale and time zone", async () => {
    expect((await bench.fake.say("Mira", "  good morning ")).status).toBe(200);
    const person = bench.fake.person("Mira");
    expect(bench.received).toMatchObject([
      {
        address: {
          channel: "teams",
          tenant: `${bench.fake.appId}/${bench.fake.tenant}`,
          user: person.aadObjectId,
          ref: { serviceUrl: bench.fake.serviceUrl, conversation: person.conversation, user: person.id },
        },
        person: { name: "Mira", locale: "en-GB", timeZone: "Europe/Copenhagen" },
        input: { type: "text", text: "good morning" },
        receivedAt: 1_750_000_000_000,
      },
    ]);
  });

  test("a button, from clients with and without universal actions", async () => {
    const id = await ask();
    bench.received.length = 0;
    expect((await bench.fake.press("Mira", id, "A")).status).toBe(200);
    expect((await bench.fake.pressOldClient("Mira", id, 0)).status).toBe(200);
    expect(bench.received.map((inbound) => inbound.input)).toEqual([
      { type: "press", token, option: "b" },
      { type: "press", token, option: "b" },
    ]);
  });

  test("installing makes reachable and removing makes gone, without a word from the person", async () => {
    await bench.fake.install("Jon");
    await bench.fake.uninstall("Jon");
    expect(bench.received.map((inbound) => inbound.input)).toEqual([
      { type: "presence", state: "reachable" },
      { type: "presence", state: "gone", reason: "uninstalled" },
    ]);
  });
});

describe("the answer leaves after the turn is committed", () => {
  test("a press waits for the commit and then shows the notice", async () => {
    const id = await ask();
    let commit: (() => void) | undefined;
    const started = new Promise<void>((begun) => {
      bench.receive = () => {
        begun();
        return new Promise((resolve) => {
          commit = () => resolve({ outcome: "taken", notice: "You answered this: A" });
        });
      };
    });
    let answered = false;
    const answer = bench.fake.press("Mira", id, "A").then((value) => {
      answered = true;
      return value;
    });
    await started;
    await new Promise((resolve) => setImmediate(resolve));
    expect(answered).toBe(false);
    commit?.();
    expect(await answer).toEqual({
      status: 200,
      notice: "You answered this: A",
      body: { statusCode: 200, type: "application/vnd.microsoft.activity.message", value: "You answered this: A" },
    });
  });

  test("a press without notice has an answer that Teams takes", async () => {
    const id = await ask();
    const { status, body } = await bench.fake.press("Mira", id, "A");
    expect({ status, body }).toEqual({
      status: 200,
      body: { statusCode: 200, type: "application/vnd.microsoft.activity.message", value: "" },
    });
  });

  test("what was not stored is answered with 503, without the reason", async () => {
    const id = await ask();
    bench.receive = async () => {
      throw new Error("password=hunter2");
    };
    for (const answer of [await bench.fake.say("Mira", "hello"), await bench.fake.press("Mira", id, "A")]) {
      expect(answer.status).toBe(503);
      expect(JSON.stringify(answer.body ?? "")).not.toContain("hunter2");
    }
    expect(bench.logged.join("\n")).not.toContain("hunter2");
  });

  test("a second delivery carries the same id, and a duplicate is acknowledged", async () => {
    const activity = bench.fake.activity("Mira", { type: "message", text: "once" });
    await bench.fake.post(activity);
    bench.receive = async () => ({ outcome: "duplicate" });
    expect((await bench.fake.post(activity)).status).toBe(200);
    const [first, second] = bench.received;
    expect(first?.id).toBeTypeOf("string");
    expect(second?.id).toBe(first?.id);
  });

  test("the same activity id in another chat is another delivery", async () => {
    await bench.fake.post(bench.fake.activity("Mira", { type: "message", text: "x", id: "1" }));
    await bench.fake.post(bench.fake.activity("Jon", { type: "message", text: "x", id: "1" }));
    expect(bench.received[0]?.id).not.toBe(bench.received[1]?.id);
  });
});

describe("what is no turn", () => {
  const event = (more: Record<string, unknown>) => bench.fake.activity("Mira", more);

  test.each([
    ["a reaction", { type: "messageReaction", reactionsAdded: [{ type: "like" }] }],
    ["typing", { type: "typing" }],
    ["a kind that nobody knows", { type: "somethingNew", value: { deep: [1, 2] } }],
    ["an event without a sender", { type: "event", from: undefined }],
    ["an event without a chat", { type: "conversationUpdate", conversation: undefined, channelData: undefined }],
    ["a member who is not the bot", { type: "conversationUpdate", membersAdded: [{ id: "29:somebody" }] }],
    ["an empty message", { type: "message", text: "   " }],
    ["a message with a value of somebody else's", { type: "message", value: { action: "vote" } }],
    [
      "a message in a group",
      {
        type: "message",
        text: "hi",
        conversation: { id: "19:x@thread", conversationType: "groupChat", isGroup: true },
      },
    ],
    [
      "a message in a channel",
      { type: "message", text: "hi", conversation: { id: "19:x@thread", conversationType: "channel", isGroup: true } },
    ],
  ])("%s is acknowledged and dropped", async (name, more) => {
    const answer = await bench.fake.post(event(more));
    // Without a chat there is no tenant, and so no permission either.
    expect(answer.status).toBe(name === "an event without a chat" ? 403 : 200);
    expect(bench.received).toHaveLength(0);
  });

  test("an invoke that the bot does not know is answered as not implemented", async () => {
    expect((await bench.fake.post(event({ type: "invoke", name: "composeExtension/query" }))).status).toBe(501);
    const grouped = { id: "19:x", conversationType: "groupChat", isGroup: true, tenantId: bench.fake.tenant };
    expect(
      (await bench.fake.post(event({ type: "invoke", name: "adaptiveCard/action", conversation: grouped }))).status,
    ).toBe(501);
  });

  test.each([
    ["no data", {}],
    ["data of another card", { action: { type: "Action.Execute", verb: "press", data: { vote: 1 } } }],
    ["a token that is too long", { action: { data: { t: "x".repeat(400) } } }],
    ["a token with other characters", { action: { data: { t: "Ab3_-6789 ya" } } }],
    ["an option that is no letter", { action: { data: { t: "Ab3_-6789xy1" } } }],
  ])("a button with %s is refused in words", async (_name, value) => {
    const answer = await bench.fake.post(
      event({ type: "invoke", name: "adaptiveCard/action", value, locale: "da-DK" }),
    );
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({
      statusCode: 400,
      type: "application/vnd.microsoft.error",
      value: { message: "da:teams.button.unusable" },
    });
    expect(bench.received).toHaveLength(0);
  });
});

describe("bodies that are broken", () => {
  test.each([
    ["JSON without type", () => ({ ...bench.fake.activity("Mira", { text: "x" }), type: undefined })],
    ["JSON with an empty type", () => ({ ...bench.fake.activity("Mira", { text: "x" }), type: "" })],
    [
      "a message without a sender's id",
      () => ({ ...bench.fake.activity("Mira", { type: "message" }), from: { aadObjectId: "x" } }),
    ],
    [
      "a message without an id",
      () => ({ ...bench.fake.activity("Mira", { type: "message", text: "x" }), id: undefined }),
    ],
    ["a list", () => []],
    ["a text", () => '"hello"'],
    ["null", () => "null"],
    ["half of JSON", () => '{"type":"mess'],
  ])("%s is answered with 400", async (_name, body) => {
    expect((await bench.fake.post(body())).status).toBe(400);
    expect(bench.received).toHaveLength(0);
  });

  test("an oversized body is answered with 413, and not read from strangers", async () => {
    const huge = bench.fake.activity("Mira", { type: "message", text: "x".repeat(400_000) });
    expect((await bench.fake.post(huge)).status).toBe(413);
    expect((await bench.fake.post(huge, { token: null })).status).toBe(401);
  });

  test("a text of 10,000 characters is cut to 4,000 and stays well formed", async () => {
    await bench.fake.say("Mira", `a\u0000${"😀".repeat(5000)}`);
    const input = bench.received[0]?.input;
    if (input?.type !== "text") throw new Error("no text");
    expect(input.text).toHaveLength(4000);
    expect(input.text).not.toMatch(/\p{Surrogate}/u);
    expect(input.text).not.toContain("\u0000");
  });
});

test("the app package can be fetched", async () => {
  const withAddress = await startBench({ publicUrl: "https://fadder.example.org" });
  try {
    const response = await fetch(`${withAddress.url}/teams/manifest`);
    expect(response.status).toBe(200);
    expect(new Uint8Array(await response.arrayBuffer()).slice(0, 2)).toEqual(new Uint8Array([0x50, 0x4b]));
    expect((await fetch(`${withAddress.url}/teams/manifest?app=unknown`)).status).toBe(404);
    expect((await fetch(`${bench.url}/teams/manifest`)).status).toBe(404);
  } finally {
    await withAddress.close();
  }
});
