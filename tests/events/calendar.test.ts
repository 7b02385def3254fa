import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import express from "express";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type CalendarDeps, feedAddress } from "../../src/events/calendar.ts";
import { cancelEvent, changeEvent } from "../../src/events/events.ts";
import { mountCalendar } from "../../src/events/page.ts";
import { answerSeat } from "../../src/events/seats.ts";
import { createCatalogue } from "../../src/programmes/catalogue.ts";
import type { Store } from "../../src/store/types.ts";
import { sealing, secret } from "../cohorts/world.ts";
import { readCalendar } from "../support/calendar.ts";
import { programmes, words } from "../support/chat.ts";
import { createDatabase, type TestDatabase } from "../support/databases.ts";
import { createWorld, dayFacts, dayMs, sunday } from "./world.ts";

let database: TestDatabase;
let store: Store;
let world: ReturnType<typeof createWorld>;
let deps: CalendarDeps;
let close: () => Promise<unknown>;
beforeEach(async () => {
  database = await createDatabase("sqlite");
  store = await database.open();
  world = createWorld(store);
  const app = express();
  const server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const catalogue = createCatalogue(programmes, []);
  deps = { db: store.db, words, catalogue, secret, origin, now: () => world.clock.now, open: sealing.open };
  mountCalendar(app, deps);
  close = () => new Promise((resolve) => server.close(resolve));
});
afterEach(async () => {
  await close();
  await database.drop();
});

test("a person's calendar: times in UTC, sequence, cancelled days, long titles in any script, nobody's name", async () => {
  const cohort = await world.cohort();
  const [anna, bo] = [await world.member("anna", cohort.code), await world.member("bo", cohort.code)];
  const title = "Дълъг ден за ролята на ментора, и кафе; åäö – просто\\так, Råd och stöd till föräldrar i förorten";
  const id = await world.plan(cohort.id, { title, venue: "Rådhuset, sal 4; indgang B" });
  const second = await world.plan(cohort.id, { title: "Day 2", startsAt: sunday + 7 * dayMs });
  await world.plan(cohort.id, { title: "Far away", startsAt: sunday + 500 * dayMs });
  await answerSeat(store.db, id, await anna.id(), "coming", world.clock.now);
  const address = await feedAddress(deps, await anna.id());
  expect(await feedAddress(deps, await anna.id())).toBe(address);
  const stored = await store.db.calendarFeed.findFirstOrThrow();
  expect(JSON.stringify(stored, (_key, value) => (typeof value === "bigint" ? String(value) : value))).not.toContain(
    address.split("/").at(-1),
  );

  const first = await fetch(`${address}.ics`);
  expect(first.headers.get("content-type")).toContain("text/calendar");
  const text = await first.text();
  const [one, two] = readCalendar(text);
  expect(readCalendar(text)).toHaveLength(2);
  expect(Object.fromEntries(one ?? [])).toMatchObject({
    UID: `${id}@fadder`,
    SUMMARY: title,
    LOCATION: "Rådhuset, sal 4; indgang B",
    DTSTART: "20260315T090000Z",
    DTEND: "20260315T150000Z",
    STATUS: "CONFIRMED",
    SEQUENCE: "0",
  });
  expect(two?.get("STATUS")).toBe("TENTATIVE");
  expect(text).not.toContain("Name of");
  expect(text).not.toContain(await bo.id());

  const etag = first.headers.get("etag") ?? "";
  expect((await fetch(`${address}.ics`, { headers: { "if-none-match": etag } })).status).toBe(304);
  await changeEvent(store.db, id, dayFacts({ title, startsAt: sunday + dayMs }), world.clock.now);
  await cancelEvent(store.db, second, "Snow, and much of it", world.clock.now);
  const after = await fetch(`${address}.ics`, { headers: { "if-none-match": etag } });
  expect(after.status).toBe(200);
  const [moved, cancelled] = readCalendar(await after.text());
  expect([moved?.get("SEQUENCE"), moved?.get("DTSTART")]).toEqual(["1", "20260316T090000Z"]);
  expect([cancelled?.get("STATUS"), cancelled?.get("DESCRIPTION")]).toEqual(["CANCELLED", "Snow, and much of it"]);

  const alone = await fetch(`${address}/${id}.ics`);
  expect(readCalendar(await alone.text()).map((event) => event.get("UID"))).toEqual([`${id}@fadder`]);
});

test("an address that was taken back, or was never given, is nobody's", async () => {
  const cohort = await world.cohort();
  const anna = await world.member("anna", cohort.code);
  await world.plan(cohort.id, { template: "day-2", title: null });
  await anna.type("days calendar");
  expect(await world.work(anna)).toContain("your own calendar of training days");
  const address = await feedAddress(deps, await anna.id());
  // A day of the programme is called what the programme calls it.
  const [day] = readCalendar(await (await fetch(`${address}.ics`)).text());
  expect(day?.get("SUMMARY")).toBe("Day 2: Listening and difficult talks");
  expect((await fetch(`${address}/another-session.ics`)).status).toBe(404);
  expect((await fetch(`${address.slice(0, -1)}.ics`)).status).toBe(404);
  await anna.type("days calendar off");
  expect(await world.work(anna)).toContain("does not work any more");
  expect((await fetch(`${address}.ics`)).status).toBe(404);
  expect(await feedAddress(deps, await anna.id())).not.toBe(address);
});
