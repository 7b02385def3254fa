import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { everythingAbout } from "../../src/privacy/about.ts";
import { eraseEverything } from "../../src/privacy/erase.ts";
import { createDatabase, databaseKinds } from "../support/databases.ts";
import { type Browser, type ConsoleWorld, startConsole } from "./world.ts";

describe.each(databaseKinds)("private notes, on %s", (kind) => {
  let world: ConsoleWorld;
  let lead: Browser;
  let town: string;
  beforeEach(async () => {
    world = await startConsole({ database: await createDatabase(kind) });
    town = await world.organisation("Town");
    for (const one of ["lead", "other"]) {
      await world.person(one);
      await world.grant(one, "coordinator", town);
    }
    await world.person("boss");
    await world.grant("boss", "admin");
    await world.member("anna", town);
    lead = await world.enter("lead");
  });
  afterEach(() => world.close());

  const post = (note: string, more: Record<string, string> = {}) =>
    lead.post("/console/people/anna/notes", { note, ...more });

  test("are read by their author alone, lie sealed in the database, and are written down without their words", async () => {
    const answer = await post("Learns best in the evening.\r\nWants shorter lessons.");
    expect(answer.headers.get("location")).toBe("/console/people/anna");
    const page = (await lead.get("/console/people/anna")).text;
    expect(page).toContain("<p>Learns best in the evening.</p><p>Wants shorter lessons.</p>");
    for (const one of ["other", "boss"]) {
      expect((await (await world.enter(one)).get("/console/people/anna")).text).not.toContain("evening");
    }
    const { db } = world.store;
    const [row] = await db.note.findMany();
    expect(Buffer.from(row?.text ?? []).toString("latin1")).not.toContain("evening");
    const [entry] = await db.audit.findMany({ where: { action: "note.add" } });
    expect(entry).toMatchObject({ actor: "lead", subject: "anna", organisationId: town, detail: "{}" });
    // Whoever they are about learns how many there are, and erasing takes them along.
    expect((await everythingAbout(world.store, "anna", world.deps.open))?.notes).toHaveLength(1);
    await eraseEverything(world.store, "anna", Date.now());
    expect(await db.note.count()).toBe(0);
  });

  test("can be deleted by their author and by nobody else", async () => {
    await post("Learns best in the evening.");
    const [row] = await world.store.db.note.findMany();
    const path = `/console/people/anna/notes/${row?.id}/delete`;
    expect((await (await world.enter("other")).post(path)).status).toBe(404);
    expect((await lead.post(path)).headers.get("location")).toBe("/console/people/anna");
    expect(await world.store.db.note.count()).toBe(0);
    expect((await lead.post(path)).status).toBe(404);
  });

  test.each([
    ["a personal number", "Her number is 010190-1234.", "a personal number"],
    ["something from a case", "The mother has a depression and takes medicine.", "case"],
    ["danger", "She said that her father hit her.", "nobody was informed"],
  ])("with %s are kept nowhere and come back to be changed", async (_what, note, said) => {
    for (const anyway of ["", "yes"]) {
      const answer = await post(note, { anyway });
      expect(answer.status).toBe(422);
      expect(answer.text).toContain(said);
      expect(answer.text).toContain(`${note}</textarea>`);
      expect(answer.text).not.toContain('name="anyway"');
    }
    expect(await world.store.db.note.count()).toBe(0);
  });

  test("with what looks like a name are kept once their author says that it is none", async () => {
    const note = "Talk about Peter Hansen next time.";
    const answer = await post(note);
    expect(answer.status).toBe(422);
    expect(answer.text).toContain('name="anyway"');
    expect(await world.store.db.note.count()).toBe(0);
    expect((await post(note, { anyway: "yes" })).status).toBe(303);
    expect(await world.store.db.note.count()).toBe(1);
  });

  test("need a text, a right and a member", async () => {
    await post("  ");
    expect((await lead.get("/console/people/anna")).text).toContain("Nothing was kept");
    await post("x".repeat(1_001));
    const boss = await world.enter("boss");
    expect((await boss.post("/console/people/anna/notes", { note: "Fine." })).status).toBe(404);
    await world.member("carl", await world.organisation("Elsewhere"));
    expect((await lead.post("/console/people/carl/notes", { note: "Fine." })).status).toBe(404);
    expect(await world.store.db.note.count()).toBe(0);
  });
});
