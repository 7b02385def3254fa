import { afterEach, beforeEach, expect, test } from "vitest";
import { type ConsoleWorld, startConsole } from "./world.ts";

let world: ConsoleWorld;
beforeEach(async () => {
  world = await startConsole();
  await world.person("anna");
  await world.grant("anna", "coordinator");
});
afterEach(() => world.close());

test("a good link works however many wrong ones were tried from the same address", async () => {
  for (let tries = 0; tries < 25; tries += 1) await world.browser().post(`/sign-in/${"x".repeat(43)}`);
  expect((await world.browser().post(`/sign-in/${"x".repeat(43)}`)).status).toBe(429);
  const anna = world.browser();
  expect((await anna.post(new URL(await world.signInLink("anna")).pathname)).status).toBe(303);
  expect((await anna.get("/console/today")).status).toBe(200);
});
