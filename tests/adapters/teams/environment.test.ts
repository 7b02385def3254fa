import { describe, expect, test } from "vitest";
import { hostRule } from "../../../adapters/teams/hosts.ts";
import { teams } from "../../../adapters/teams/platform.ts";

const local = { publicUrl: undefined, loopback: false };
const complete = {
  MicrosoftAppId: "11111111-1111-1111-1111-111111111111",
  MicrosoftAppPassword: "secret",
  MicrosoftAppType: "SingleTenant",
  MicrosoftAppTenantId: "22222222-2222-2222-2222-222222222222",
};

/** The problems of an environment, from both of its checks. */
function problems(env: Record<string, string | undefined>, facts = local): readonly string[] {
  const found = teams.fromEnvironment(env, facts);
  if (found?.connection === undefined) return found?.problems ?? ["nothing is set"];
  const parsed = teams.connection.safeParse(found.connection);
  return [
    ...found.problems,
    ...(parsed.error?.issues.map((issue) => `${issue.path.join(".")} ${issue.message}`) ?? []),
  ];
}

describe("the environment", () => {
  test("without any of the variables Teams is off", () => {
    expect(teams.fromEnvironment({ PORT: "1", OAuthUrl: "https://x.example" }, local)).toBeUndefined();
  });

  test("a complete one is a connection, with spaces and letter case forgiven", () => {
    expect(problems(complete)).toEqual([]);
    const { connection } = teams.fromEnvironment({ ...complete, MicrosoftAppType: " singletenant " }, local) ?? {};
    expect(teams.connection.parse(connection)).toMatchObject({
      appId: complete.MicrosoftAppId,
      type: "SingleTenant",
      serviceHosts: [],
    });
  });

  test.each(["", "   ", undefined])(
    "an empty app id (%j) stops the start: nobody would be checked",
    (MicrosoftAppId) => {
      expect(problems({ ...complete, MicrosoftAppId }).join()).toMatch(/^MicrosoftAppId is missing/);
    },
  );

  test("an app id that is there and empty counts as switched on", () => {
    expect(problems({ MicrosoftAppId: "" }).join()).toMatch(/^MicrosoftAppId is missing/);
  });

  test.each([
    ["MicrosoftAppPassword", { MicrosoftAppPassword: undefined }],
    ["MicrosoftAppTenantId", { MicrosoftAppTenantId: undefined }],
    ["MicrosoftAppTenantId", { MicrosoftAppTenantId: undefined, MicrosoftAppType: undefined }],
    [
      "MicrosoftAppTenantId",
      { MicrosoftAppTenantId: undefined, MicrosoftAppType: "UserAssignedMSI", MicrosoftAppPassword: undefined },
    ],
    ["MicrosoftAppPassword", { MicrosoftAppType: "UserAssignedMSI" }],
    ["TEAMS_ALLOWED_TENANTS", { MicrosoftAppType: "MultiTenant", MicrosoftAppTenantId: undefined }],
    ["MicrosoftAppType", { MicrosoftAppType: "Other" }],
    ["CertificateThumbprint", { MicrosoftAppPassword: undefined, CertificatePrivateKey: "x" }],
    ["CertificatePrivateKey", { MicrosoftAppPassword: undefined, CertificateThumbprint: "x" }],
    ["TEAMS_ANONYMOUS", { TEAMS_ANONYMOUS: "yes" }],
    ["MicrosoftAppId", { MicrosoftAppId: undefined }],
  ])("names %s where it is what is wrong: %j", (name, change) => {
    expect(problems({ ...complete, ...change }).map((problem) => problem.split(" ")[0])).toEqual([name]);
  });

  test("a host with a scheme is refused, and the value of a secret is never repeated", () => {
    expect(problems({ ...complete, TEAMS_SERVICE_HOSTS: "https://x.example/" }).join()).toContain("serviceHosts.0");
    expect(problems({ ...complete, MicrosoftAppType: "UserAssignedMSI" }).join()).not.toContain("secret");
  });

  test("lists are parted by commas or spaces", () => {
    const found = teams.fromEnvironment(
      { ...complete, TEAMS_ALLOWED_TENANTS: "a, b  c", TEAMS_SERVICE_HOSTS: "x.example,y.example:8443" },
      local,
    );
    expect(found?.connection).toMatchObject({
      allowedTenants: ["a", "b", "c"],
      serviceHosts: ["x.example", "y.example:8443"],
    });
  });
});

describe("TEAMS_ANONYMOUS=loopback", () => {
  const anonymous = { TEAMS_ANONYMOUS: "loopback" };

  test("starts without a registration, also with a public address on loopback", () => {
    expect(problems(anonymous)).toEqual([]);
    expect(problems(anonymous, { publicUrl: "http://127.0.0.1:3978", loopback: true } as never)).toEqual([]);
  });

  test("is refused with a public address that is not loopback", () => {
    const facts = { publicUrl: "https://fadder.example.org", loopback: false } as never;
    expect(problems(anonymous, facts).join()).toContain("TEAMS_ANONYMOUS");
    expect(problems({ ...complete, ...anonymous }, facts).join()).toContain("TEAMS_ANONYMOUS");
  });
});

describe("an entry of the connections file", () => {
  test.each([
    ["appId", {}],
    ["tenantId", { appId: "a", password: "b" }],
    ["password", { appId: "a", tenantId: "t" }],
    ["allowedTenants", { appId: "a", type: "MultiTenant", password: "b" }],
    [
      "certificate",
      {
        appId: "a",
        tenantId: "t",
        password: "b",
        certificate: { privateKey: "-----BEGIN PRIVATE KEY-----", thumbprint: "0".repeat(40) },
      },
    ],
    [
      "certificate",
      {
        appId: "a",
        tenantId: "t",
        type: "UserAssignedMSI",
        certificate: { privateKey: "-----BEGIN PRIVATE KEY-----", thumbprint: "0".repeat(40) },
      },
    ],
    ["appId", { appId: "a:b", tenantId: "t", password: "b" }],
  ])("names %s where it is what is wrong: %j", (path, entry) => {
    const issues = teams.connection.safeParse(entry).error?.issues ?? [];
    expect(issues.map((issue) => issue.path.join("."))).toEqual([path]);
  });

  test("a misspelt setting is refused", () => {
    expect(teams.connection.safeParse({ appId: "a", tenantId: "t", password: "b", tenants: ["t"] }).success).toBe(
      false,
    );
  });

  test("is told apart from others by its app id", () => {
    const one = teams.connection.parse({ appId: "a", tenantId: "t", password: "b" });
    const two = teams.connection.parse({ appId: "a", tenantId: "u", password: "c" });
    expect(teams.identity?.(one)).toBe(teams.identity?.(two));
  });
});

describe("service hosts", () => {
  test("an entry with a port admits that one, one without admits all", () => {
    const rule = hostRule(["127.0.0.1:4000", "localhost", "cloud.example", "*.below.example", "[::1]:5000"]);
    const admitted = [
      "http://127.0.0.1:4000/x",
      "http://localhost:1/",
      "https://cloud.example:8443/",
      "https://a.below.example/",
      "http://[::1]:5000/",
    ];
    const refused = [
      "http://127.0.0.1:4001/",
      "http://cloud.example/",
      "https://below.example/",
      "https://xbelow.example/",
      "http://[::1]:5001/",
      "https://other.example/",
      "ftp://localhost/",
      "",
    ];
    expect(admitted.filter((url) => !rule(url))).toEqual([]);
    expect(refused.filter((url) => rule(url))).toEqual([]);
  });
});
