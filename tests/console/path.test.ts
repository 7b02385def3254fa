import { randomUUID } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { progressIn, project } from "../../src/domain/progress.ts";
import type { RecordEntry } from "../../src/engine/session.ts";
import { createDatabase, databaseKinds } from "../support/databases.ts";
import { type Browser, type ConsoleWorld, startConsole } from "./world.ts";

describe.each(databaseKinds)("hours and requirements on a person's page, on %s", (kind) => {
  let world: ConsoleWorld;
  let lead: Browser;
  let town: string;
  beforeEach(async () => {
    world = await startConsole({ database: await createDatabase(kind) });
    town = await world.organisation("Town");
    await world.person("lead");
    await world.grant("lead", "coordinator", town);
    await world.member("anna", town);
    await keep({ type: "joined", key: "joined:family-mentor", data: {} });
    lead = await world.enter("lead");
  });
  afterEach(() => world.close());

  /** Writes entries into Anna's record and progress, as her turns would. */
  async function keep(...entries: readonly Pick<RecordEntry, "type" | "key" | "data">[]): Promise<void> {
    const whole = entries.map((one) => ({ ...one, programme: "family-mentor", version: "1.2.0", at: Date.now() }));
    const { db } = world.store;
    for (const { data, at, ...one } of whole)
      await db.record.create({ data: { ...one, personId: "anna", data: JSON.stringify(data), at: BigInt(at) } });
    const row = await db.progress.findUnique({ where: { personId: "anna" } });
    const state = JSON.stringify(project(row === null ? {} : JSON.parse(row.state), whole));
    await db.progress.upsert({ where: { personId: "anna" }, create: { personId: "anna", state }, update: { state } });
    expect(progressIn(JSON.parse(state), "family-mentor").joinedAt).toBeGreaterThan(0);
  }

  const day = new Date().toISOString().slice(0, 10);
  const hours = {
    type: "hours",
    programme: "family-mentor",
    kind: "live",
    unit: "1",
    hours: "2,5",
    day,
    why: "elsewhere",
  };
  const post = (fields: Record<string, string>, browser = lead) =>
    browser.post("/console/people/anna/credit", { once: randomUUID(), ...fields });
  const said = async (fields: Record<string, string>): Promise<string> => {
    const { text } = await follow(await post(fields));
    return /<p class="said"[^>]*>([^<]*)/u.exec(text)?.[1] ?? text;
  };
  async function follow(answer: { readonly headers: Headers }) {
    return lead.get(answer.headers.get("location") ?? "");
  }

  test("say what is there of what is asked for, and what is missing", async () => {
    const page = (await lead.get("/console/people/anna")).text;
    expect(page).toContain("Path and hours: ");
    expect(page).toContain("Training days: 0 of 18 h");
    expect(page).toContain("read and agree: Code of conduct");
  });

  test("a booking is sent to the person's own turn, once however often the form is sent, and written down", async () => {
    const once = randomUUID();
    await post({ ...hours, once });
    await post({ ...hours, once });
    const ids = world.told.map(({ id }) => id);
    expect(ids).toEqual([`credit:${once}`, `credit:${once}`]);
    expect(world.told[0]?.input).toMatchObject({
      type: "timer",
      name: "credited",
      data: { type: "hours", id: once, kind: "live", unit: "1", minutes: 150, day, why: "elsewhere", by: "lead" },
    });
    const [entry] = await world.store.db.audit.findMany({ where: { action: "path.hours" } });
    expect(entry).toMatchObject({ actor: "lead", subject: "anna", organisationId: town, detail: "{}" });
  });

  test.each([
    ["a kind that the programme does not know", { kind: "wild" }],
    ["no number", { hours: "two" }],
    ["more than a day has", { hours: "25" }],
    ["nothing", { hours: "0" }],
    ["tomorrow", { day: new Date(Date.now() + 2 * 86_400_000).toISOString().slice(0, 10) }],
    ["a day of two years ago", { day: "2020-01-01" }],
    ["a unit that is not there", { unit: "99" }],
    ["a reason in free words", { why: "because of the divorce" }],
  ])("%s is refused, and nothing is booked", async (_what, wrong) => {
    expect(await said({ ...hours, ...wrong })).toContain("Nothing was booked");
    expect(world.told).toEqual([]);
  });

  test("nobody books for themselves, in a programme or for a person that is not theirs", async () => {
    await world.member("carol", town);
    await world.grant("carol", "coordinator", town);
    const carol = await world.enter("carol");
    const own = await carol.post("/console/people/carol/credit", { once: randomUUID(), ...hours });
    expect((await carol.get(own.headers.get("location") ?? "")).text).toContain("Nobody confirms their own hours");
    expect((await post({ ...hours, programme: "unknown" })).status).toBe(404);
    const elsewhere = await world.organisation("Elsewhere");
    await world.person("stranger");
    await world.grant("stranger", "coordinator", elsewhere);
    expect((await post(hours, await world.enter("stranger"))).status).toBe(404);
    expect(world.told).toEqual([]);
  });

  test("a booking is taken back once", async () => {
    const id = randomUUID();
    const booked = { id, kind: "live", unit: "1", minutes: 150, day };
    await keep({ type: "hours", key: `hours:${id}`, data: { ...booked, why: "other", by: "lead" } });
    const page = (await lead.get("/console/people/anna")).text;
    expect(page).toContain("Training days: 2.5 of 18 h");
    expect(page).toContain("Take back");
    const undo = { type: "hours.undone", programme: "family-mentor", id };
    await post(undo);
    expect(world.told[0]?.input).toMatchObject({ data: { type: "hours.undone", ...booked } });
    await keep({ type: "hours.undone", key: `hours.undone:${id}`, data: { ...booked, by: "lead" } });
    expect(await said(undo)).toContain("taken back already");
    expect((await lead.get("/console/people/anna")).text).not.toContain("Take back");
  });
});
