import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sections } from "../../src/console/sections.ts";
import { type Action, type Role, roles, rules } from "../../src/people/access.ts";
import { makeThings } from "./things.ts";
import { type Browser, type ConsoleWorld, startConsole } from "./world.ts";

const routes = sections.flatMap((section) => section.routes);
/** An address of a route, with something in every gap that is nobody's and nothing's. */
const addressOf = (path: string): string => `/console${path.replace(/:[^/]+/gu, "nothing-here")}`;

let world: ConsoleWorld;
const browsers = new Map<string, Browser>();
let elsewhere: string;

beforeAll(async () => {
  world = await startConsole();
  elsewhere = await world.organisation("Elsewhere");
  for (const role of roles) {
    await world.person(role);
    await world.grant(role, role);
    browsers.set(role, await world.enter(role));
  }
  await world.person("nobody");
  browsers.set("without any role", await world.enter("nobody"));
});
afterAll(() => world.close());

const held = (who: string): readonly string[] => (who === "without any role" ? [] : [who]);

describe("every route of the console", () => {
  test("has a rule", () => {
    expect(routes.length).toBeGreaterThan(5);
    for (const { method, path, action } of routes)
      expect(Object.keys(rules), `${method} ${path} needs a right that exists`).toContain(action);
  });

  test("stands under one address once", () => {
    const names = routes.map(({ method, path }) => `${method} ${path.replace(/:[^/]+/gu, ":")}`);
    expect(names).toEqual([...new Set(names)]);
  });

  test("is closed to whoever is not signed in, and looks like one that does not exist", async () => {
    const stranger = world.browser();
    const nothing = await stranger.get("/console/there-is-no-such-page");
    for (const { method, path } of routes) {
      const answer = await stranger[method](addressOf(path));
      expect([method, path, answer.status]).toEqual([method, path, 401]);
      expect(answer.text).toBe(nothing.text);
    }
  });

  test.each([...roles, "without any role"])("is open to %s by its rule and looks absent otherwise", async (who) => {
    const browser = browsers.get(who);
    const nothing = await browser?.get("/console/there-is-no-such-page");
    let opened = 0;
    for (const { method, path, action } of routes) {
      const allowed: readonly string[] = rules[action as Action];
      const may = held(who).some((role) => allowed.includes(role));
      // A gap filled with nothing is nobody's page: only whole addresses show that a right opens.
      if (may && !path.includes(":") && method === "get") {
        const answer = await browser?.get(addressOf(path));
        expect([method, path, answer?.status]).toEqual([method, path, 200]);
        opened += 1;
      }
      if (may) continue;
      const answer = await browser?.[method](addressOf(path));
      expect([method, path, answer?.status]).toEqual([method, path, 404]);
      if (method === "get") expect(answer?.text).toBe(nothing?.text);
    }
    const whole = routes.filter(({ method, path }) => method === "get" && !path.includes(":"));
    expect(opened > 0).toBe(whole.some(({ action }) => (rules[action] as readonly string[]).includes(who)));
  });

  test("refuses a form without the session's token whoever sends it", async () => {
    const admin = browsers.get("admin");
    for (const { method, path } of routes) {
      if (method !== "post") continue;
      const answer = await admin?.post(addressOf(path), { csrf: "" });
      expect([path, answer?.status]).toEqual([path, 403]);
    }
  });

  test("has no place in the navigation of somebody who may not go there", async () => {
    const text = (await browsers.get("trainer")?.get("/console/there-is-no-such-page"))?.text ?? "";
    for (const { path, routes: own } of sections) {
      const entry = own.find((route) => route.method === "get" && route.path === path);
      if (path === undefined || entry === undefined) continue;
      const allowed: readonly Role[] = rules[entry.action];
      expect([path, text.includes(`href="/console${path}"`)]).toEqual([path, allowed.includes("trainer")]);
    }
  });
});

describe("somebody else's organisation", () => {
  test("is closed on every route that names something of it, whatever role the visitor has elsewhere", async () => {
    const [here, there] = [await world.organisation("Here"), await world.organisation("There")];
    const fill = await makeThings(world, there);
    const named = routes.filter(({ path }) => path.includes(":"));
    const before = await contents(world);
    for (const role of roles) {
      await world.person(`${role}-here`);
      await world.grant(`${role}-here`, role, here);
      const browser = await world.enter(`${role}-here`);
      for (const { method, path } of named) {
        const answer = await browser[method](fill(path));
        expect([role, method, path, answer.status]).toEqual([role, method, path, 404]);
      }
    }
    expect(await contents(world)).toBe(before);

    // The same addresses are open to the same role there: it is the organisation that closes them.
    const open = new Set<string>();
    for (const role of roles) {
      await world.person(`${role}-there`);
      await world.grant(`${role}-there`, role, there);
      const browser = await world.enter(`${role}-there`);
      for (const { method, path } of named) {
        if (method === "get" && (await browser.get(fill(path))).status === 200) open.add(path);
      }
    }
    expect(named.flatMap(({ method, path }) => (method === "get" && !open.has(path) ? [path] : []))).toEqual([]);
  }, 60_000);

  test("is closed by address to whoever has the right elsewhere", async () => {
    const { db } = world.store;
    const own = await world.organisation("Own");
    await world.person("lead-of-own");
    await world.grant("lead-of-own", "coordinator", own);
    await world.person("boss-of-own");
    await world.grant("boss-of-own", "admin", own);
    await world.member("foreign-member", elsewhere);
    await world.member("own-member", own);
    const coordinator = await world.enter("lead-of-own");
    const admin = await world.enter("boss-of-own");

    expect((await coordinator.get("/console/people/own-member")).status).toBe(200);
    const foreign = await coordinator.get("/console/people/foreign-member");
    const absent = await coordinator.get("/console/people/there-is-nobody");
    expect([foreign.status, absent.status]).toEqual([404, 404]);
    expect(foreign.text).toBe(absent.text);
    const list = (await coordinator.get("/console/people")).text;
    expect(list).toContain("Name of own-member");
    expect(list).not.toContain("Name of foreign-member");
    // Persons without membership belong to the top.
    expect(list).not.toContain("Name of nobody");

    expect((await admin.get(`/console/organisations/${own}`)).status).toBe(200);
    expect((await admin.get(`/console/organisations/${elsewhere}`)).status).toBe(404);
    const fields = { name: "Taken over", kind: "partner", country: "DK", region: "" };
    expect((await admin.post(`/console/organisations/${elsewhere}`, fields)).status).toBe(404);
    expect((await admin.post("/console/organisations", { ...fields, parent: elsewhere })).status).toBe(404);
    expect((await admin.get("/console/roles/give/foreign-member")).status).toBe(404);
    const role = { role: "admin", organisation: "root", programme: "", deputyFor: "", until: "" };
    expect((await admin.post("/console/roles/give/own-member", role)).status).toBe(404);
    const [foreignGrant] = await db.grant.findMany({ where: { personId: "coordinator" } });
    expect((await admin.post(`/console/roles/${foreignGrant?.id}/take`)).status).toBe(404);
    expect((await coordinator.post("/console/exports", { organisation: elsewhere })).status).toBe(404);
    expect(await db.organisation.count({ where: { name: "Taken over" } })).toBe(0);
    expect(await db.approval.count({ where: { organisationId: elsewhere } })).toBe(0);
    expect(await db.grant.count({ where: { personId: "own-member" } })).toBe(0);
  });
});

/** What an intruder could have changed. */
async function contents(where: ConsoleWorld): Promise<string> {
  const { db } = where.store;
  const found = [
    await db.cohort.findMany(),
    await db.membership.findMany(),
    await db.approval.findMany(),
    await db.question.findMany(),
    await db.questionEntry.findMany(),
    await db.broadcast.findMany(),
    await db.organisation.findMany(),
    await db.evidence.findMany(),
    await db.evidenceStep.findMany(),
    await db.programmeDraft.findMany(),
    await db.programmeStep.findMany(),
  ];
  return JSON.stringify(found, (_key, value: unknown) => (typeof value === "bigint" ? String(value) : value));
}
