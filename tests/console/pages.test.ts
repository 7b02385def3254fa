import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { arrange, type Column } from "../../src/console/table.tsx";
import { toCsv } from "../../src/csv.ts";
import { createDatabase, databaseKinds } from "../support/databases.ts";
import { type ConsoleWorld, startConsole } from "./world.ts";

const day = 86_400_000;

describe("a file for spreadsheets", () => {
  test("runs nothing, whatever a name begins with", () => {
    const evil = ["=HYPERLINK(1)", "+1", "-1", "@SUM(A1)", "\tx", "\rx", 'a "b", c', "line\nbreak", "plain"];
    const [head, ...lines] = toCsv(
      ["name", "n"],
      evil.map((name) => [name, -3]),
    ).split("\r\n");
    expect(head).toBe("\ufeffname,n");
    expect(lines).toEqual([
      "'=HYPERLINK(1),-3",
      "'+1,-3",
      "'-1,-3",
      "'@SUM(A1),-3",
      "'\tx,-3",
      '"\'\rx",-3',
      '"a ""b"", c",-3',
      '"line\nbreak",-3',
      "plain,-3",
      "",
    ]);
  });
});

describe("a table", () => {
  const columns: readonly Column<{ name: string; n: number | null }>[] = [
    { id: "name", label: "Name", value: (row) => row.name },
    { id: "n", label: "N", value: (row) => row.n },
  ];
  const rows = ["Örn 10", "Örn 9", "anna", "Bo"].map((name, n) => ({ name, n: n === 3 ? null : n * 10 }));
  const names = (query: string): string[] =>
    arrange(rows, columns, new URLSearchParams(query), "sv").rows.map(({ name }) => name);

  test("sorts as the language does, numbers by value, unknown values last", () => {
    expect(names("")).toEqual(["anna", "Bo", "Örn 9", "Örn 10"]);
    expect(names("sort=n")).toEqual(["Örn 10", "Örn 9", "anna", "Bo"]);
    expect(names("sort=nonsense&down=1")).toEqual(["Örn 10", "Örn 9", "Bo", "anna"]);
    expect(names("sort=n&down=1")).toEqual(["anna", "Örn 9", "Örn 10", "Bo"]);
  });

  test("shares a page with others by a prefix of its own", () => {
    const view = arrange(rows, columns, new URLSearchParams("q=nobody&one.q=örn&one.down=1&page=9"), "sv", "one.");
    expect(view.rows.map(({ name }) => name)).toEqual(["Örn 10", "Örn 9"]);
    expect([view.filter, view.down, view.page]).toEqual(["örn", true, 1]);
  });

  test("filters by what can be read and pages what is left", () => {
    expect(names("q=ÖRN")).toEqual(["Örn 9", "Örn 10"]);
    expect(names("q=20")).toEqual([]);
    const many = Array.from({ length: 120 }, (_, n) => ({ name: `p${n}`, n }));
    const last = arrange(many, columns, new URLSearchParams("page=99"), "en");
    expect([last.page, last.pages, last.rows.length, last.all.length]).toEqual([3, 3, 20, 120]);
    expect(arrange(many, columns, new URLSearchParams("page=-1"), "en").page).toBe(1);
  });
});

describe.each(databaseKinds)("the pages about people, on %s", (kind) => {
  let world: ConsoleWorld;
  let town: string;
  beforeEach(async () => {
    world = await startConsole({ database: await createDatabase(kind) });
    town = await world.organisation("Town");
    await world.person("boss");
    await world.grant("boss", "admin");
    await world.person("lead");
    await world.grant("lead", "coordinator", town);
    await world.member("anna", town);
  });
  afterEach(() => world.close());

  test("the list shows nothing done as zero, and never as never", async () => {
    const lead = await world.enter("lead");
    const { text } = await lead.get("/console/people");
    expect(text).toContain("1 row");
    expect(text).toMatch(/Name of anna.*Cohort of anna.*Town.*never.*>0<.*>\d+<.*yes/u);
    await world.store.db.address.updateMany({ data: { state: "gone" } });
    expect((await lead.get("/console/people?sort=done&down=1")).text).toContain("no: messages do not arrive");
    expect((await lead.get("/console/people?q=nobody-here")).text).toContain("0 rows");
  });

  test("a column says how it is sorted and its link turns it round", async () => {
    const lead = await world.enter("lead");
    expect((await lead.get("/console/people?sort=name")).text).toMatch(
      /aria-sort="ascending"><a href="\/console\/people\?sort=name&(amp;)?down=1"/u,
    );
  });

  test("a person's page shows what happened without what was answered, and every look is written down", async () => {
    const { db } = world.store;
    const record = { personId: "anna", programme: "family-mentor", version: "1.0.0", at: BigInt(Date.now()) };
    await db.record.create({ data: { ...record, type: "answer", key: "a:1", data: '{"option":"the secret answer"}' } });
    await db.consent.create({ data: { personId: "anna", purpose: "stories", version: "1", given: true, at: 1n } });
    await db.consent.create({ data: { personId: "anna", purpose: "stories", version: "1", given: false, at: 2n } });
    await db.address.updateMany({ where: { personId: "anna" }, data: { state: "gone" } });
    const lead = await world.enter("lead");
    const { text } = await lead.get("/console/people/anna");
    expect(text).toContain("answered a question");
    expect(text).not.toContain("the secret answer");
    expect(text).toContain("stories, version 1: withdrawn");
    expect(text).toContain("open the chat and write anything");
    expect(text).toMatch(/0 of \d+ steps/u);
    await lead.get("/console/people/anna");
    const looks = await db.audit.findMany({ where: { action: "person.see" } });
    expect(looks.map(({ actor, subject, organisationId }) => [actor, subject, organisationId])).toEqual([
      ["lead", "anna", town],
      ["lead", "anna", town],
    ]);
  });

  test("an administrator gives and takes a role; the person's own chat is told, and it is written down", async () => {
    const { db } = world.store;
    const boss = await world.enter("boss");
    expect((await boss.get("/console/roles/give/anna")).text).toContain("A role for Name of anna");
    const form = { role: "assessor", organisation: town, programme: "family-mentor", deputyFor: "", until: "" };
    expect((await boss.post("/console/roles/give/anna", form)).headers.get("location")).toBe("/console/roles");
    expect((await boss.get("/console/roles")).text).toContain("The role is given.");
    expect(world.told.map(({ address, input }) => [address.user, input])).toMatchObject([
      ["anna", { type: "timer", name: "roles", data: { roles: ["assessor"], given: true, organisation: "Town" } }],
    ]);
    const [grant] = await db.grant.findMany({ where: { personId: "anna" } });
    expect(grant).toMatchObject({
      role: "assessor",
      organisationId: town,
      programme: "family-mentor",
      createdBy: "boss",
    });
    await boss.post(`/console/roles/${grant?.id}/take`);
    expect(await db.grant.count({ where: { personId: "anna" } })).toBe(0);
    expect(world.told.at(-1)?.input).toMatchObject({ name: "roles", data: { roles: [], given: false } });
    const actions = await db.audit.findMany({ where: { subject: "anna" }, orderBy: { id: "asc" } });
    expect(actions.map(({ actor, action }) => `${actor} ${action}`)).toEqual(["boss role.give", "boss role.take"]);
  });

  test("a deputy has somebody to stand in for and a last day, which counts whole", async () => {
    const { db } = world.store;
    const boss = await world.enter("boss");
    const form = { role: "deputy", organisation: town, programme: "", deputyFor: "lead", until: "" };
    await boss.post("/console/roles/give/anna", form);
    expect((await boss.get("/console/roles")).text).toContain("a deputy needs somebody");
    const until = new Date(Date.now() + 3 * day).toISOString().slice(0, 10);
    await boss.post("/console/roles/give/anna", { ...form, until });
    const [grant] = await db.grant.findMany({ where: { personId: "anna" } });
    expect(new Date(Number(grant?.until)).toISOString()).toBe(`${until}T23:59:59.999Z`);
    const anna = await world.enter("anna");
    expect((await anna.get("/console/people")).status).toBe(200);
    await db.grant.updateMany({ where: { personId: "anna" }, data: { until: BigInt(Date.now() - 1) } });
    expect((await anna.get("/console/people")).status).toBe(404);
    await boss.post("/console/roles/give/anna", { ...form, until: "2001-01-01" });
    expect((await boss.get("/console/roles")).text).toContain("something in the form is missing");
  });

  test("the last administrator stays", async () => {
    const boss = await world.enter("boss");
    const [grant] = await world.store.db.grant.findMany({ where: { personId: "boss" } });
    await boss.post(`/console/roles/${grant?.id}/take`);
    expect((await boss.get("/console/roles")).text).toContain("this is the last administrator");
  });

  test("whoever administers one programme gives no role for all of them", async () => {
    const { db } = world.store;
    await world.person("part");
    await world.grant("part", "admin", town);
    await db.grant.updateMany({ where: { personId: "part" }, data: { programme: "family-mentor" } });
    const part = await world.enter("part");
    const form = { role: "coordinator", organisation: town, programme: "", deputyFor: "", until: "" };
    expect((await part.post("/console/roles/give/anna", form)).status).toBe(404);
    expect((await part.post("/console/roles/give/anna", { ...form, programme: "family-mentor" })).status).toBe(303);
    expect(await db.grant.findMany({ where: { personId: "anna" } })).toMatchObject([{ programme: "family-mentor" }]);
  });

  test("an organisation is added below another and renamed", async () => {
    const { db } = world.store;
    const boss = await world.enter("boss");
    const form = { name: "Village", kind: "association", country: "SE", region: "North", parent: town };
    await boss.post("/console/organisations", form);
    const [village] = await db.organisation.findMany({ where: { name: "Village" } });
    expect(village).toMatchObject({ parentId: town, kind: "association", country: "SE", region: "North" });
    await boss.post(`/console/organisations/${village?.id}`, { ...form, name: "=Hamlet", region: "" });
    const page = await boss.get("/console/organisations");
    expect(page.text).toContain("Saved.");
    expect(page.text).toContain("=Hamlet");
    const file = await boss.get("/console/organisations?format=csv");
    expect(file.headers.get("content-type")).toContain("text/csv");
    expect(file.headers.get("content-disposition")).toContain("organisations.csv");
    expect(file.text).toContain("'=Hamlet,association,Town,Sweden,");
    // Whoever coordinates the organisation above sees the members of the one below.
    await world.member("bo", village?.id ?? "");
    const lead = await world.enter("lead");
    expect((await lead.get("/console/people")).text).toContain("Name of bo");
  });

  test("the audit trail shows ids, newest first, and is a file too", async () => {
    const lead = await world.enter("lead");
    await lead.get("/console/people/anna");
    const boss = await world.enter("boss");
    const { text } = await boss.get("/console/audit?q=person.see");
    expect(text).toContain("person.see");
    expect(text).not.toContain("Name of anna");
    expect((await boss.get("/console/audit?format=csv&q=person.see")).text).toMatch(
      /Z,lead,person\.see,anna,Town\r\n$/u,
    );
  });
});

describe.each(databaseKinds)("a file with people, on %s", (kind) => {
  let world: ConsoleWorld;
  let town: string;
  const idOf = async (): Promise<string> => (await world.store.db.approval.findFirst())?.id ?? "";
  beforeEach(async () => {
    world = await startConsole({ database: await createDatabase(kind) });
    town = await world.organisation("Town");
    for (const one of ["lead", "other"]) {
      await world.person(one);
      await world.grant(one, "coordinator", town);
    }
    await world.member("anna", town);
    await world.store.db.person.update({ where: { id: "anna" }, data: { name: "=cmd()" } });
    await world.member("carl", await world.organisation("Elsewhere"));
  });
  afterEach(() => world.close());

  test("is asked by one, granted by another, and taken once by the first", async () => {
    const [lead, other] = [await world.enter("lead"), await world.enter("other")];
    await lead.post("/console/exports", { organisation: town });
    const id = await idOf();
    expect((await lead.post(`/console/exports/${id}/file`)).status).toBe(404);
    await lead.post(`/console/exports/${id}/grant`);
    expect((await lead.get("/console/exports")).text).toContain("Nobody agrees with themselves");
    expect((await other.get("/console/exports")).text).toContain("Name of lead");
    await other.post(`/console/exports/${id}/grant`);
    expect((await other.post(`/console/exports/${id}/file`)).status).toBe(404);
    const taken = await Promise.all([1, 2].map(() => lead.post(`/console/exports/${id}/file`)));
    expect(taken.map(({ status }) => status).sort()).toEqual([200, 404]);
    const file = taken.find(({ status }) => status === 200)?.text ?? "";
    expect(file).toMatch(/\r\n'=cmd\(\),Cohort of anna,Town,,0,\d+,yes\r\n$/u);
    expect(file).not.toContain("carl");
    const trail = await world.store.db.audit.findMany({ where: { subject: id }, orderBy: { id: "asc" } });
    expect(trail.map(({ actor, action, detail }) => [actor, action, detail])).toEqual([
      ["lead", "export.ask", "{}"],
      ["other", "export.grant", "{}"],
      ["lead", "export.take", '{"count":1}'],
    ]);
  });

  test.each([
    ["a day after it was asked", false],
    ["a day after it was granted", true],
  ])("is gone %s", async (_when, granted) => {
    const [lead, other] = [await world.enter("lead"), await world.enter("other")];
    await lead.post("/console/exports", { organisation: town });
    const id = await idOf();
    if (granted) await other.post(`/console/exports/${id}/grant`);
    await world.store.db.approval.updateMany({ data: { expiresAt: BigInt(Date.now() - 1) } });
    if (!granted) await other.post(`/console/exports/${id}/grant`);
    expect((await lead.post(`/console/exports/${id}/file`)).status).toBe(404);
  });

  test("is not there when the second person said no, or when the first lost the right meanwhile", async () => {
    const [lead, other] = [await world.enter("lead"), await world.enter("other")];
    await lead.post("/console/exports", { organisation: town });
    await other.post(`/console/exports/${await idOf()}/refuse`);
    await other.post(`/console/exports/${await idOf()}/grant`);
    expect((await other.get("/console/exports")).text).toContain("decided already");
    expect((await lead.post(`/console/exports/${await idOf()}/file`)).status).toBe(404);
    await world.store.db.approval.updateMany({ data: { granted: true } });
    await world.store.db.grant.deleteMany({ where: { personId: "lead" } });
    expect((await lead.post(`/console/exports/${await idOf()}/file`)).status).toBe(404);
  });
});
