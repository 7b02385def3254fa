import { createServer } from "node:http";
import https from "node:https";
import type { AddressInfo } from "node:net";
import { getGlobalDispatcher, setGlobalDispatcher } from "undici";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { installProxy } from "../src/proxy.ts";

/** A proxy that notes where somebody wants to go and lets nobody through. */
const asked: string[] = [];
const proxy = createServer();
proxy.on("connect", (request, socket) => {
  asked.push(request.url ?? "");
  socket.end("HTTP/1.1 403 Forbidden\r\n\r\n");
});

// It is the process that is sent through the proxy, and other files come after this one in it.
const before = {
  dispatcher: getGlobalDispatcher(),
  agent: https.globalAgent,
  env: { HTTPS_PROXY: process.env.HTTPS_PROXY, NO_PROXY: process.env.NO_PROXY },
};

beforeAll(async () => {
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  const { port } = proxy.address() as AddressInfo;
  await installProxy({ url: `http://127.0.0.1:${port}`, except: "direct.invalid" });
});
afterAll(() => {
  proxy.close();
  setGlobalDispatcher(before.dispatcher);
  https.globalAgent = before.agent;
  for (const [name, value] of Object.entries(before.env)) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
});
beforeEach(() => void asked.splice(0));

function request(host: string): Promise<unknown> {
  return new Promise((resolve) => {
    https.get({ host, path: "/" }, resolve).on("error", resolve);
  });
}

test("fetch goes through the proxy", async () => {
  await expect(fetch("https://api.example.invalid/")).rejects.toThrow();
  expect(asked).toEqual(["api.example.invalid:443"]);
});

test("libraries on node's own agents go through the proxy", async () => {
  await request("api.example.invalid");
  expect(asked).toEqual(["api.example.invalid:443"]);
});

test("hosts in NO_PROXY and plain http do not", async () => {
  await expect(fetch("https://direct.invalid/")).rejects.toThrow();
  await request("direct.invalid");
  const { port } = proxy.address() as AddressInfo;
  expect(
    (await fetch(`http://127.0.0.1:${port}/`, { signal: AbortSignal.timeout(200) }).catch(() => ({ status: 0 })))
      .status,
  ).toBe(0);
  expect(asked).toEqual([]);
});
