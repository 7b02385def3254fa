import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { drawElements } from "../../src/images/draw.ts";
import { toPng } from "../../src/images/raster.ts";
import { createHotlines } from "../../src/people/hotlines.ts";
import { leastRetention, loadSettings, readSettings, retentionOf } from "../../src/people/settings.ts";
import { membersOf } from "../../src/supervision/members.ts";
import { createDatabase, databaseKinds } from "../support/databases.ts";
import { type Browser, type ConsoleWorld, startConsole } from "./world.ts";

const dayMs = 86_400_000;
const colours = ["#0b4f8a", "#14602f"] as const;

/** A picture of one colour, as a coordinator would send it. */
async function picture(colour: string): Promise<Uint8Array> {
  const shape = { type: "rect", shape: { x: 0, y: 0, width: 60, height: 30 } } as const;
  return toPng(
    await drawElements([{ ...shape, style: { fill: colour, stroke: colour, lineWidth: 0 } }], 60, 30, colour),
  );
}

describe("settings as they are stored", () => {
  test("what is wrong in them counts as not said, the rest counts", () => {
    expect(readSettings("no json")).toEqual({});
    expect(readSettings("[]")).toEqual({});
    const hours = { days: [1, 2], from: "09:00", to: "15:00" };
    const stored = { answeringHours: hours, logo: "../../etc", retention: { notes: 9999 }, unknown: 1 };
    expect(readSettings(JSON.stringify(stored))).toEqual({ answeringHours: hours });
  });

  test("nothing is kept longer than the papers allow", () => {
    expect(retentionOf({})).toEqual({ questions: 365, notes: 365, announcements: 365, people: 365, evidence: 365 });
    expect(retentionOf({ retention: { notes: 90 } })).toMatchObject({ notes: 90, questions: 365 });
  });
});

describe.each(databaseKinds)("the settings of an organisation, on %s", (kind) => {
  let world: ConsoleWorld;
  let boss: Browser;
  let town: string;
  let village: string;
  let clock = Date.parse("2026-03-18T12:00Z");
  const empty = { "signatory-name": "", "signatory-title": "", from: "", to: "", hotlines: "" };
  beforeEach(async () => {
    world = await startConsole({ database: await createDatabase(kind), now: () => clock });
    town = await world.organisation("Town");
    village = await world.organisation("Village", town);
    await world.person("boss");
    await world.grant("boss", "admin", town);
    boss = await world.enter("boss");
  });
  afterEach(() => world.close());

  const upload = async (id: string, bytes: Uint8Array, more: Record<string, string> = {}) => {
    const form = new FormData();
    for (const [name, value] of Object.entries({ ...empty, ...more })) form.set(name, value);
    form.set("logo", new Blob([new Uint8Array(bytes)]), "logo.png");
    return boss.upload(`/console/settings/${id}`, form);
  };

  test("are saved, shown again, inherited, and written down without what they say", async () => {
    const given = { "signatory-name": "Ida", "signatory-title": "Head", hotlines: "Crisis line: +45 70 20 12 01" };
    const answer = await boss.post(`/console/settings/${town}`, { ...empty, ...given, "retention-notes": "90" });
    expect(answer.headers.get("location")).toBe(`/console/settings/${town}`);
    const all = await loadSettings(world.store.db);
    expect(all.of(village)).toEqual({
      signatory: { name: "Ida", title: "Head" },
      hotlines: [{ label: "Crisis line", number: "+45 70 20 12 01" }],
      retention: { notes: 90 },
    });
    expect(all.own(village)).toEqual({});
    const page = (await boss.get(`/console/settings/${village}`)).text;
    expect(page).toContain("If empty: Ida, Head");
    expect(page).toContain("If empty: 90; 365 at most");
    expect((await boss.get(`/console/settings/${town}`)).text).toContain("Crisis line: +45 70 20 12 01</textarea>");
    expect((await boss.get("/console/settings?format=csv")).text).toContain("Town,");
    const [entry] = await world.store.db.audit.findMany({ where: { action: "settings.change" } });
    expect(entry).toMatchObject({ actor: "boss", subject: town, organisationId: town });
    expect(JSON.parse(entry?.detail ?? "")).toEqual({ changed: ["signatory", "hotlines", "retention"] });
  });

  test.each([
    ["answering hours that end before they begin", { day: "1", from: "15:00", to: "09:00" }, "Answering hours"],
    ["a line without a number", { hotlines: "Crisis line" }, "Who to call in danger"],
    ["a number that is none", { hotlines: "Crisis line: call me" }, "Who to call in danger"],
    ["keeping longer than allowed", { "retention-people": "366" }, "How long things are kept"],
    ["keeping shorter than work needs", { "retention-people": String(leastRetention - 1) }, "How long things are kept"],
    ["half a day of silence", { "checkIns-running": "0.5" }, "When a coordinator looks in"],
    ["a title without a name", { "signatory-title": "Head" }, "Who signs certificates"],
  ])("refuse %s and keep what was typed", async (_what, fields, problem) => {
    const answer = await boss.post(`/console/settings/${town}`, { ...empty, ...fields });
    expect(answer.status).toBe(422);
    expect(answer.text).toMatch(new RegExp(`role="alert".*<li>${problem}</li>`, "u"));
    for (const value of Object.values(fields)) expect(answer.text).toContain(value);
    expect((await loadSettings(world.store.db)).own(town)).toEqual({});
  });

  test("a logo is drawn anew, shown above every page and on the poster, and gone when it is taken away", async () => {
    await world.member("anna", town);
    await world.store.db.cohort.updateMany({ data: { code: "ABCDEFGH" } });
    expect((await upload(town, await picture(colours[0]))).status).toBe(303);
    const { logo = "" } = (await loadSettings(world.store.db)).of(village);
    expect(logo).toMatch(/^[0-9a-f]{64}$/u);
    expect((await boss.get("/console/people")).text).toContain(`src="/console/logos/${logo}"`);
    expect((await boss.get("/console/cohorts/cohort-anna/poster")).text).toContain(`alt="Logo of Town"`);
    const file = await boss.get(`/console/logos/${logo}`);
    expect([file.status, file.headers.get("content-type")]).toEqual([200, "image/png"]);

    await world.person("other");
    await world.grant("other", "admin", await world.organisation("Elsewhere"));
    expect((await (await world.enter("other")).get(`/console/logos/${logo}`)).status).toBe(404);

    await upload(town, await picture(colours[1]));
    expect((await loadSettings(world.store.db)).own(town).logo).not.toBe(logo);
    expect((await boss.get(`/console/logos/${logo}`)).status).toBe(404);
    await boss.post(`/console/settings/${town}`, { ...empty, "logo-remove": "yes" });
    expect((await loadSettings(world.store.db)).own(town)).toEqual({});
  });

  test.each([
    ["something else under its name", Buffer.from("<svg xmlns='http://www.w3.org/2000/svg'/>"), "only PNG and JPEG"],
    ["more than 512 KB", new Uint8Array(512 * 1024 + 1), "512 KB at most"],
  ])("a logo that is %s is refused", async (_what, bytes, problem) => {
    const answer = await upload(town, bytes, { "signatory-name": "Ida" });
    expect(answer.status).toBe(422);
    expect(answer.text).toContain(problem);
    expect(answer.text).toContain('value="Ida"');
    expect(await world.store.db.picture.count()).toBe(0);
  });

  test("the rhythm of looking in counts by phase, the nearest organisation first", async () => {
    const { db } = world.store;
    await world.member("anna", village);
    clock += 6 * dayMs;
    const due = async () => (await membersOf(db, [village], clock)).map((member) => member.due);
    expect(await due()).toEqual([false]);
    await boss.post(`/console/settings/${town}`, { ...empty, "checkIns-running": "5" });
    expect(await due()).toEqual([true]);
    await boss.post(`/console/settings/${village}`, { ...empty, "checkIns-running": "0" });
    expect(await due()).toEqual([false]);
  });

  test("whom to call comes from everybody who is responsible for a cohort, and is read again within a minute", async () => {
    const { db } = world.store;
    await world.member("anna", town);
    await db.cohortPart.create({ data: { cohortId: "cohort-anna", organisationId: village, lead: false } });
    const hotlines = await createHotlines(db, () => clock);
    expect(hotlines.of("cohort-anna")).toEqual([]);
    await boss.post(`/console/settings/${town}`, { ...empty, hotlines: "Town: 11 11 11 11" });
    await boss.post(`/console/settings/${village}`, {
      ...empty,
      hotlines: "Village: 22 22 22 22\r\nTown: 11 11 11 11",
    });
    await hotlines.refresh();
    expect(hotlines.of("cohort-anna")).toEqual([]);
    clock += 31_000;
    await hotlines.refresh();
    expect(hotlines.of("cohort-anna").map(({ label }) => label)).toEqual(["Town", "Village"]);
    expect(hotlines.of(undefined)).toEqual([]);
    expect(hotlines.of("another")).toEqual([]);
  });
});
