import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { startWeb, type WebWorld } from "./chat.ts";
import { cookieFrom, newcomer, post, readEvents, uuid } from "./client.ts";

let world: WebWorld;
beforeEach(async () => {
  world = await startWeb();
});
afterEach(() => world.close());

const hello = () => ({ id: uuid(), type: "text", text: "Hello" });

describe("the page", () => {
  test("needs nothing from elsewhere, has nothing inline and is small", async () => {
    const response = await fetch(world.url);
    const html = await response.text();
    expect(response.headers.get("content-security-policy")).toContain("script-src 'self'; style-src 'self'");
    expect(response.headers.get("content-security-policy")).not.toContain("unsafe");
    expect(html).not.toMatch(/<style|\sstyle=|\son\w+=|<script(?![^>]*src=)/);
    const files = [...html.matchAll(/(?:href|src)="(\/chat\/static\/[^"]+)"/g)].map(([, path]) => path ?? "");
    const base = files[0]?.replace(/[^/]+$/, "");
    const all = [...files, ...["view.js", "send.js", "receive.js", "page.js"].map((name) => `${base}${name}`)];
    let bytes = html.length;
    for (const path of new Set(all)) {
      const file = await fetch(world.url + path);
      expect(file.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
      bytes += (await file.arrayBuffer()).byteLength;
    }
    expect(bytes).toBeLessThan(60_000);
    expect(html).not.toMatch(/(?:src|href)="https?:/);
  });

  test("speaks the language of the browser, and the chosen one before it", async () => {
    const asked = await fetch(world.url, { headers: { "accept-language": "de, bg-BG;q=0.8, en;q=0.5" } });
    expect(await asked.text()).toContain('<html lang="bg">');
    const choice = await fetch(`${world.url}/?lang=fi`, { redirect: "manual" });
    expect(choice.status).toBe(303);
    const chosen = await fetch(world.url, { headers: { "accept-language": "bg", cookie: cookieFrom(choice) } });
    expect(await chosen.text()).toContain('<html lang="fi">');
  });

  test("makes nobody by being looked at", async () => {
    const response = await fetch(world.url);
    expect(response.headers.get("set-cookie")).toBeNull();
    expect(world.inbounds).toEqual([]);
  });

  test("a file of an older version is today's, kept no longer; an unknown one is not there", async () => {
    const old = await fetch(`${world.url}/chat/static/000000000000/chat.js`);
    expect(old.headers.get("cache-control")).toBe("no-cache");
    expect(await old.text()).toContain("createStream");
    expect((await fetch(`${world.url}/chat/static/000000000000/..%2fparse.ts`)).status).toBe(404);
  });
});

describe("messages", () => {
  test("are taken once, whatever is sent again", async () => {
    const cookie = await newcomer(world.url);
    const message = hello();
    expect(await (await post(world.url, message, { cookie })).json()).toEqual({ outcome: "taken" });
    expect(await (await post(world.url, message, { cookie })).json()).toEqual({ outcome: "duplicate" });
    expect(world.counted).toHaveLength(1);
  });

  test("of two people with the same id are two messages", async () => {
    const message = hello();
    for (const cookie of [await newcomer(world.url), await newcomer(world.url)]) {
      expect(await (await post(world.url, message, { cookie })).json()).toEqual({ outcome: "taken" });
    }
  });

  test.each([
    ["from another page", 403, "foreign", { headers: { "sec-fetch-site": "cross-site" } }],
    [
      "from a page of another origin",
      403,
      "foreign",
      { headers: { "sec-fetch-site": "", origin: "https://evil.example" } },
    ],
    ["from nowhere", 403, "foreign", { headers: { "sec-fetch-site": "" } }],
    ["without a cookie", 401, "no_session", { cookie: "" }],
    ["with a forged cookie", 401, "no_session", { cookie: `fadder_chat=${"a".repeat(32)}.${"b".repeat(43)}` }],
    ["that is no JSON by its header", 415, "wrong_type", { headers: { "content-type": "text/plain" } }],
    ["that is no JSON", 400, "malformed", { raw: "{" }],
    ["of another shape", 400, "malformed", { raw: '{"type":"timer"}' }],
    ["above 16 KB", 413, "too_large", { raw: JSON.stringify({ ...hello(), text: "я".repeat(10_000) }) }],
  ] as const)("%s are refused with %i and a reason in the reader's language", async (_name, status, error, how) => {
    const cookie = await newcomer(world.url);
    const response = await post(world.url, hello(), { cookie, language: "da", ...how });
    expect(response.status).toBe(status);
    const body = (await response.json()) as { error: string; message: string };
    expect(body.error).toBe(error);
    expect(body.message).toMatch(/ikke|for lang/);
    expect(world.inbounds).toEqual([]);
  });

  test("are refused with 503 while nothing can be stored, and taken under the same id afterwards", async () => {
    const cookie = await newcomer(world.url);
    const message = hello();
    world.down = true;
    const refused = await post(world.url, message, { cookie });
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([503, "2"]);
    world.down = false;
    expect(await (await post(world.url, message, { cookie })).json()).toEqual({ outcome: "taken" });
  });

  test("of one browser are slowed down after thirty in ten seconds, others are not", async () => {
    const cookie = await newcomer(world.url);
    const statuses = [];
    for (let n = 0; n < 31; n += 1) statuses.push((await post(world.url, hello(), { cookie })).status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(30);
    expect(statuses.at(-1)).toBe(429);
    const other = await newcomer(world.url);
    expect((await post(world.url, hello(), { cookie: other })).status).toBe(200);
  });

  test("of 10,000 characters are cut to 4,000", async () => {
    const cookie = await newcomer(world.url);
    await post(world.url, { ...hello(), text: "x".repeat(10_000) }, { cookie });
    expect(world.counted[0]).toMatch(/text=4000$/);
  });
});

describe("the stream", () => {
  test("gives the newest rows, says when it has caught up, and goes on live", async () => {
    const cookie = await newcomer(world.url);
    await post(world.url, { id: uuid(), type: "command", name: "start" }, { cookie });
    const stream = await readEvents(world.url, cookie);
    const first = await stream.next();
    expect(first).toMatchObject({ event: "message", id: "1" });
    expect(JSON.parse(first.data).parts[1]).toMatchObject({
      token: "card1token1",
      actions: [{ option: "a" }, { option: "b" }],
    });
    expect((await stream.next()).event).toBe("ready");
    await post(world.url, hello(), { cookie });
    expect(JSON.parse((await stream.next()).data)).toMatchObject({
      seq: 2,
      parts: [{ html: "<p>You wrote: Hello</p>" }],
    });
    stream.close();
  });

  test("goes on after the last event a browser has seen", async () => {
    const cookie = await newcomer(world.url);
    for (let n = 0; n < 3; n += 1) await post(world.url, hello(), { cookie });
    for (const how of [{ lastEventId: "2" }, { after: "2" }, { after: "1", lastEventId: "2" }]) {
      const stream = await readEvents(world.url, cookie, how);
      expect((await stream.next()).id).toBe("3");
      expect((await stream.next()).event).toBe("ready");
      stream.close();
    }
  });

  test("brings everything a page has missed, also more than one page of it", async () => {
    const cookie = await newcomer(world.url);
    await post(world.url, hello(), { cookie });
    const [inbound] = world.inbounds;
    if (!inbound) throw new Error("the message did not arrive");
    for (let n = 0; n < 120; n += 1) world.push(inbound.address, { text: [] });
    const stream = await readEvents(world.url, cookie, { after: "1" });
    const ids = [];
    for (let event = await stream.next(); event.event === "message"; event = await stream.next())
      ids.push(Number(event.id));
    expect(ids).toEqual(Array.from({ length: 120 }, (_, n) => n + 2));
    stream.close();
  });

  test("says that it lives, and ends when the product stops", async () => {
    const quick = await startWeb({ heartbeatMs: 20 });
    const cookie = await newcomer(quick.url);
    const stream = await readEvents(quick.url, cookie);
    expect((await stream.next()).event).toBe("ready");
    expect((await stream.next()).event).toBe("beat");
    await quick.adapter.close();
    await stream.ended();
    const late = await fetch(`${quick.url}/chat/stream`, { headers: { cookie } });
    expect(late.status).toBe(503);
    await quick.close();
  });

  test("ends when the database does not answer, so that the page comes back", async () => {
    const cookie = await newcomer(world.url);
    world.down = true;
    const stream = await readEvents(world.url, cookie);
    await stream.ended();
  });

  test("can be asked for at once, where no stream gets through", async () => {
    const cookie = await newcomer(world.url);
    await post(world.url, hello(), { cookie });
    const asked = await fetch(`${world.url}/chat/stream?after=0`, { headers: { cookie, accept: "application/json" } });
    expect(await asked.json()).toMatchObject({ rows: [{ seq: 1, parts: [{ html: "<p>You wrote: Hello</p>" }] }] });
  });

  test("of one person reaches nobody else", async () => {
    await post(world.url, hello(), { cookie: await newcomer(world.url) });
    const stream = await readEvents(world.url, await newcomer(world.url));
    expect((await stream.next()).event).toBe("ready");
    stream.close();
  });

  test("closes a person's oldest tab for a seventh", async () => {
    const cookie = await newcomer(world.url);
    const streams = [];
    for (let n = 0; n < 7; n += 1) {
      const stream = await readEvents(world.url, cookie);
      await stream.next();
      streams.push(stream);
    }
    await streams[0]?.ended();
    for (const stream of streams.slice(1)) stream.close();
  });
});
