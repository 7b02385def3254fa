import { generateKeyPairSync } from "node:crypto";
import { afterEach, describe, expect, test } from "vitest";
import { createRegistration } from "../../../adapters/teams/auth.ts";
import { teamsConnection } from "../../../adapters/teams/connection.ts";
import { DeliveryError } from "../../../src/engine/adapter.ts";
import { createFakeTeams } from "../../support/fake-teams.ts";
import { type Bench, say, startBench } from "./harness.ts";

const open: { close(): Promise<void> }[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()));
});

async function start(how?: Parameters<typeof startBench>[0]): Promise<Bench> {
  const bench = await startBench(how);
  open.push(bench);
  return bench;
}

describe("two registrations side by side", () => {
  test("each takes its own and sends as itself, and a broken one stops neither", async () => {
    const second = await createFakeTeams();
    open.push(second);
    const { settings } = second;
    const bench = await start({
      more: [
        {
          appId: second.appId,
          tenantId: second.tenant,
          password: settings.MicrosoftAppPassword,
          serviceHosts: [settings.TEAMS_SERVICE_HOSTS],
          cloud: {
            ToChannelFromBotLoginUrl: settings.ToChannelFromBotLoginUrl,
            ToBotFromChannelOpenIdMetadataUrl: settings.ToBotFromChannelOpenIdMetadataUrl,
          },
        },
        {
          appId: "33333333-3333-3333-3333-333333333333",
          tenantId: second.tenant,
          password: "wrong",
          serviceHosts: [settings.TEAMS_SERVICE_HOSTS],
          cloud: { ToChannelFromBotLoginUrl: settings.ToChannelFromBotLoginUrl },
        },
      ],
    });
    second.connect(bench.url);
    await bench.fake.say("Mira", "to the first");
    await second.say("Mira", "to the second");
    expect(bench.received.map((inbound) => inbound.address.tenant)).toEqual([
      `${bench.fake.appId}/${bench.fake.tenant}`,
      `${second.appId}/${second.tenant}`,
    ]);
    for (const inbound of bench.received) await bench.deliver(say("hello"), { address: inbound.address });
    expect(bench.fake.messages("Mira")).toHaveLength(1);
    expect(second.messages("Mira")).toHaveLength(1);

    const known = bench.received[1]?.address;
    if (known === undefined) throw new Error("nothing received");
    const address = { ...known, tenant: `33333333-3333-3333-3333-333333333333/${second.tenant}` };
    await expect(bench.deliver(say("x"), { address })).rejects.toMatchObject({
      failure: "misconfigured",
      code: "token AADSTS7000215",
    });

    const health = await bench.adapter.health();
    expect(health.ok).toBe(false);
    expect(health.connections.map(({ name, ok }) => ({ name, ok }))).toEqual([
      { name: bench.fake.appId, ok: true },
      { name: second.appId, ok: true },
      { name: "33333333-3333-3333-3333-333333333333", ok: false },
    ]);
    expect(health.connections[2]?.repair).toContain("client secret is wrong");
  });

  test("a token of one does not open the other", async () => {
    const bench = await start();
    const second = await createFakeTeams({ tenant: bench.fake.tenant });
    open.push(second);
    second.connect(bench.url);
    expect((await second.say("Mira", "hello")).status).toBe(401);
  });
});

describe("the login service", () => {
  test("that is down means that nothing was sent, and that it is worth trying again", async () => {
    const bench = await start();
    await bench.fake.say("Mira", "hello");
    bench.fake.down.login = true;
    await expect(bench.deliver(say("x"))).rejects.toMatchObject({ failure: "unreachable" });
    expect((await bench.adapter.health()).connections[0]).toMatchObject({
      ok: false,
      detail: expect.stringContaining("could not be reached"),
    });
    bench.fake.down.login = false;
    await bench.deliver(say("x"));
    expect(bench.fake.messages("Mira")).toHaveLength(1);
  });

  test.each(["AADSTS7000222", "AADSTS700016", "AADSTS90002"])(
    "that refuses with %s means misconfigured",
    async (code) => {
      const bench = await start();
      await bench.fake.say("Mira", "hello");
      bench.fake.refuse.login = code;
      const error = await bench.deliver(say("x")).then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      expect(error).toBeInstanceOf(DeliveryError);
      expect(error).toMatchObject({ failure: "misconfigured", code: `token ${code}` });
      expect(bench.fake.calls).toEqual([]);
    },
  );

  test("is asked for a new token after the connector refused the old one", async () => {
    const bench = await start();
    await bench.fake.say("Mira", "hello");
    await bench.deliver(say("x"));
    expect(bench.fake.logins).toHaveLength(1);
    bench.fake.failNext({ status: 401, code: "Unauthorized" });
    await expect(bench.deliver(say("x"))).rejects.toMatchObject({ failure: "misconfigured" });
    await bench.deliver(say("x"));
    expect(bench.fake.logins).toHaveLength(2);
  });

  test("its host, the connector's and the key server's are listed", async () => {
    const connection = teamsConnection.parse({ appId: "app", tenantId: "tenant", password: "secret" });
    const { tokens, cloud, allows } = createRegistration(connection);
    expect(tokens.loginUrl).toBe("https://login.microsoftonline.com/tenant");
    expect(cloud.metadataUrl).toBe("https://login.botframework.com/v1/.well-known/openidconfiguration");
    expect(allows("https://smba.trafficmanager.net/emea/")).toBe(true);
  });
});

describe("the kinds of registration", () => {
  test("a certificate proves itself with an assertion signed by its key", async () => {
    const { privateKey } = generateKeyPairSync("rsa", {
      modulusLength: 2048,
      privateKeyEncoding: { type: "pkcs8", format: "pem" },
      publicKeyEncoding: { type: "spki", format: "pem" },
    });
    const thumbprint = "0123456789abcdef0123456789abcdef01234567";
    const bench = await start({
      environment: {
        MicrosoftAppPassword: undefined,
        CertificateThumbprint: thumbprint,
        CertificatePrivateKey: privateKey,
      },
    });
    await bench.fake.say("Mira", "hello");
    await bench.deliver(say("hi"));
    expect(bench.fake.logins).toEqual([bench.fake.appId]);
    expect(bench.fake.messages("Mira")).toHaveLength(1);
  });

  test("a certificate whose key is broken leaves the others working", async () => {
    const broken = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----";
    const bench = await start({
      more: [
        {
          appId: "44444444-4444-4444-4444-444444444444",
          tenantId: "t",
          certificate: { privateKey: broken, thumbprint: "0".repeat(40) },
        },
      ],
    });
    await bench.fake.say("Mira", "hello");
    await bench.deliver(say("hi"));
    const health = await bench.adapter.health();
    expect(health.connections.map((one) => one.ok)).toEqual([true, false]);
    expect(JSON.stringify(health)).not.toContain("BEGIN");
  });

  test("a managed identity needs no secret", () => {
    const connection = teamsConnection.parse({ appId: "app", type: "UserAssignedMSI", tenantId: "tenant" });
    expect(createRegistration(connection)).toMatchObject({ name: "app", tenants: new Set(["tenant"]) });
  });

  test("the government cloud has its own addresses", () => {
    const { cloud, tokens } = createRegistration(
      teamsConnection.parse({
        appId: "app",
        tenantId: "tenant",
        password: "secret",
        cloud: { ChannelService: "https://botframework.azure.us" },
      }),
    );
    expect(cloud).toMatchObject({ issuer: "https://api.botframework.us", scope: "https://api.botframework.us" });
    expect(tokens.loginUrl).toBe("https://login.microsoftonline.us/tenant");
  });

  test("a registration of the older kind serves the tenants it lists, and no other", async () => {
    const bench = await start({
      environment: { MicrosoftAppType: "MultiTenant", TEAMS_ALLOWED_TENANTS: "55555555-5555-5555-5555-555555555555" },
    });
    expect((await bench.fake.say("Mira", "hello")).status).toBe(403);
    const conversation = { id: "a:1", conversationType: "personal", tenantId: "55555555-5555-5555-5555-555555555555" };
    expect(
      (await bench.fake.post(bench.fake.activity("Mira", { type: "message", text: "x", conversation }))).status,
    ).toBe(200);
    expect(bench.received[0]?.address.tenant).toBe(`${bench.fake.appId}/55555555-5555-5555-5555-555555555555`);
  });
});
