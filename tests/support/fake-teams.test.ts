import { afterEach, describe, expect, test } from "vitest";
import { type Bench, say, startBench } from "../adapters/teams/harness.ts";

let bench: Bench | undefined;

afterEach(async () => {
  await bench?.close();
  bench = undefined;
});

describe("the fake Teams", () => {
  test("waits for what a person is to see, and says what it shows where that never comes", async () => {
    bench = await startBench();
    const { fake } = bench;
    await fake.say("Mira", "hello");
    const waiting = fake.until("Mira", (messages) => messages.length === 1);
    await bench.deliver(say("good morning"));
    expect((await waiting)[0]?.text).toBe("good morning");
    await expect(fake.until("Mira", (messages) => messages.length === 2, 20)).rejects.toThrow("good morning");
  });

  test("refuses faster sends than Teams would, with the wait", async () => {
    bench = await startBench({ fake: { rateLimits: true } });
    await bench.fake.say("Mira", "hello");
    const sends = await Promise.allSettled(Array.from({ length: 9 }, (_, index) => bench?.deliver(say(`${index}`))));
    const refused = sends.filter((one) => one.status === "rejected");
    expect(refused).toHaveLength(2);
    expect(refused[0]).toMatchObject({ reason: { failure: "throttled", retryAfterMs: 1000 } });
    expect(bench.fake.messages("Mira")).toHaveLength(7);
  });

  test("refuses a request without a token of its own login service", async () => {
    bench = await startBench();
    const { fake } = bench;
    const url = `${fake.serviceUrl}v3/conversations/${encodeURIComponent(fake.person("Mira").conversation)}/activities`;
    const headers = { authorization: "Bearer made-up", "content-type": "application/json" };
    expect((await fetch(url, { method: "POST", headers, body: "{}" })).status).toBe(401);
  });

  test("refuses a card that a judge finds fault with, and remembers it", async () => {
    bench = await startBench();
    const { fake } = bench;
    await fake.say("Mira", "hello");
    await bench.deliver(say("x"));
    const headers = { authorization: `Bearer ${fake.calls.at(-1)?.bearer}`, "content-type": "application/json" };
    const url = `${fake.serviceUrl}v3/conversations/${encodeURIComponent(fake.person("Mira").conversation)}/activities`;
    const content = { type: "AdaptiveCard", version: "1.5", body: [{ type: "Nope" }] };
    const attachments = [{ contentType: "application/vnd.microsoft.card.adaptive", content }];
    const body = JSON.stringify({ type: "message", summary: "x", attachments });
    expect((await fetch(url, { method: "POST", headers, body })).status).toBe(400);
    expect(fake.problems.join()).toContain("Nope");
  });
});
