import { afterEach, beforeEach, expect, test } from "vitest";
import { startWeb, type WebWorld } from "./chat.ts";
import { cookieFrom, newcomer, submit } from "./client.ts";

let world: WebWorld;
beforeEach(async () => {
  world = await startWeb({ openEnrolment: false, admit: async (code) => code === "SPRING-27" });
});
afterEach(() => world.close());

const visit = "0123456789abcdef0123456789abcdef";

test("a stranger sees a field for a code, and gets neither stream nor message route", async () => {
  const html = await (await fetch(world.url)).text();
  expect(html).toContain('<form method="post" action="/join"');
  expect(html).not.toContain('id="start"');
  const stream = await fetch(`${world.url}/chat/stream`);
  expect(stream.status).toBe(401);
  expect(stream.headers.get("set-cookie")).toBeNull();
});

test.each(["join", "link"])("opening a %s address changes nothing; its button does", async (kind) => {
  const opened = await fetch(`${world.url}/${kind}/SPRING-27`);
  const html = await opened.text();
  expect(opened.headers.get("set-cookie")).toBeNull();
  expect(html).toContain('name="code" value="SPRING-27"');
  expect(html).toContain("Nothing has happened yet.");
  expect(world.inbounds).toEqual([]);
  const fields = Object.fromEntries(
    [...html.matchAll(/name="(code|visit)" value="([^"]*)"/g)].map(([, k, v]) => [k, v]),
  );
  const pressed = await submit(world.url, `/${kind}`, fields as Record<string, string>);
  expect([pressed.status, pressed.headers.get("location")]).toEqual([303, "/"]);
  expect(world.inbounds).toMatchObject([{ input: { type: "command", name: kind, args: "SPRING-27" } }]);
  const page = await fetch(world.url, { headers: { cookie: cookieFrom(pressed) } });
  expect(await page.text()).toContain('data-door="known"');
});

test("the same form sent twice, its first answer lost, is one person and one delivery", async () => {
  const fields = { code: "SPRING-27", visit };
  const cookies = [await submit(world.url, "/join", fields), await submit(world.url, "/join", fields)].map(cookieFrom);
  expect(cookies[0]).toBe(cookies[1]);
  expect(new Set(world.inbounds.map(({ id }) => id)).size).toBe(1);
});

test("somebody who is known already stays who they are", async () => {
  const open = await startWeb({ openEnrolment: true });
  const cookie = await newcomer(open.url);
  const pressed = await submit(open.url, "/link", { code: "any-code", visit }, { cookie });
  expect(cookieFrom(pressed)).toBe(cookie);
  expect(open.inbounds).toMatchObject([{ input: { name: "link", args: "any-code" } }]);
  await open.close();
});

test("a wrong code is said by the field, keeps what was typed and makes nobody", async () => {
  const response = await submit(
    world.url,
    "/join",
    { code: "SPRING-28", visit, typed: "1" },
    { "accept-language": "sv" },
  );
  const html = await response.text();
  expect(response.status).toBe(422);
  expect(response.headers.get("set-cookie")).toBeNull();
  expect(html).toContain("Koden är inte giltig.");
  expect(html).toMatch(/<input id="code"[^>]*value="SPRING-28"[^>]*aria-invalid="true"/);
  expect(world.inbounds).toEqual([]);
});

test("codes cannot be guessed: twenty wrong ones and the network waits, also with a right one", async () => {
  const codes = [...Array.from({ length: 20 }, (_, n) => `GUESS-${n}`), "SPRING-27"];
  const statuses = [];
  for (const code of codes) statuses.push((await submit(world.url, "/join", { code, visit })).status);
  expect(statuses.slice(0, 20).every((status) => status === 422)).toBe(true);
  expect(statuses.at(-1)).toBe(429);
  expect(world.inbounds).toEqual([]);
});

test("a form from another page is refused, and so is one that says nothing about where it comes from", async () => {
  for (const headers of [
    { "sec-fetch-site": "cross-site" },
    { "sec-fetch-site": "same-site" },
    { "sec-fetch-site": "", origin: "null" },
  ]) {
    const clean = Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== ""));
    const response = await fetch(`${world.url}/join`, {
      method: "POST",
      headers: clean,
      body: new URLSearchParams({ code: "SPRING-27", visit }),
    });
    expect(response.status).toBe(403);
  }
  expect(world.inbounds).toEqual([]);
});

test("while nothing can be stored the code is kept for the next try", async () => {
  world.down = true;
  const response = await submit(world.url, "/link", { code: "SPRING-27", visit });
  expect(response.status).toBe(503);
  const html = await response.text();
  expect(html).toContain('name="code" value="SPRING-27"');
  expect(html).toContain(`name="visit" value="${visit}"`);
});

test.each(["/join/a%20b", `/join/${"x".repeat(65)}`, "/link/%3Cb%3E"])("%s is an incomplete address", async (path) => {
  const response = await fetch(world.url + path);
  expect(response.status).toBe(404);
  expect(await response.text()).toContain("not complete");
});

test("a body that is too large or no form is refused", async () => {
  expect((await submit(world.url, "/join", { code: "x".repeat(3000), visit })).status).toBe(400);
  expect((await submit(world.url, "/join", { code: "SPRING-27" })).status).toBe(400);
});

test("behind https the cookie travels on https only", async () => {
  const secure = await startWeb({ openEnrolment: true, publicUrl: "https://learn.example.org" });
  const response = await fetch(`${secure.url}/chat/stream`, { headers: { accept: "application/json" } });
  expect(response.headers.get("set-cookie")).toMatch(
    /^fadder_chat=[^;]+; Max-Age=31536000; Path=\/; Expires=[^;]+; HttpOnly; Secure; SameSite=Lax$/,
  );
  const posted = await submit(secure.url, "/join", { code: "x-y-z", visit }, { "sec-fetch-site": "same-origin" });
  expect(posted.status).toBe(422);
  await secure.close();
});
