import { createServer, get } from "node:http";
import type { AddressInfo } from "node:net";
import express from "express";
import { expect, test } from "vitest";
import { listen } from "../../src/http/server.ts";

test("stops within its bound with a stream that nobody ends, and ends the stream", async () => {
  const app = express();
  app.get("/stream", (_request, response) => {
    response.type("text/event-stream").write(": hello\n\n");
    const beat = setInterval(() => response.write(": beat\n\n"), 5);
    response.on("close", () => clearInterval(beat));
  });
  const server = await listen(app, "127.0.0.1", 0);
  const stream = await fetch(`${server.url}stream`);
  const text = stream.text();
  const started = performance.now();
  await server.close(5_000);
  expect(performance.now() - started).toBeLessThan(2_000);
  expect(await text).toContain(": hello");
});

test("lets a request finish, takes no new one, and cuts what outlasts the grace", async () => {
  const app = express();
  let finish: () => void = () => undefined;
  let begun: () => void = () => undefined;
  const bothBegun = Promise.all([
    new Promise<void>((resolve) => {
      app.get("/slow", (_request, response) => {
        finish = () => response.send("done");
        resolve();
      });
    }),
    new Promise<void>((resolve) => {
      begun = resolve;
    }),
  ]);
  app.get("/never", () => begun());
  const server = await listen(app, "127.0.0.1", 0);
  const slow = fetch(`${server.url}slow`);
  const never = fetch(`${server.url}never`).catch(() => "cut");
  await bothBegun;
  const closed = server.close(300);
  finish();
  expect(await (await slow).text()).toBe("done");
  await closed;
  expect(await never).toBe("cut");
  await expect(fetch(server.url)).rejects.toThrow();
});

test("a taken port is said in one sentence with its repair", async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
  const { port } = other.address() as AddressInfo;
  await expect(listen(express(), "127.0.0.1", port)).rejects.toThrow(
    `port ${port} on 127.0.0.1 is taken: stop the program`,
  );
  other.close();
});

test("an address of another machine is said with its repair", async () => {
  await expect(listen(express(), "192.0.2.1", 0)).rejects.toThrow(/cannot listen on 192\.0\.2\.1:0 .*set HOST/);
});

test("a writer that has not heard of the end does no harm", async () => {
  const app = express();
  let write: () => void = () => undefined;
  app.get("/stream", (_request, response) => {
    response.type("text/event-stream").write(": hello\n\n");
    write = () => response.write(": late\n\n");
  });
  const server = await listen(app, "127.0.0.1", 0);
  await new Promise<void>((resolve) =>
    get(`${server.url}stream`, (response) => response.once("data", () => resolve())),
  );
  const closed = server.close(50);
  write();
  await closed;
  // Reached without an uncaught error, which the runner would report.
  expect(write).toBeTypeOf("function");
});
