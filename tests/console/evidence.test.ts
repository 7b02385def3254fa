import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ConsoleWorld, startConsole } from "./world.ts";

let world: ConsoleWorld;
let town: string;
const reason = "Please say what came of it.";

beforeAll(async () => {
  world = await startConsole();
  town = await world.organisation("Town");
  for (const role of ["assessor", "coordinator"] as const) {
    await world.person(role);
    await world.grant(role, role, town);
  }
  await world.person("learner");
});
afterAll(() => world.close());

async function item(given: { readonly personId?: string; readonly kind?: string; readonly shared?: boolean } = {}) {
  const { db } = world.store;
  const at = BigInt(Date.now());
  const id = randomUUID();
  const { kind = "text", personId = "learner", shared = false } = given;
  const text = new Uint8Array(world.deps.seal("evidence", "I listened <b>well</b>.", `${id}:text`));
  await db.evidence.create({
    data: {
      ...{ id, personId, programme: "family-mentor", version: "1.1.0", organisationId: town, kind, shared, text },
      ...{ prior: false, competences: '["a1","a2"]', state: "submitted", createdAt: at, changedAt: at },
    },
  });
  await db.evidenceStep.create({ data: { id: `${id}:1`, evidenceId: id, n: 1, state: "submitted", by: personId, at } });
  if (kind !== "file") return id;
  const file = randomUUID();
  const bytes = new Uint8Array(world.deps.sealBytes("evidence-file", Buffer.from("<script>alert(1)</script>"), file));
  const facts = { mime: "text/plain", size: 25, tickedAt: at };
  await db.evidenceFile.create({ data: { id: file, evidenceId: id, bytes, ...facts } });
  return id;
}
const stored = (id: string) => world.store.db.evidence.findUniqueOrThrow({ where: { id } });

test("an assessor finds what waits, reads it, and accepts a part of it", async () => {
  const id = await item();
  const browser = await world.enter("assessor");
  const list = await browser.get("/console/evidence?q=Name+of+learner");
  expect(list.text).toContain(`/console/evidence/${id}`);
  const csv = await browser.get("/console/evidence?format=csv");
  expect(csv.headers.get("content-type")).toContain("text/csv");
  expect(csv.text).toContain("family-mentor");
  expect(csv.text).not.toContain("Name of learner");
  const page = await browser.get(`/console/evidence/${id}`);
  expect(page.text).toContain("I listened &lt;b>well&lt;/b>.");
  expect(await world.store.db.audit.count({ where: { actor: "assessor", action: "evidence.see" } })).toBe(1);
  const answer = await browser.post(`/console/evidence/${id}/accept`, { competence: "a2" });
  expect(answer.headers.get("location")).toBe("/console/evidence");
  expect(await stored(id)).toMatchObject({ state: "accepted", accepted: '["a2"]' });
  await browser.post(`/console/evidence/${id}/return`, { reason });
  expect((await browser.get(`/console/evidence/${id}`)).text).toContain("Somebody has decided about it meanwhile");
});

test("a reason that names somebody is kept nowhere", async () => {
  const id = await item();
  const browser = await world.enter("assessor");
  await browser.post(`/console/evidence/${id}/return`, { reason: "Maria Petrova can be recognised by her street." });
  expect((await browser.get(`/console/evidence/${id}`)).text).toContain("seems to name somebody");
  expect(await stored(id)).toMatchObject({ state: "submitted" });
  await browser.post(`/console/evidence/${id}/return`, { reason });
  expect(await stored(id)).toMatchObject({ state: "returned" });
  expect((await browser.get(`/console/evidence/${id}`)).text).toContain(reason);
});

test("a file is handed out as a file and never shown", async () => {
  const id = await item({ kind: "file" });
  const browser = await world.enter("assessor");
  const file = await browser.get(`/console/evidence/${id}/file`);
  expect(file.text).toContain("<script>");
  expect(file.headers.get("content-disposition")).toMatch(/^attachment/u);
  expect(file.headers.get("content-security-policy")).toBe("default-src 'none'; sandbox");
  expect(file.headers.get("x-content-type-options")).toBe("nosniff");
  expect(await world.store.db.audit.count({ where: { action: "evidence.download", subject: "learner" } })).toBe(1);
});

test("destroying asks first, then takes the file at once", async () => {
  const id = await item({ kind: "file" });
  const browser = await world.enter("assessor");
  await browser.post(`/console/evidence/${id}/recognisable`);
  expect(await stored(id)).toMatchObject({ state: "submitted" });
  await browser.post(`/console/evidence/${id}/recognisable`, { sure: "yes" });
  expect(await stored(id)).toMatchObject({ state: "destroyed", text: null });
  expect((await browser.get(`/console/evidence/${id}/file`)).status).toBe(404);
  expect((await browser.get(`/console/evidence/${id}`)).text).toContain("The file is destroyed");
});

test("nobody decides about their own", async () => {
  const id = await item({ personId: "assessor" });
  const browser = await world.enter("assessor");
  expect((await browser.get(`/console/evidence/${id}`)).text).toContain("This is your own evidence");
  for (const act of ["accept", "return", "recognisable"]) {
    await browser.post(`/console/evidence/${id}/${act}`, { competence: "a1", reason, sure: "yes" });
    expect((await browser.get(`/console/evidence/${id}`)).text).toContain("Nobody reviews their own evidence");
  }
  expect(await stored(id)).toMatchObject({ state: "submitted" });
});

test("a coordinator sees the state; what it says and the file where it is shared", async () => {
  const [closed, open] = [await item({ kind: "file" }), await item({ kind: "file", shared: true })];
  const browser = await world.enter("coordinator");
  const page = await browser.get(`/console/evidence/${closed}`);
  expect([page.status, page.text]).toEqual([200, expect.stringContaining("What it says is for those who assess it")]);
  expect(page.text).not.toContain("I listened");
  expect((await browser.get(`/console/evidence/${closed}/file`)).status).toBe(404);
  expect((await browser.get(`/console/evidence/${open}`)).text).toContain("I listened");
  expect((await browser.get(`/console/evidence/${open}/file`)).status).toBe(200);
  expect((await browser.post(`/console/evidence/${open}/accept`, { competence: "a1" })).status).toBe(404);
});
