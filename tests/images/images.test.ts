import { createHmac } from "node:crypto";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import express from "express";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Json } from "../../src/engine/types.ts";
import { createImages, type ImageServer, type ImagesParts } from "../../src/images/images.ts";

const picture = {
  kind: "progress",
  data: { title: "My progress", rows: [{ label: "Trust", done: 1, total: 2, note: "" }] },
  alt: "Trust: 1 of 2",
};

let dir: string;
let images: ImageServer;
let server: Server;
let url: string;
let stored: Map<string, Json>;
let warnings: number;

function warn(): void {
  warnings += 1;
}

function make(more: Partial<ImagesParts> = {}): ImageServer {
  return createImages({
    dir: join(dir, "pictures"),
    sign: (purpose, text) => createHmac("sha256", "secret").update(`${purpose}\n${text}`).digest("base64url"),
    publicUrl: "https://learn.example.org",
    log: { debug() {}, info() {}, warn, error() {} },
    refs: { get: async (key) => stored.get(key), set: async (key, value) => void stored.set(key, value) },
    given: async () => undefined,
    ...more,
  });
}

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), "fadder-images-"));
  stored = new Map();
  warnings = 0;
  images = make();
  const app = express();
  app.get("/i/:file", (req, res, next) => images.route(req, res, next));
  server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(async () => {
  await new Promise((resolve) => server.close(resolve));
  rmSync(dir, { recursive: true, force: true });
});

test("a picture has one unguessable address that says nothing, and is there", async () => {
  const address = (await images.url(picture)) ?? "";
  expect(address).toMatch(/^https:\/\/learn\.example\.org\/i\/[\w-]{43}\.png$/);
  const response = await fetch(url + new URL(address).pathname);
  expect(response.status).toBe(200);
  expect(response.headers.get("content-type")).toBe("image/png");
  expect(response.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
  expect(Buffer.from(await response.arrayBuffer()).equals(Buffer.from(await images.png(picture)))).toBe(true);
});

test("the address depends on what is shown and on the secret, not on the order of keys or the alternative text", async () => {
  const path = await images.path(picture);
  const { title, rows } = picture.data;
  const turned = { rows: rows.map(({ label, done, total, note }) => ({ note, total, done, label })), title };
  expect(await images.path({ ...picture, data: turned, alt: "something else" })).toBe(path);
  expect(await images.path({ ...picture, data: { title: "Other", rows } })).not.toBe(path);
  expect(
    await make({ sign: (_purpose, text) => createHmac("sha256", "x").update(text).digest("base64url") }).path(picture),
  ).not.toBe(path);
});

test("without a public address there is no outside address, but the picture and its place on this server", async () => {
  const inside = make({ publicUrl: undefined });
  expect(await inside.url(picture)).toBeUndefined();
  expect((await fetch(url + (await inside.path(picture)))).status).toBe(200);
});

test("a picture whose file is lost, or was made by another instance, is drawn again", async () => {
  const path = await images.path(picture);
  const before = Buffer.from(await images.png(picture));
  rmSync(join(dir, "pictures"), { recursive: true });
  const response = await fetch(url + path);
  expect(response.status).toBe(200);
  expect(Buffer.from(await response.arrayBuffer()).equals(before)).toBe(true);
  expect(readdirSync(join(dir, "pictures"))).toHaveLength(1);
});

test.each(["/i/unknown-but-long-enough-to-be-one-0000000000.png", "/i/..%2F..%2Fetc%2Fpasswd", "/i/x.png", "/i/a.svg"])(
  "%s is not there",
  async (path) => {
    expect((await fetch(url + path)).status).toBe(404);
  },
);

test("asked for many times at once it is drawn once", async () => {
  const all = await Promise.all(Array.from({ length: 20 }, () => images.png(picture)));
  expect(new Set(all).size).toBe(1);
});

test("a disk that takes nothing costs the copy, not the picture", async () => {
  writeFileSync(join(dir, "pictures"), "a file where the folder should be");
  const response = await fetch(url + (await images.path(picture)));
  expect(response.status).toBe(200);
  expect(warnings).toBeGreaterThan(0);
});

test("a picture that an organisation gave is handed out by an address of its own, until it is gone", async () => {
  const id = "a".repeat(64);
  const gave = { kind: "given", data: { id }, alt: "A red house" };
  let bytes: Uint8Array | undefined = new Uint8Array([137, 80, 78, 71]);
  images = make({ given: async (wanted) => (wanted === id ? bytes : undefined) });
  const path = await images.path(gave);
  expect(path).toMatch(/^\/i\/[\w-]{43}\.png$/u);
  expect(path).not.toContain(id.slice(0, 20));
  expect(new Uint8Array(await (await fetch(url + path)).arrayBuffer())).toEqual(bytes);
  bytes = undefined;
  rmSync(join(dir, "pictures"), { recursive: true });
  expect((await fetch(url + path)).status).toBe(404);
  await expect(images.png({ ...gave, data: { id: "../../etc/passwd" } })).rejects.toThrow();
});

test("an unknown kind and data of another shape are errors that say so", async () => {
  await expect(images.png({ kind: "cube", data: {}, alt: "" })).rejects.toThrow('no picture of kind "cube"');
  await expect(images.png({ kind: "progress", data: { title: "x" }, alt: "" })).rejects.toThrow("rows");
});
