import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Browser, type ConsoleWorld, startConsole } from "../console/world.ts";
import { pigeons } from "../support/pigeons.ts";

/** Sunday, 15 March 2026, 10:00 in Copenhagen. */
const sunday = Date.UTC(2026, 2, 15, 9);
const minuteMs = 60_000;

let clock = sunday - 10 * 86_400_000;
let world: ConsoleWorld;
let [lead, trainer, other] = [] as unknown as [Browser, Browser, Browser];
let north: string;
const cohort = "cohort-anna";
beforeAll(async () => {
  world = await startConsole({ now: () => clock });
  Object.assign(world.deps, { adapters: [pigeons(true)] });
  north = await world.organisation("North");
  await world.member("anna", "root");
  const at = BigInt(clock);
  const person = async (id: string, organisationId: string) => {
    await world.person(id);
    const row = { id: `m-${id}`, cohortId: cohort, personId: id, organisationId, state: "active", ticks: "[]" };
    await world.store.db.membership.create({ data: { ...row, joinedAt: at, changedAt: at } });
  };
  await world.store.db.cohortPart.create({ data: { cohortId: cohort, organisationId: north, lead: false } });
  await person("bo", north);
  for (const id of ["lead", "trainer", "other", "stranger"]) await world.person(id);
  await world.grant("lead", "coordinator");
  await world.grant("trainer", "trainer");
  await world.grant("other", "trainer", north);
  [lead, trainer, other] = [await world.enter("lead"), await world.enter("trainer"), await world.enter("other")];
});
afterAll(() => world.close());

const fields = (changes: Record<string, string> = {}) => ({
  cohort,
  template: "",
  title: "A day about roles",
  form: "in-person",
  venue: "Library",
  link: "",
  day: "2026-03-15",
  from: "10:00",
  endday: "",
  to: "16:00",
  timeZone: "Europe/Copenhagen",
  minutes: "300",
  kind: "live",
  unit: "1",
  places: "12",
  overnight: "yes",
  ...changes,
});

async function planned(changes: Record<string, string> = {}): Promise<string> {
  await lead.get(`/console/events/new?cohort=${cohort}`);
  const answer = await lead.post("/console/events/new", fields(changes));
  expect(answer.status).toBe(303);
  return answer.headers.get("location")?.split("/").at(-1) ?? "";
}

describe("training days in the console", () => {
  test("a wrong form names its fields and keeps what was typed; a right one invites the cohort", async () => {
    await lead.get("/console/events/new");
    const wrong = await lead.post("/console/events/new", fields({ to: "09:00", places: "many", venue: "Old hall" }));
    expect(wrong.status).toBe(422);
    expect(wrong.text).toContain("<li>Ends at</li>");
    expect(wrong.text).toContain("<li>Places</li>");
    expect(wrong.text).toContain('value="Old hall"');
    const personal = await lead.post("/console/events/new", fields({ title: "Call +45 12 34 56 78 90" }));
    expect(personal.text).toContain("leave out what belongs to one person");
    const id = await planned();
    const row = await world.store.db.event.findUniqueOrThrow({ where: { id } });
    expect([Number(row.startsAt), row.places, row.overnight]).toEqual([sunday, 12, true]);
    expect(await world.store.db.seat.count({ where: { eventId: id } })).toBe(2);
    expect(await world.store.db.job.count({ where: { name: "eventNews" } })).toBe(2);
    expect((await lead.get("/console/events")).text).toContain("A day about roles");
    const month = await lead.get("/console/events?view=month&month=2026-03");
    expect(month.text).toContain("March 2026");
    expect(month.text).toContain(`/console/events/${id}`);
    expect((await lead.get("/console/events?view=month&month=2026-04")).text).not.toContain(`/console/events/${id}`);
    expect(await world.store.db.audit.count({ where: { subject: id, action: "event.plan" } })).toBe(1);
  });

  test("it is changed, then cancelled once with a reason", async () => {
    const id = await planned();
    const edit = await lead.get(`/console/events/${id}/edit`);
    expect(edit.text).toContain('value="10:00"');
    await lead.post(`/console/events/${id}/edit`, fields({ from: "11:00" }));
    const row = await world.store.db.event.findUniqueOrThrow({ where: { id } });
    expect([Number(row.startsAt), row.sequence]).toEqual([sunday + 60 * minuteMs, 1]);
    await lead.post(`/console/events/${id}/cancel`, { reason: "No room" });
    expect((await lead.get(`/console/events/${id}`)).text).toContain("cancelled: No room");
    await lead.post(`/console/events/${id}/cancel`, { reason: "Again" });
    expect((await lead.get(`/console/events/${id}`)).text).toContain("Nothing was changed");
    expect((await world.store.db.event.findUniqueOrThrow({ where: { id } })).reason).toBe("No room");
  });

  test("an organisation with a part sees and notes its own people, and decides nothing", async () => {
    const id = await planned();
    const page = await other.get(`/console/events/${id}`);
    expect(page.status).toBe(200);
    expect(page.text).toContain("Name of bo");
    expect(page.text).not.toContain("Name of anna");
    for (const path of ["edit", "cancel", "makeup"]) {
      expect([path, (await other.post(`/console/events/${id}/${path}`, fields())).status]).toEqual([path, 404]);
    }
    clock = sunday + 20 * minuteMs;
    const note = (person: string) =>
      other.post(`/console/events/${id}/attendance`, { person, attendance: "partial", minutes: "90" });
    expect((await note("anna")).status).toBe(404);
    expect((await note("bo")).status).toBe(303);
    const seats = await world.store.db.seat.findMany({ where: { eventId: id }, orderBy: { personId: "asc" } });
    expect(seats.map(({ attendance, minutes }) => [attendance, minutes])).toEqual([
      [null, null],
      ["partial", 90],
    ]);
  });

  test("the live page shows a code only while it is good, renews itself, and takes notes and guests", async () => {
    clock = sunday - 60 * minuteMs;
    const id = await planned();
    const early = await trainer.get(`/console/events/${id}/live`);
    expect(early.text).toContain("Check-in opens on 15 Mar 2026");
    expect(early.text).not.toContain("Write in the chat");
    clock = sunday;
    const page = await trainer.get(`/console/events/${id}/live`);
    const code = /here ([2-9A-Z]{6})/u.exec(page.text)?.[1];
    expect(code).toBeDefined();
    expect(page.text).toContain('aria-label="QR code for Pigeons"><svg ');
    expect(page.text).not.toContain("http-equiv");
    expect((await trainer.get(`/console/events/${id}/live?renew=1`)).text).toContain('http-equiv="refresh"');
    clock = sunday + 10 * minuteMs;
    expect((await trainer.get(`/console/events/${id}/live`)).text).not.toContain(code);
    const at = BigInt(clock);
    const asks = { eventId: id, personId: "stranger", state: "asking", queuedAt: at, changedAt: at };
    await world.store.db.seat.create({ data: asks });
    expect((await trainer.get(`/console/events/${id}/live`)).text).toContain("Let in: Name of stranger");
    await trainer.post(`/console/events/${id}/guest`, { person: "stranger", decision: "yes" });
    await trainer.post(`/console/events/${id}/attendance`, { person: "anna", attendance: "late" });
    await trainer.post(`/console/events/${id}/rest`);
    const seats = await world.store.db.seat.findMany({ where: { eventId: id }, orderBy: { personId: "asc" } });
    expect(seats.map(({ personId, attendance }) => [personId, attendance])).toEqual([
      ["anna", "late"],
      ["bo", "absent"],
      ["stranger", "present"],
    ]);
    expect((await trainer.get(`/console/events/${id}/live`)).text).toContain("2 of 3 are here.");
    const list = await trainer.get(`/console/events/${id}/list`);
    expect(list.text).toContain("Overnight stays: 0");
    expect(list.text).toContain("Signature");
    const file = await trainer.get(`/console/events/${id}/list?format=csv`);
    expect(file.text).toContain("Name of anna,The Centre,,late,300");
    clock = sunday + 500 * minuteMs;
    expect((await trainer.get(`/console/events/${id}/live`)).text).toContain("Check-in is closed.");
  });

  test("whoever missed a day is offered one that makes up for it", async () => {
    clock = sunday - 86_400_000;
    const id = await planned({ kind: "workshop" });
    clock = sunday + 86_400_000;
    const before = await lead.get(`/console/events/${id}`);
    expect(before.text).toContain("There is no such day ahead.");
    const form = await lead.get(`/console/events/new?cohort=${cohort}&makesUpFor=${id}`);
    expect(form.text).toContain('value="A day about roles"');
    const again = { ...fields({ day: "2026-04-12", title: "Roles again", kind: "workshop" }), makesUpFor: id };
    const to = (await lead.post("/console/events/new", again)).headers.get("location")?.split("/").at(-1) ?? "";
    expect(await world.store.db.seat.count({ where: { eventId: to } })).toBe(0);
    expect((await lead.post(`/console/events/${id}/makeup`, { person: "stranger", to })).status).toBe(404);
    expect((await lead.post(`/console/events/${id}/makeup`, { person: "anna", to })).status).toBe(303);
    expect(await world.store.db.seat.findFirst({ where: { eventId: to } })).toMatchObject({
      personId: "anna",
      state: "invited",
    });
  });
});
