import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createFakeSlack, type FakeSlack } from "../../support/fake-slack.ts";
import { sign } from "../../support/fake-slack-sender.ts";
import { createProduct, outgoing } from "./product.ts";

const signingSecret = "0123456789abcdef0123456789abcdef";
const botToken = "xoxb-one";
let slack: FakeSlack;
let product: Awaited<ReturnType<typeof createProduct>>;

beforeEach(async () => {
  slack = await createFakeSlack({ signingSecret, botToken });
  product = await createProduct([{ botToken, signingSecret, apiUrl: slack.url }]);
  slack.deliverTo(product.base);
});

afterEach(async () => {
  expect(slack.violations).toEqual([]);
  await product.close();
  await slack.close();
});

const body = JSON.stringify({
  type: "event_callback",
  team_id: "T1",
  event_id: "Ev1",
  event: { type: "message", channel_type: "im", channel: "D1", user: "U1", text: "hi", ts: "1.1" },
});
const json = { "content-type": "application/json" };
const now = () => Math.floor(Date.now() / 1000);

describe("who may speak", () => {
  test("a request without, with a wrong, an old or a future signature is refused", async () => {
    const wrong = sign("ffffffffffffffffffffffffffffffff", body, now());
    for (const headers of [{}, wrong, sign(signingSecret, body, now() - 301), sign(signingSecret, body, now() + 310)]) {
      expect((await slack.raw(body, { ...json, ...headers })).status).toBe(401);
    }
    expect((await slack.raw(`${body} `, { ...json, ...sign(signingSecret, body, now()) })).status).toBe(401);
    expect(product.inbound).toEqual([]);
  });

  test("a good one within five minutes is taken, and a replay carries the same id", async () => {
    const headers = { ...json, ...sign(signingSecret, body, now() - 290) };
    expect((await slack.raw(body, headers)).status).toBe(200);
    expect((await slack.raw(body, headers)).status).toBe(200);
    expect(product.inbound.map((one) => one.id)).toEqual(["Ev1", "Ev1"]);
  });

  test("the address is verified by Slack's challenge", async () => {
    const challenge = JSON.stringify({ type: "url_verification", challenge: "abc" });
    const answer = await slack.raw(challenge, { ...json, ...sign(signingSecret, challenge, now()) });
    expect(answer).toMatchObject({ status: 200, body: JSON.stringify({ challenge: "abc" }) });
  });

  test("an oversized body is 413, a malformed one 400, an unknown kind is acknowledged", async () => {
    const send = (text: string) => slack.raw(text, { ...json, ...sign(signingSecret, text, now()) });
    expect((await send("x".repeat(1_000_001))).status).toBe(413);
    expect((await send("{")).status).toBe(400);
    expect((await send("null")).status).toBe(400);
    expect((await send('{"type":"event_callback"}')).status).toBe(400);
    expect((await send('{"type":"poem"}')).status).toBe(200);
    expect(product.inbound).toEqual([]);
  });

  test("a workspace or an app that is not connected is acknowledged and dropped", async () => {
    const other = body.replace('"T1"', '"T9"');
    expect((await slack.raw(other, { ...json, ...sign(signingSecret, other, now()) })).status).toBe(200);
    expect(product.inbound).toEqual([]);
  });

  test("an app that knows the secret but is not the one that was named is dropped", async () => {
    const named = await createProduct([{ botToken, signingSecret, appId: "A0OTHER", apiUrl: slack.url }]);
    slack.deliverTo(named.base);
    expect((await slack.say("U1", "hello")).status).toBe(200);
    expect((await slack.command("U1", "next")).status).toBe(200);
    expect(named.inbound).toEqual([]);
    await named.close();
  });
});

describe("acknowledging", () => {
  test("waits for the commit: events, presses and commands", async () => {
    await product.adapter
      .deliver?.(outgoing({ say: "Go?", actions: [{ option: "a", label: "Go" }], token: "tokentoken1" }))
      .catch(() => undefined);
    await slack.say("U1", "hello");
    await product.adapter.deliver?.(
      outgoing({ say: "Go?", actions: [{ option: "a", label: "Go" }], token: "tokentoken1" }),
    );
    const ts = slack.messages("U1").at(-1)?.ts ?? "";
    for (const act of [
      () => slack.say("U1", "hi"),
      () => slack.press("U1", ts, "Go"),
      () => slack.command("U1", "next"),
    ]) {
      let commit = () => undefined as undefined;
      let seen = () => undefined as undefined;
      const arrived = new Promise<void>((resolve) => (seen = () => void resolve() as undefined));
      product.receive = () => {
        seen();
        return new Promise((resolve) => (commit = () => void resolve({ outcome: "taken" }) as undefined));
      };
      let answered = false;
      const delivery = act().then((result) => {
        answered = true;
        return result;
      });
      await arrived;
      // Nothing may be on its way while the turn is open: a whole round trip to the same server is given the time.
      await slack.raw("{}", {});
      expect(answered).toBe(false);
      commit();
      expect((await delivery).status).toBe(200);
    }
  });

  test("a turn that was not stored is 503 for events, presses and commands, and an event comes again", async () => {
    await slack.say("U1", "hello");
    await product.adapter.deliver?.(
      outgoing({ say: "Go?", actions: [{ option: "a", label: "Go" }], token: "tokentoken1" }),
    );
    const ts = slack.messages("U1").at(-1)?.ts ?? "";
    product.receive = async () => {
      throw new Error("the database is away");
    };
    expect((await slack.press("U1", ts, "Go")).status).toBe(503);
    expect((await slack.command("U1", "next")).status).toBe(503);
    let left = 2;
    product.receive = async () => {
      if (left-- > 0) throw new Error("the database is away");
      return { outcome: "taken" };
    };
    const before = product.inbound.length;
    expect(await slack.say("U1", "answer")).toMatchObject({ status: 200, attempts: 3 });
    expect(product.inbound.slice(before).map((one) => one.input)).toEqual([{ type: "text", text: "answer" }]);
  });

  test("while nobody can say which workspace the token is for, events are not acknowledged", async () => {
    slack.failNext("auth.test", "reset");
    slack.failNext("auth.test", { status: 503 });
    const refused = JSON.parse(body) as Record<string, unknown>;
    const text = JSON.stringify(refused);
    expect((await slack.raw(text, { ...json, ...sign(signingSecret, text, now()) })).status).toBe(503);
    expect(product.inbound).toEqual([]);
  });
});

describe("what arrives", () => {
  test("a person is looked up once, and a slow or failing look-up holds nothing up", async () => {
    await slack.say("U1", "one");
    await slack.say("U1", "two");
    expect(slack.calls.filter((call) => call.method === "users.info")).toHaveLength(1);
    expect(product.inbound[0]?.person).toEqual({ name: "Person U1", locale: "en-US", timeZone: "Europe/Copenhagen" });
    expect(product.inbound[1]?.person).toEqual({ name: "", locale: "en-US", timeZone: "Europe/Copenhagen" });
    expect(JSON.stringify([...product.keep.rows])).not.toContain("Person U1");
    slack.failNext("users.info", "hang");
    expect((await slack.say("U2", "hi")).status).toBe(200);
    expect(product.inbound.at(-1)?.person).toEqual({ name: "" });
  });

  test("a command in a channel is answered there that the answer is in the direct chat", async () => {
    const there = await slack.command("U1", "lesson 3", "general");
    expect(JSON.parse(there.body)).toEqual({
      response_type: "ephemeral",
      text: "I have answered in our direct messages.",
    });
    expect((await slack.command("U1", "")).body).toBe("");
    expect(product.inbound.map((one) => one.input)).toEqual([
      { type: "command", name: "lesson", args: "3" },
      { type: "command", name: "menu", args: "" },
    ]);
  });

  test("opening the home tab", async () => {
    await slack.openHome("U1");
    expect(product.inbound[0]).toMatchObject({
      input: { type: "open", place: "home" },
      address: { channel: "slack", tenant: "T1", user: "U1" },
    });
  });

  test("no text, name or token in the log", async () => {
    await slack.say("U1", "a very private sentence");
    product.receive = async () => {
      throw new Error("away");
    };
    await slack.command("U1", "another private sentence");
    const log = JSON.stringify(product.lines);
    expect(log).not.toMatch(/private|Person U1|xoxb|0123456789abcdef/);
  });
});

describe("several apps on one route", () => {
  test("each is found by its signature; one with a dead token stops no other", async () => {
    const other = await createFakeSlack({
      signingSecret: "second-secret-second-secret-0000",
      botToken: "xoxb-two",
      team: "T2",
    });
    const both = await createProduct([
      { botToken: "xoxb-dead", signingSecret: "third-secret-third-secret-000000", apiUrl: slack.url },
      { botToken, signingSecret, apiUrl: slack.url },
      { botToken: "xoxb-two", signingSecret: "second-secret-second-secret-0000", apiUrl: other.url },
    ]);
    slack.deliverTo(both.base);
    other.deliverTo(both.base);
    await expect(both.adapter.setUp()).rejects.toThrow("1 of 3 workspaces did not answer (invalid_auth)");
    expect((await slack.say("U1", "from one")).status).toBe(200);
    expect((await other.say("U1", "from two")).status).toBe(200);
    expect(both.inbound.map((one) => one.address.tenant)).toEqual(["T1", "T2"]);
    await both.adapter.deliver?.(outgoing({ say: "to two" }, { team: "T2" }));
    expect(other.messages("U1").map((message) => message.visible)).toEqual(["to two"]);
    expect(slack.messages("U1")).toEqual([]);
    const health = await both.adapter.health();
    expect(health.connections.map((entry) => [entry.name, entry.ok])).toEqual([
      ["slack 1", false],
      ["slack T1", true],
      ["slack T2", true],
    ]);
    expect(health.connections[0]?.repair).toContain("bot token");
    await both.close();
    await other.close();
  });

  test("one app in two workspaces by two tokens", async () => {
    const second = slack.addWorkspace({ team: "T2", botToken: "xoxb-two" });
    const both = await createProduct([
      { botToken, signingSecret, apiUrl: slack.url },
      { botToken: "xoxb-two", signingSecret, apiUrl: slack.url },
    ]);
    slack.deliverTo(both.base);
    await slack.say("U1", "one");
    await second.say("U1", "two");
    expect(both.inbound.map((one) => one.address.tenant)).toEqual(["T1", "T2"]);
    await both.close();
  });
});
