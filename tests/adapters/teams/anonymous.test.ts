import { request } from "node:http";
import { networkInterfaces } from "node:os";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Registration } from "../../../adapters/teams/auth.ts";
import { claimOf } from "../../../adapters/teams/verify.ts";
import { type Bench, say, startBench } from "./harness.ts";

describe("with TEAMS_ANONYMOUS=loopback and without a registration", () => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await startBench({
      environment: {
        MicrosoftAppId: undefined,
        MicrosoftAppPassword: undefined,
        MicrosoftAppType: undefined,
        MicrosoftAppTenantId: undefined,
        TEAMS_SERVICE_HOSTS: undefined,
        TEAMS_ANONYMOUS: "loopback",
      },
    });
  });
  afterAll(async () => {
    await bench.close();
  });

  test("an unsigned activity from this machine is taken, also of a person without directory identity", async () => {
    const activity = bench.fake.activity("Mira", {
      type: "message",
      text: "hello",
      from: { id: "user-1", name: "Mira" },
    });
    expect((await bench.fake.post(activity, { token: null })).status).toBe(200);
    expect(bench.received.at(-1)?.address).toMatchObject({ tenant: `anonymous/${bench.fake.tenant}`, user: "user-1" });
  });

  test("no token is asked for or sent", async () => {
    await bench.fake.post(bench.fake.activity("Mira", { type: "message", text: "hello" }), { token: null });
    bench.fake.failNext({ status: 201, body: { id: "7" } });
    expect(await bench.deliver(say("hi"))).toEqual({ messageId: "7" });
    expect(bench.fake.calls.at(-1)?.bearer).toBeUndefined();
    expect(bench.fake.logins).toEqual([]);
  });

  test("a service address outside this machine is refused", async () => {
    const serviceUrl = "https://evil.example/";
    const activity = bench.fake.activity("Mira", { type: "message", text: "hello", serviceUrl });
    expect((await bench.fake.post(activity, { token: null })).status).toBe(403);
  });

  test("a token is not waved through: there is nothing to check it against", async () => {
    expect((await bench.fake.say("Mira", "hello")).status).toBe(401);
  });

  test("health says what this is", async () => {
    expect(await bench.adapter.health()).toMatchObject({
      ok: true,
      connections: [{ name: "anonymous", ok: true }],
      hosts: [],
    });
  });
});

describe("an unsigned activity from elsewhere", () => {
  const anonymous = { appId: "", connection: { anonymous: "loopback" } } as Registration;

  test("is refused by the socket's address", () => {
    for (const address of [
      "10.0.0.7",
      "192.168.1.2",
      "203.0.113.9",
      "::ffff:10.0.0.7",
      "fe80::1",
      "1127.0.0.1",
      undefined,
    ]) {
      expect(claimOf([anonymous], undefined, address).kind).toBe("refused");
    }
    for (const address of ["127.0.0.1", "127.8.9.10", "::1", "::ffff:127.0.0.1"]) {
      expect(claimOf([anonymous], undefined, address).kind).toBe("unsigned");
    }
  });

  test("is refused without the setting, also from this machine", () => {
    expect(claimOf([{ appId: "x", connection: {} } as Registration], undefined, "127.0.0.1").kind).toBe("refused");
  });

  const outside = Object.values(networkInterfaces())
    .flat()
    .find((one) => one !== undefined && one.family === "IPv4" && !one.internal)?.address;

  test.skipIf(outside === undefined)("is refused although a header says it is from this machine", async () => {
    const { createServer } = await import("node:http");
    const seen = new Promise<string>((resolve) => {
      const server = createServer((incoming, response) => {
        resolve(claimOf([anonymous], undefined, incoming.socket.remoteAddress).kind);
        response.end();
        server.close();
      });
      server.listen(0, "0.0.0.0", () => {
        const { port } = server.address() as { port: number };
        request({ host: outside, port, localAddress: outside, headers: { "x-forwarded-for": "127.0.0.1" } }).end();
      });
    });
    expect(await seen).toBe("refused");
  });
});

describe("with a registration and TEAMS_ANONYMOUS=loopback", () => {
  test("signed people are sent to with a token, unsigned ones without", async () => {
    const bench = await startBench({ environment: { TEAMS_ANONYMOUS: "loopback" } });
    try {
      await bench.fake.say("Mira", "signed");
      await bench.deliver(say("hi"));
      expect(bench.fake.calls.at(-1)?.bearer).toBeDefined();
      await bench.fake.post(bench.fake.activity("Mira", { type: "message", text: "unsigned" }), { token: null });
      expect(bench.received.at(-1)?.address.ref).toMatchObject({ unsigned: true });
      bench.fake.failNext({ status: 201, body: { id: "8" } });
      await bench.deliver(say("hi"));
      expect(bench.fake.calls.at(-1)?.bearer).toBeUndefined();
    } finally {
      await bench.close();
    }
  });
});
