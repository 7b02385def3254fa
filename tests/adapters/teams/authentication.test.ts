import { createHmac } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { TokenChanges } from "../../support/fake-teams-keys.ts";
import { type Bench, startBench } from "./harness.ts";

let bench: Bench;

beforeAll(async () => {
  bench = await startBench();
});

afterAll(async () => {
  await bench.close();
});

beforeEach(() => {
  bench.received.length = 0;
});

const message = () => bench.fake.activity("Mira", { type: "message", text: "hello" });

describe("a token that is right", () => {
  const right: readonly [string, TokenChanges][] = [
    ["is taken", {}],
    ["is taken four minutes after it expired, for clocks that differ", { expiresIn: -240 }],
  ];
  test.each(right)("%s", async (_name, sign) => {
    expect((await bench.fake.post(message(), { sign })).status).toBe(200);
    expect(bench.received).toHaveLength(1);
  });
});

describe("a token that is wrong is answered with 401 and reaches no turn", () => {
  const wrong: readonly [string, TokenChanges][] = [
    ["signed by somebody else under a known key's name", { signedBy: "stranger" }],
    ["signed with a key that is not published", { signedBy: "stranger", keyId: "unknown" }],
    ["signed with a key that is not endorsed for Teams", { signedBy: "other-channel" }],
    ["expired an hour ago", { expiresIn: -3600 }],
    ["not valid yet", { notBefore: 1800 }],
    ["for another bot", { audience: "11111111-1111-1111-1111-111111111111" }],
    ["from another issuer", { issuer: "https://sts.windows.net/d6d49420-f39b-4df7-a1dc-d59a935871db/" }],
    ["for another service address", { serviceUrl: "https://smba.trafficmanager.net/emea/" }],
    ["without a service address", { serviceUrl: null }],
  ];
  test.each(wrong)("%s", async (_name, sign) => {
    expect((await bench.fake.post(message(), { sign })).status).toBe(401);
    expect(bench.received).toHaveLength(0);
  });

  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const claims = () => ({
    iss: "https://api.botframework.com",
    aud: bench.fake.appId,
    serviceurl: bench.fake.serviceUrl,
    exp: Math.floor(Date.now() / 1000) + 600,
  });
  const hmac = () => {
    const text = `${encode({ alg: "HS256", kid: "teams-key" })}.${encode(claims())}`;
    return `Bearer ${text}.${createHmac("sha256", bench.fake.publicPem).update(text).digest("base64url")}`;
  };
  const shapes: readonly [string, () => Promise<string | null> | string | null][] = [
    ["no header", () => null],
    ["an empty header", () => ""],
    ["a header that is not Bearer", async () => `Basic ${await bench.fake.token()}`],
    ["Bearer and nothing", () => "Bearer "],
    ["garbage", () => "Bearer not-a-token"],
    ["three pieces of garbage", () => "Bearer a.b.c"],
    ["a token that says alg none", () => `Bearer ${encode({ alg: "none", kid: "teams-key" })}.${encode(claims())}.`],
    ["a token signed with the public key as a secret", hmac],
    [
      "a token with a changed claim",
      async () => {
        const [head, , signature] = (await bench.fake.token()).split(".");
        return `Bearer ${head}.${encode(claims())}.${signature}`;
      },
    ],
  ];
  test.each(shapes)("%s", async (_name, header) => {
    expect((await bench.fake.post(message(), { token: await header() })).status).toBe(401);
    expect(bench.received).toHaveLength(0);
  });

  test("a token for another channel's activity", async () => {
    for (const channelId of ["slack", "AseChannel", "emulator", "", undefined]) {
      expect((await bench.fake.post({ ...message(), channelId })).status).toBe(401);
    }
    expect(bench.received).toHaveLength(0);
  });

  test("an activity without a service address, which botbuilder alone would accept", async () => {
    expect((await bench.fake.post({ ...message(), serviceUrl: undefined })).status).toBe(401);
    expect((await bench.fake.post({ ...message(), serviceUrl: "" })).status).toBe(401);
    expect(bench.received).toHaveLength(0);
  });
});

describe("what is signed well and yet not for us", () => {
  test("a tenant that is not allowed is refused", async () => {
    const other = "22222222-2222-2222-2222-222222222222";
    const foreign = { ...message(), conversation: { id: "a:1", conversationType: "personal", tenantId: other } };
    expect((await bench.fake.post(foreign)).status).toBe(403);
    const unsaid = { ...message(), conversation: { id: "a:1", conversationType: "personal" }, channelData: {} };
    expect((await bench.fake.post(unsaid)).status).toBe(403);
    expect(bench.received).toHaveLength(0);
  });

  test("a tenant named only in the channel data counts", async () => {
    const activity = { ...message(), conversation: { id: "a:1", conversationType: "personal" } };
    expect((await bench.fake.post(activity)).status).toBe(200);
  });

  test("a service host that is not allowed is refused, however it is written", async () => {
    const port = new URL(bench.fake.serviceUrl).port;
    const hosts = [
      "https://evil.example/",
      `http://evil.example:${port}/`,
      `http://127.0.0.1:${port}@evil.example/`,
      "https://smba.trafficmanager.net.evil.example/",
      "http://smba.trafficmanager.net/emea/",
      `http://127.0.0.1:${Number(port) + 1}/`,
      "file:///etc/passwd",
      "nonsense",
    ];
    for (const serviceUrl of hosts) {
      const answer = await bench.fake.post({ ...message(), serviceUrl }, { sign: { serviceUrl } });
      expect([serviceUrl, answer.status]).toEqual([serviceUrl, 403]);
    }
    expect(bench.received).toHaveLength(0);
  });

  test("the official hosts are allowed", async () => {
    for (const serviceUrl of [
      "https://smba.trafficmanager.net/emea/",
      "https://smba.infra.gcc.teams.microsoft.com/gcc/",
    ]) {
      expect((await bench.fake.post({ ...message(), serviceUrl }, { sign: { serviceUrl } })).status).toBe(200);
    }
  });

  test("a message of somebody without directory identity is refused", async () => {
    expect((await bench.fake.post({ ...message(), from: { id: "29:guest", name: "Guest" } })).status).toBe(403);
  });
});

describe("when the key server is down", () => {
  test("the answer is 503, so that Teams delivers again, and it works when it is back", async () => {
    const fresh = await startBench();
    try {
      fresh.fake.down.keys = true;
      expect((await fresh.fake.say("Mira", "hello")).status).toBe(503);
      expect(fresh.received).toHaveLength(0);
      fresh.fake.down.keys = false;
      expect((await fresh.fake.say("Mira", "hello")).status).toBe(200);
      expect(fresh.received).toHaveLength(1);
    } finally {
      await fresh.close();
    }
  });

  test("a forged token is refused with 401 also then where its claims already show it", async () => {
    const fresh = await startBench();
    try {
      fresh.fake.down.keys = true;
      const answer = await fresh.fake.post(fresh.fake.activity("Mira", { type: "message", text: "x" }), {
        sign: { audience: "somebody-else" },
      });
      expect(answer.status).toBe(401);
    } finally {
      await fresh.close();
    }
  });
});

test("no log line holds a token, a text or a name", async () => {
  await bench.fake.post({ ...message(), text: "very private words", channelId: "slack" });
  await bench.fake.post(message(), { sign: { signedBy: "stranger" } });
  const all = bench.logged.join("\n");
  expect(bench.logged.length).toBeGreaterThan(0);
  expect(all).not.toMatch(/private|Mira|Bearer|eyJ/);
});
