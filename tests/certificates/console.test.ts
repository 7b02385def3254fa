import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type ConsoleWorld, startConsole } from "../console/world.ts";
import { programmes } from "../support/chat.ts";
import { factsFor } from "./world.ts";

let world: ConsoleWorld;
let here: string;
let elsewhere: string;
beforeEach(async () => {
  world = await startConsole();
  [here, elsewhere] = [await world.organisation("Here"), await world.organisation("Elsewhere")];
  for (const [role, place] of [
    ["admin", here],
    ["coordinator", here],
    ["assessor", here],
  ] as const) {
    await world.person(role);
    await world.grant(role, role, place);
  }
});
afterEach(() => world.close());

async function award(personId: string, organisationId: string, given = {}) {
  const issuer = { organisationId, name: "The Centre" };
  const validUntil = Date.now() + 86_400_000;
  const issued = await world.deps.certificates.issue(factsFor(personId, { issuer, validUntil, ...given }), "admin");
  if ("refused" in issued) throw new Error(issued.refused);
  return issued.award;
}

describe("certificates in the console", () => {
  test("are listed for their organisation alone, by state, and leave as a file without names", async () => {
    const own = await award(await world.person("anna"), here);
    const others = await award(await world.person("bo"), elsewhere, { name: "Bo Bentsen" });
    const ida = await world.enter("coordinator");
    const all = (await ida.get("/console/certificates")).text;
    expect(all).toContain("Åse Ødegård-Петрова");
    expect(all).not.toContain("Bo Bentsen");
    expect((await ida.get("/console/certificates?state=withdrawn")).text).not.toContain("Ødegård");
    expect((await ida.get("/console/certificates?state=valid&programme=family-mentor")).text).toContain("Ødegård");
    const file = (await ida.get("/console/certificates?format=csv")).text;
    expect(file).toContain(own.id);
    expect(file).not.toContain("Ødegård");
    expect((await ida.get(`/console/certificates/${others.id}`)).status).toBe(404);
    expect((await ida.get(`/console/certificates/${others.id}/pdf`)).status).toBe(404);
  });

  test("one is taken back with a reason by whoever may, its owner is told, and it stays in the history", async () => {
    const { id } = await award(await world.person("anna"), here);
    const [ida, admin] = [await world.enter("coordinator"), await world.enter("admin")];
    expect((await ida.get(`/console/certificates/${id}`)).text).not.toContain("Withdraw it");
    expect((await ida.post(`/console/certificates/${id}/withdraw`, { reason: "conduct" })).status).toBe(404);
    expect((await admin.get(`/console/certificates/${id}`)).text).toContain("Withdraw it");
    await admin.post(`/console/certificates/${id}/withdraw`, { reason: "because" });
    expect(await world.store.db.award.findUnique({ where: { id } })).toMatchObject({ state: "valid" });
    await admin.post(`/console/certificates/${id}/withdraw`, { reason: "conduct" });
    await admin.post(`/console/certificates/${id}/withdraw`, { reason: "mistake" });
    expect(await world.store.db.award.findUnique({ where: { id } })).toMatchObject({
      state: "withdrawn",
      reason: "conduct",
    });
    expect(world.told).toMatchObject([
      { input: { name: "certified", data: { state: "withdrawn", award: id, reason: "conduct" } } },
    ]);
    const page = (await admin.get(`/console/certificates/${id}`)).text;
    expect(page).toMatch(/awarded[\s\S]*withdrawn \(code of conduct\)/u);
    const pdf = await admin.get(`/console/certificates/${id}/pdf`);
    expect([pdf.status, pdf.text.slice(0, 5)]).toEqual([200, "%PDF-"]);
  });

  test("more time is granted once, by whoever may award and never by its owner, and its owner is told", async () => {
    const { id } = await award(await world.person("anna"), here);
    const { db } = world.store;
    await db.award.update({ where: { id }, data: { certificate: "level-1", version: programmes[0]?.version ?? "" } });
    const until = (await db.award.findUniqueOrThrow({ where: { id } })).validUntil ?? 0n;
    const at = BigInt(Date.now());
    const asked = { organisationId: here, askedBy: "anna", detail: JSON.stringify({ award: id }), createdAt: at };
    const request = { id: `extension:${id}`, action: "certificates.extend", ...asked, expiresAt: at + 86_400_000n };
    await db.approval.create({ data: request });
    const [ida, eva] = [await world.enter("coordinator"), await world.enter("assessor")];
    const path = `/console/certificates/${id}`;
    expect((await ida.get(path)).text).not.toContain("Grant more time");
    expect((await ida.post(`${path}/extension`, { granted: "yes" })).status).toBe(404);
    expect((await eva.get(path)).text).toContain("Grant more time");
    await eva.post(`${path}/extension`, { granted: "yes" });
    await eva.post(`${path}/extension`, { granted: "yes" });
    const row = await db.award.findUniqueOrThrow({ where: { id } });
    const months = (Number(row.extendedUntil ?? 0n) - Number(until)) / (30 * 86_400_000);
    expect(Math.round(months)).toBe(6);
    expect(world.told).toMatchObject([{ input: { name: "certified", data: { state: "extended", award: id } } }]);
    expect((await eva.get(path)).text).not.toContain("Grant more time");
  });
});
