import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createFakeSlack, type FakeSlack } from "../../support/fake-slack.ts";
import { createProduct, outgoing } from "./product.ts";

const signingSecret = "0123456789abcdef0123456789abcdef";
const app = { clientId: "111.222", clientSecret: "client-secret", signingSecret };
let slack: FakeSlack;
let product: Awaited<ReturnType<typeof createProduct>>;

beforeEach(async () => {
  slack = await createFakeSlack({ ...app, botToken: "xoxb-one" });
  slack.addWorkspace({ team: "T2", botToken: "xoxb-two" });
  product = await createProduct([{ ...app, apiUrl: slack.url }]);
  slack.deliverTo(product.base);
});

afterEach(async () => {
  await product.close();
  await slack.close();
});

/** Opens the installation page as a browser does: the address of Slack's consent, and the cookie. */
async function begin(query = "") {
  const answer = await fetch(`${product.base}/slack/install${query}`, { redirect: "manual" });
  return {
    status: answer.status,
    consent: new URL(answer.headers.get("location") ?? "about:blank"),
    cookie: (answer.headers.get("set-cookie") ?? "").split(";")[0] ?? "",
  };
}

async function finish(state: string, cookie: string, code: string) {
  const query = new URLSearchParams({ code, state });
  const answer = await fetch(`${product.base}/slack/oauth_redirect?${query}`, {
    headers: { cookie, "accept-language": "da" },
    redirect: "manual",
  });
  return { status: answer.status, text: await answer.text() };
}

async function install(team: string) {
  const { consent, cookie } = await begin();
  return finish(consent.searchParams.get("state") ?? "", cookie, slack.consent(team));
}

const second = () => slack.workspaces[1] ?? slack;

describe("installing over several workspaces", () => {
  test("asks Slack for consent with the scopes of the manifest, and no more", async () => {
    const { status, consent } = await begin();
    expect(status).toBe(302);
    expect(consent.pathname).toBe("/oauth/v2/authorize");
    expect(consent.searchParams.get("scope")).toBe(
      "chat:write,im:write,im:history,commands,users:read,app_mentions:read",
    );
    expect(consent.searchParams.get("redirect_uri")).toBe(`${product.base}/slack/oauth_redirect`);
  });

  test("each workspace is its own lane with its own token, and nobody is enrolled or written to", async () => {
    const done = await install("T1");
    expect(done).toMatchObject({ status: 200, text: expect.stringContaining("Fadder er i T1") });
    expect((await install("T2")).status).toBe(200);
    expect(
      slack.calls.some((call) => call.method.startsWith("chat.") || call.method.startsWith("conversations.")),
    ).toBe(false);
    expect(product.inbound).toEqual([]);
    await slack.say("U1", "from one");
    await second().say("U1", "from two");
    expect(product.inbound.map((one) => one.address.tenant)).toEqual(["T1", "T2"]);
    await product.adapter.deliver?.(outgoing({ say: "to two" }, { team: "T2" }));
    expect(
      second()
        .messages("U1")
        .map((message) => message.visible),
    ).toEqual(["to two"]);
    expect(slack.messages("U1")).toEqual([]);
    expect((await product.adapter.health()).connections.map((entry) => entry.name)).toEqual([
      "slack app",
      "slack T1",
      "slack T2",
    ]);
  });

  test("a forged, a foreign, a used or an old state installs nothing", async () => {
    const { consent, cookie } = await begin();
    const state = consent.searchParams.get("state") ?? "";
    const [content = "", signature = ""] = state.split(".");
    const forged = `${Buffer.from(Buffer.from(content, "base64url").toString().replace("111.222", "111.223")).toString("base64url")}.${signature}`;
    expect((await finish(forged, cookie.replace(state, forged), slack.consent("T1"))).status).toBe(400);
    expect((await finish(state, "", slack.consent("T1"))).status).toBe(400);
    expect((await finish("", cookie, slack.consent("T1"))).status).toBe(400);
    expect((await finish(state, cookie, "no-code-of-slack")).status).toBe(502);
    expect([...product.keep.rows.keys()]).toEqual([]);
  });

  test("an uninstalled workspace is off, its token is gone, the other goes on; installed again it is back", async () => {
    await install("T1");
    await install("T2");
    await slack.say("U1", "hi");
    await second().say("U1", "hi");
    expect((await slack.event("UBOT", { type: "app_uninstalled" })).status).toBe(200);
    expect(JSON.stringify([...product.keep.rows])).not.toContain("xoxb-one");
    await expect(product.adapter.deliver?.(outgoing({}))).rejects.toMatchObject({ failure: "misconfigured" });
    await product.adapter.deliver?.(outgoing({}, { team: "T2" }));
    const health = await product.adapter.health();
    expect(health.connections.map((entry) => [entry.name, entry.ok])).toEqual([
      ["slack app", true],
      ["slack T1", false],
      ["slack T2", true],
    ]);
    expect((await slack.say("U1", "still there?")).status).toBe(200);
    expect(product.inbound).toHaveLength(2);
    await install("T1");
    await product.adapter.deliver?.(outgoing({}));
    expect((await product.adapter.health()).ok).toBe(true);
  });

  test("a late redelivery of an uninstallation does not switch off what was installed since", async () => {
    await install("T1");
    const earlier = Math.floor(Date.now() / 1000) - 60;
    const body = JSON.stringify({
      type: "event_callback",
      team_id: "T1",
      event_id: "EvOld",
      event_time: earlier,
      event: { type: "app_uninstalled" },
    });
    const { sign } = await import("../../support/fake-slack-sender.ts");
    const headers = { "content-type": "application/json", ...sign(signingSecret, body, Math.floor(Date.now() / 1000)) };
    expect((await slack.raw(body, headers)).status).toBe(200);
    await slack.say("U1", "hi");
    expect(product.inbound).toHaveLength(1);
  });

  test("a revoked token of a person changes nothing, a revoked one of the bot switches off", async () => {
    await install("T1");
    await slack.event("U1", { type: "tokens_revoked", tokens: { oauth: ["U1"] } });
    await slack.say("U1", "hi");
    expect(product.inbound).toHaveLength(1);
    await slack.event("UBOT", { type: "tokens_revoked", tokens: { bot: ["UBOT"] } });
    await slack.say("U1", "hi again");
    expect(product.inbound).toHaveLength(1);
  });

  test("with several apps the address says which", async () => {
    const both = await createProduct([
      { ...app, apiUrl: slack.url },
      { ...app, clientId: "333.444", signingSecret: "another-secret-0000", apiUrl: slack.url },
    ]);
    const answer = await fetch(`${both.base}/slack/install`, { redirect: "manual" });
    expect(answer.status).toBe(404);
    const chosen = await fetch(`${both.base}/slack/install?app=333.444`, { redirect: "manual" });
    expect(chosen.headers.get("location")).toContain("client_id=333.444");
    await both.close();
  });
});
