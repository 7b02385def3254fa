import { request } from "node:http";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { codeHash } from "../../src/people/codes.ts";
import { rootId } from "../../src/people/standing.ts";
import { eraseEverything } from "../../src/privacy/erase.ts";
import { type ConsoleWorld, secret, startConsole } from "./world.ts";

const fields = { organisation: "The Centre", kind: "centre", country: "FI", name: "Name of the first" };

let world: ConsoleWorld;
afterEach(() => world.close());

/** What a request with this Host and these headers gets: fetch lets nobody choose the Host. */
function getAs(path: string, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    request(`${world.url}${path}`, { headers }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    })
      .on("error", reject)
      .end();
  });
}

/** The console over a database in which nobody has begun. */
async function startEmpty(options: Parameters<typeof startConsole>[0] = {}): Promise<ConsoleWorld> {
  const made = await startConsole(options);
  await made.store.db.organisation.update({ where: { id: rootId }, data: { name: "" } });
  return made;
}

describe("the first run", () => {
  beforeEach(async () => {
    world = await startEmpty();
  });

  test("stays closed after the last administrator was erased", async () => {
    const first = world.browser();
    await first.post("/console/setup", fields);
    const [person] = await world.store.db.person.findMany();
    await eraseEverything(world.store, person?.id ?? "", Date.now());
    expect(await world.store.db.grant.count()).toBe(0);
    expect((await world.browser().get("/console/setup")).status).toBe(403);
    expect((await world.browser().post("/console/setup", fields)).status).toBe(403);
    expect((await world.browser().get("/console")).text).not.toContain('href="/console/setup"');
    expect(await world.store.db.person.count()).toBe(0);
  });

  test("makes the organisation at the top and its first administrator, signs in, and is closed after", async () => {
    const { db } = world.store;
    const first = world.browser();
    expect((await first.get("/console")).text).toContain('href="/console/setup"');
    expect((await first.get("/console/setup")).text).toContain("Name of your organisation");
    const done = await first.post("/console/setup", fields);
    expect(done.status).toBe(200);
    expect((await first.get("/console/roles")).text).toContain("Name of the first");
    expect(await db.organisation.findUnique({ where: { id: "root" } })).toMatchObject({
      name: "The Centre",
      country: "FI",
    });
    const [person] = await db.person.findMany({ include: { grants: true, addresses: true } });
    expect(person).toMatchObject({ name: "Name of the first", roles: '["admin"]', addresses: [] });
    expect(person?.grants).toMatchObject([{ role: "admin", organisationId: "root", until: null }]);
    // The code with which a chat becomes this person's, so that there is a way back in.
    const code = /link ([A-Z0-9]{4}-[A-Z0-9]{4})/u.exec(done.text)?.[1] ?? "";
    expect(await db.linkCode.findMany()).toMatchObject([
      { codeHash: codeHash(secret, code), personId: person?.id, usedAt: null },
    ]);

    const second = world.browser();
    expect((await second.get("/console/setup")).status).toBe(403);
    const refused = await second.post("/console/setup", fields);
    expect(refused.status).toBe(403);
    expect(refused.text).toContain("npx fadder invite --role admin");
    expect(await db.person.count()).toBe(1);
  });

  test("says what is missing and keeps what was typed", async () => {
    const answer = await world.browser().post("/console/setup", { ...fields, name: " ", country: "XX" });
    expect(answer.status).toBe(400);
    expect(answer.text).toContain("Something is missing");
    expect(answer.text).toContain('value="The Centre"');
    expect(await world.store.db.person.count()).toBe(0);
  });

  test("is closed to a form of another site, to another name of this machine, and to what a proxy passes on", async () => {
    const foreign = await world.browser().post("/console/setup", fields, { origin: "https://elsewhere.example" });
    expect(foreign.status).toBe(403);
    expect(await getAs("/console/setup", {})).toBe(200);
    expect(await getAs("/console/setup", { host: "elsewhere.example" })).toBe(403);
    for (const name of ["x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip", "forwarded", "via"])
      expect([name, await getAs("/console/setup", { [name]: "192.0.2.1" })]).toEqual([name, 403]);
    expect(await world.store.db.person.count()).toBe(0);
  });
});

describe("the first run behind a public address", () => {
  test("is closed and names the command", async () => {
    world = await startEmpty({ publicUrl: "https://fadder.example" });
    const answer = await world.browser().get("/console/setup");
    expect(answer.status).toBe(403);
    expect(answer.text).toContain("npx fadder invite --role admin");
  });
});
