import { afterEach, beforeEach, expect, test } from "vitest";
import { type ConsoleWorld, startConsole } from "../console/world.ts";

let world: ConsoleWorld;
let town: string;
beforeEach(async () => {
  world = await startConsole();
  town = await world.organisation("Town");
  await world.member("anna", town);
  await world.person("lead");
  await world.grant("lead", "coordinator", town);
});
afterEach(() => world.close());

test("a coordinator writes, looks, sends and takes back; the page names what is wrong", async () => {
  const lead = await world.enter("lead");
  await lead.get("/console/broadcasts/new");
  const written = await lead.post("/console/broadcasts", { cohort: "cohort-anna", "text-en": "Dear {nam}, hello." });
  const address = written.headers.get("location") ?? "";
  const wrong = await lead.get(address);
  expect(wrong.text).toContain("It is for 1 person.");
  expect(wrong.text).toContain("a field that does not exist: {nam}");
  expect(wrong.text).not.toContain(`action="${address}/send"`);
  await lead.post(address, { cohort: "cohort-anna", "text-en": "Dear {name}, hello.", acknowledge: "yes" });
  const right = await lead.get(address);
  expect(right.text).toContain(`action="${address}/send"`);
  await lead.post(`${address}/send`);
  expect((await lead.get(address)).text).toContain("Waits to leave");
  await lead.post(`${address}/takeback`);
  expect((await lead.get(address)).text).toContain("Draft");
  expect((await lead.get("/console/broadcasts")).text).toContain("Dear {name}, hello.");
});

test("for a coordinator of another organisation the page and its buttons are not there", async () => {
  const lead = await world.enter("lead");
  await lead.get("/console/broadcasts/new");
  const written = await lead.post("/console/broadcasts", { "text-en": "Hello." });
  const address = written.headers.get("location") ?? "";
  await world.person("other");
  await world.grant("other", "coordinator", await world.organisation("Elsewhere"));
  const other = await world.enter("other");
  expect((await other.get(address)).status).toBe(404);
  expect((await other.post(`${address}/send`)).status).toBe(404);
  expect((await other.get("/console/broadcasts")).text).not.toContain("Hello.");
  expect(await world.store.db.broadcast.count({ where: { state: "draft" } })).toBe(1);
});

test("what cannot wait is ticked in the form and stays ticked", async () => {
  const lead = await world.enter("lead");
  await lead.get("/console/broadcasts/new");
  const written = await lead.post("/console/broadcasts", {
    cohort: "cohort-anna",
    "text-en": "We meet an hour later.",
    urgent: "yes",
  });
  const [stored] = await world.store.db.broadcast.findMany();
  expect(JSON.parse(stored?.timing ?? "")).toEqual({ kind: "now", urgent: true });
  const page = await lead.get(written.headers.get("location") ?? "");
  expect(page.text).toMatch(/<input[^>]*name="urgent"[^>]*checked/u);
});
