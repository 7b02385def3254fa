import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import express from "express";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { progressIn } from "../../src/domain/progress.ts";
import type { Adapter } from "../../src/engine/adapter.ts";
import { mountSelfCheck } from "../../src/frameworks/page.tsx";
import { isGoodCode } from "../../src/people/codes.ts";
import { eraseEverything } from "../../src/privacy/erase.ts";
import { createCatalogue } from "../../src/programmes/catalogue.ts";
import type { Store } from "../../src/store/types.ts";
import { createWorld, secret } from "../cohorts/world.ts";
import { words } from "../support/chat.ts";
import { createDatabase, databaseKinds, type TestDatabase } from "../support/databases.ts";
import { assessed } from "../support/frameworks.ts";

const dayMs = 86_400_000;
const opened = assessed.map((programme) => ({ ...programme, selfCheck: true }));
const path = "/self-check/family-mentor";

describe.each(databaseKinds)("an open self-check, on %s", (kind) => {
  let database: TestDatabase;
  let store: Store;
  let world: ReturnType<typeof createWorld>;
  let url: string;
  let close: () => Promise<unknown>;

  beforeEach(async () => {
    database = await createDatabase(kind);
    store = await database.open();
    world = createWorld(store, opened);
    const app = express();
    const adapter = { joinWays: async (code: string) => [{ name: "Chat", url: `https://chat.example/${code}` }] };
    mountSelfCheck(app, {
      store,
      catalogue: createCatalogue(opened, []),
      words,
      adapters: [adapter as unknown as Adapter],
      secret,
      publicUrl: undefined,
      now: () => world.clock.now,
    });
    const server = createServer(app);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    close = () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    };
  });
  afterEach(async () => {
    await close();
    await database.drop();
  });

  const get = (where: string) => fetch(`${url}${where}`, { redirect: "manual", headers: { "accept-language": "en" } });
  const post = (where: string, fields: Record<string, string> = {}, origin = url) =>
    fetch(`${url}${where}`, {
      method: "POST",
      redirect: "manual",
      headers: { origin, "accept-language": "en" },
      body: new URLSearchParams(fields),
    });
  const begin = async (): Promise<string> => ((await post(path)).headers.get("location") ?? "").replace(/\?.*$/u, "");
  const answer = (check: string, competence: string, ...values: readonly number[]) =>
    post(check, {
      competence,
      ...Object.fromEntries(values.map((value, index) => [`${competence}.${index + 1}`, String(value)])),
    });

  async function finished(): Promise<string> {
    const check = await begin();
    for (const [competence, ...values] of [
      ["a1", 2, 2, 1],
      ["a2", 3, 3, 3],
      ["b1", 2, 0, 0],
      ["b2", 2, 2, 2],
    ] as const)
      expect((await answer(check, competence, ...values)).status).toBe(303);
    return check;
  }

  async function codeOf(check: string): Promise<string> {
    const page = await (await post(`${check}/keep`)).text();
    return /https:\/\/chat\.example\/([A-Z0-9]+)/u.exec(page)?.[1] ?? "";
  }

  test("goes from page to page without a script, and ends with a report", async () => {
    const first = await get(path);
    const intro = await first.text();
    expect(intro).toContain("You need no account");
    expect(intro).toContain("It never certifies anything");
    expect(intro).not.toMatch(/<script|style=|onclick/u);
    expect(first.headers.get("x-robots-tag")).toContain("noindex");
    for (const language of ["da", "sv", "bg", "fi"]) expect(intro).toContain(`${path}?lang=${language}`);

    const check = await begin();
    const page = await (await get(check)).text();
    expect(page).toContain("A1 Limits");
    expect(page.match(/<fieldset>/gu)).toHaveLength(3);
    expect(page.match(/type="radio"/gu)).toHaveLength(12);
    // What is left open is asked again, with what was answered; values of no scale count for nothing.
    const half = await answer(check, "a1", 2, 9);
    expect(half.status).toBe(422);
    expect(await half.text()).toContain("Please answer the statements that are still open.");
    expect((await answer(check, "a1", 2, 2, 1)).status).toBe(303);
    expect(await (await get(check)).text()).toContain("A2 Growth");
    // In any order, and two of the lowest end a competence.
    expect(await (await get(`${check}?at=b2`)).text()).toContain("I can do b2 at level 1.");
    expect((await answer(check, "b2", 0, 0)).status).toBe(303);
    for (const competence of ["a2", "b1"]) await answer(check, competence, 2, 2, 2);
    expect((await get(check)).headers.get("location")).toContain("/report");
    const report = await (await get(`${check}/report`)).text();
    expect(report).toContain("<svg");
    expect(report).toMatch(/A1 Limits<\/td><td class="number">2</u);
    expect(report).toMatch(/B2 Alarm<\/td><td class="number">0</u);
    expect(report).toContain("Own view: no level yet");
  });

  test("speaks the five languages, and says first where the statements are in another one", async () => {
    const check = await begin();
    expect(await (await get(`${check}?lang=bg`)).text()).toContain("A1 Limits (на български)");
    const finnish = await (await get(`${check}?lang=fi`)).text();
    expect(finnish).toContain("Itsearviointia ei vielä ole kielelläsi. Näytän sen kielellä: English.");
    expect(finnish).toContain(`action="${check}?lang=fi"`);
  });

  test("stores no token, knows nobody, and forgets everything after a day", async () => {
    const check = await finished();
    const token = check.split("/").at(-1) ?? "";
    const [row] = await store.db.selfCheck.findMany();
    expect(JSON.stringify({ ...row, expiresAt: 0 })).not.toContain(token);
    world.clock.now += dayMs - 1;
    expect((await get(`${check}/report`)).status).toBe(200);
    world.clock.now += 1;
    for (const gone of [await get(check), await get(`${check}/report`), await post(`${check}/keep`)])
      expect(gone.status).toBe(410);
    expect((await answer(check, "a1", 1)).status).toBe(410);
    await store.upkeep.empty(world.clock.now + 1);
    expect(await store.db.selfCheck.count()).toBe(0);
  });

  test("is closed where the programme does not open it, to forms of others, and to floods", async () => {
    expect((await get("/self-check/another")).status).toBe(404);
    expect((await get(`${path}/${"a".repeat(32)}`)).status).toBe(410);
    const check = await finished();
    const other = "https://elsewhere.example";
    for (const where of [path, check, `${check}/keep`]) expect((await post(where, {}, other)).status).toBe(403);
    const statuses = [];
    for (let n = 0; n < 25; n += 1) statuses.push((await post(path)).status);
    expect(statuses.slice(0, 10)).toEqual(Array.from({ length: 10 }, () => 303));
    expect(statuses.at(-1)).toBe(429);
  });

  test("moves into a chat with a code, once, and is that person's alone", async () => {
    const check = await finished();
    const first = await codeOf(check);
    const code = await codeOf(check);
    expect(await isGoodCode(store.db, secret, first, world.clock.now)).toBe(false);
    expect(await isGoodCode(store.db, secret, code, world.clock.now)).toBe(true);
    const anna = await world.learner("anna");
    await anna.type(`join ${code}`);
    const said = await world.work(anna);
    expect(said).toContain("Your self-check is here now");
    expect(said).toContain("My role: level 3 (A1 2, A2 3)");
    expect(said).toContain("Only you see this report.");
    const { state } = await store.db.progress.findUniqueOrThrow({ where: { personId: await anna.id() } });
    expect(progressIn(JSON.parse(state), "family-mentor").self).toMatchObject([
      { levels: { a1: 2, a2: 3, b1: 1, b2: 3 }, sharedAt: null },
    ]);
    // Forgotten here: the page is gone, and the code works for nobody any more.
    expect(await store.db.selfCheck.count()).toBe(0);
    expect((await get(`${check}/report`)).status).toBe(410);
    const bo = await world.learner("bo");
    await bo.type(`join ${code}`);
    expect(await world.work(bo)).not.toContain("My role");
  });

  test("a job that is done twice keeps it once; an erased person leaves none behind", async () => {
    const code = await codeOf(await finished());
    const anna = await world.learner("anna");
    await anna.type(`join ${code}`);
    // Taken, and the process ended before the person heard of it.
    const id = await anna.id();
    await store.db.selfCheck.updateMany({ data: { usedBy: id } });
    expect(await world.work(anna)).toContain("Your self-check is here now");
    expect(await store.db.record.count({ where: { personId: id, type: "self.done" } })).toBe(1);

    await codeOf(await finished());
    await store.db.selfCheck.updateMany({ data: { usedBy: id } });
    await eraseEverything(store, id, world.clock.now);
    expect(await store.db.selfCheck.count()).toBe(0);
    expect(await store.db.record.count({ where: { personId: id } })).toBe(0);
  });

  test("a deep link welcomes a stranger first and keeps it afterwards", async () => {
    const code = await codeOf(await finished());
    const bo = world.chat("bo");
    await bo.command("start", `join_${code}`);
    await bo.press("English");
    expect(await world.work(bo)).toContain("Your self-check is here now");
  });
});
