import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Browser, type ConsoleWorld, startConsole } from "../console/world.ts";
import { programmes } from "../support/chat.ts";
import { pigeons } from "../support/pigeons.ts";

const programme = programmes[0];
let world: ConsoleWorld;
let lead: Browser;
let other: Browser;
let north: string;
beforeAll(async () => {
  world = await startConsole({ publicUrl: "https://fadder.example" });
  Object.assign(world.deps, { adapters: [pigeons(false)] });
  north = await world.organisation("North");
  await world.person("lead");
  await world.grant("lead", "coordinator");
  await world.person("other");
  await world.grant("other", "coordinator", north);
  [lead, other] = [await world.enter("lead"), await world.enter("other")];
});
afterAll(() => world.close());

const fields = (changes: Record<string, string> = {}) => ({
  name: "Spring",
  programme: `${programme?.id}@${programme?.version}`,
  organisation: "root",
  language: "en",
  pace: "own",
  joining: "code",
  places: "",
  ...changes,
});

async function made(changes: Record<string, string> = {}): Promise<string> {
  const answer = await lead.post("/console/cohorts/new", fields(changes));
  expect(answer.status).toBe(303);
  return answer.headers.get("location")?.split("/").at(-1) ?? "";
}

async function member(cohortId: string, state: string, organisationId = "root"): Promise<string> {
  const personId = await world.person(`p${randomUUID()}`);
  const at = BigInt(Date.now());
  await world.store.db.membership.create({
    data: { id: randomUUID(), cohortId, personId, organisationId, state, ticks: "[]", joinedAt: at, changedAt: at },
  });
  return personId;
}

const stateOf = async (cohortId: string, personId: string) =>
  (await world.store.db.membership.findUniqueOrThrow({ where: { cohortId_personId: { cohortId, personId } } })).state;

function file(text: string, name = "people.csv"): FormData {
  const form = new FormData();
  form.set("roster", new Blob([text]), name);
  return form;
}

describe("cohorts in the console", () => {
  test("a form that is wrong names the fields and keeps what was typed; a right one makes the cohort", async () => {
    await lead.get("/console/cohorts/new");
    const wrong = await lead.post("/console/cohorts/new", fields({ name: "Winter", places: "many", endsOn: "soon" }));
    expect(wrong.status).toBe(422);
    expect(wrong.text).toContain("<li>Places</li>");
    expect(wrong.text).toContain("<li>Ends</li>");
    expect(wrong.text).toContain('value="Winter"');
    const id = await made({ pace: "drip", from: "2026-03-09", every: "7", places: "12" });
    const page = await lead.get(`/console/cohorts/${id}`);
    expect(page.text).toContain("From 2026-03-09, a lesson every 7 days");
    expect((await lead.get("/console/cohorts")).text).toContain("Spring");
    expect(await world.store.db.audit.count({ where: { subject: id, action: "cohort.create" } })).toBe(1);
  });

  test("somebody else's organisation sees nothing of it, by no address, until it has a part", async () => {
    const id = await made({ name: "Root only" });
    const nothing = await other.get("/console/there-is-no-such-page");
    for (const path of ["", "/edit", "/poster", "/roster", "/invitations.csv"]) {
      const answer = await other.get(`/console/cohorts/${id}${path}`);
      expect([path, answer.status]).toEqual([path, 404]);
    }
    for (const path of ["state", "version", "code", "members", "edit", "roster/apply", "invite"]) {
      expect((await other.post(`/console/cohorts/${id}/${path}`, { state: "finished", code: "close" })).status).toBe(
        404,
      );
    }
    expect(nothing.status).toBe(404);
    await lead.get(`/console/cohorts/${id}/edit`);
    await lead.post(`/console/cohorts/${id}/edit`, { ...fields({ name: "Shared" }), part: north });
    const [own, theirs] = [await member(id, "active", north), await member(id, "active")];
    const page = await other.get(`/console/cohorts/${id}`);
    expect(page.status).toBe(200);
    expect(page.text).toContain(`Name of ${own}`);
    expect(page.text).not.toContain(`Name of ${theirs}`);
    expect((await other.post(`/console/cohorts/${id}/state`, { state: "finished" })).status).toBe(404);
    expect((await other.post(`/console/cohorts/${id}/members`, { person: theirs, move: "remove" })).status).toBe(404);
    expect(await stateOf(id, theirs)).toBe("active");
    expect((await other.post(`/console/cohorts/${id}/members`, { person: own, move: "pause" })).status).toBe(303);
    expect(await stateOf(id, own)).toBe("paused");
  });

  test("an applicant is approved once; the second press says that nothing changed", async () => {
    const id = await made();
    const personId = await member(id, "applied");
    expect((await lead.get(`/console/cohorts/${id}?state=applied`)).text).toContain(`Approve: Name of ${personId}`);
    await lead.post(`/console/cohorts/${id}/members`, { person: personId, move: "approve" });
    expect((await lead.get(`/console/cohorts/${id}`)).text).toContain("The person hears it in the chat.");
    expect(await stateOf(id, personId)).toBe("active");
    expect(await world.store.db.job.count({ where: { personId, name: "membership" } })).toBe(1);
    await lead.post(`/console/cohorts/${id}/members`, { person: personId, move: "approve" });
    expect((await lead.get(`/console/cohorts/${id}`)).text).toContain("Nothing was changed");
    expect(await world.store.db.job.count({ where: { personId } })).toBe(1);
    expect(await world.store.db.audit.count({ where: { subject: personId, action: "member.approve" } })).toBe(1);
  });

  test("goes on with a newer version when a coordinator says so, once, and each member hears it", async () => {
    const id = await made();
    const personId = await member(id, "paused");
    await world.store.db.cohort.update({ where: { id }, data: { version: "0.9.0" } });
    const version = programme?.version ?? "";
    expect((await lead.get(`/console/cohorts/${id}`)).text).toContain(`Go on with version ${version}`);
    await lead.post(`/console/cohorts/${id}/version`, { version: "0.9.1" });
    expect((await lead.get(`/console/cohorts/${id}`)).text).toContain("That version is not the newest any more");
    for (let press = 0; press < 2; press += 1) await lead.post(`/console/cohorts/${id}/version`, { version });
    const page = (await lead.get(`/console/cohorts/${id}`)).text;
    expect(page).not.toContain("Go on with version");
    expect((await world.store.db.cohort.findUniqueOrThrow({ where: { id } })).version).toBe(version);
    const jobs = await world.store.db.job.findMany({ where: { personId } });
    expect(jobs.map(({ name, data }) => [name, JSON.parse(data)])).toEqual([
      ["membership", { cohort: id, state: "paused" }],
    ]);
    expect(await world.store.db.audit.count({ where: { subject: id, action: "cohort.version" } })).toBe(1);
  });

  test("the poster has the code and a picture for each platform, and is gone with the code", async () => {
    const id = await made();
    const { code } = await world.store.db.cohort.findUniqueOrThrow({ where: { id } });
    const page = await lead.get(`/console/cohorts/${id}/poster`);
    expect(page.text).toContain(`Code: join ${code}`);
    expect(page.text).toContain(`https://pigeons.example/${code}?join`);
    expect(page.text).toMatch(/aria-label="QR code that opens Pigeons"><svg /u);
    expect(page.text).not.toContain("style=");
    await lead.post(`/console/cohorts/${id}/code`, { code: "close" });
    expect((await lead.get(`/console/cohorts/${id}/poster`)).status).toBe(404);
    expect((await lead.get(`/console/cohorts/${id}`)).text).toContain("Closed: nobody joins by code");
  });

  test("a roster is checked before anything happens, and invites when somebody says so", async () => {
    const id = await made();
    const roster = `/console/cohorts/${id}/roster`;
    await lead.get(roster);
    const bad = await lead.upload(roster, file("name;e-mail\nAnna;anna@example.org\nAnna;anna@example.org\n"));
    expect(bad.status).toBe(422);
    expect(bad.text).toContain("Line 3: This e-mail address stands in line 2 already.");
    expect(bad.text).not.toContain('name="run"');
    const good = await lead.upload(roster, file("name;e-mail\nAnna;anna@example.org\nBo;bo@example.org\n"));
    expect(good.text).toContain("2 people. Nobody has been invited yet.");
    expect(await world.store.db.invite.count({ where: { cohort: id } })).toBe(0);
    const run = /name="run" value="([^"]+)"/u.exec(good.text)?.[1] ?? "";
    expect((await lead.post(`${roster}/apply`, { run })).text).toContain("Invited: 2.");
    expect((await lead.post(`${roster}/apply`, { run })).status).toBe(303);
    expect(await world.store.db.invite.count({ where: { cohort: id } })).toBe(2);
    expect(await world.store.db.keep.count({ where: { adapter: "roster" } })).toBe(0);
    const list = await lead.get(`/console/cohorts/${id}/invitations.csv`);
    expect(list.headers.get("content-disposition")).toContain("invitations.csv");
    expect(list.text).toMatch(/"Anna";"anna@example\.org";"\w{10}";"https:\/\/fadder\.example\/join\/\w{10}"/u);
  });

  test("one person is invited, and once only", async () => {
    const id = await made();
    const invite = { name: "Anna", email: "Anna@Example.org", organisation: "root" };
    const first = await lead.post(`/console/cohorts/${id}/invite`, invite);
    const code = /join (\w{10})/u.exec(first.text)?.[1];
    expect(first.text).toContain(`https://fadder.example/join/${code}`);
    const second = await lead.post(`/console/cohorts/${id}/invite`, invite);
    expect(second.text).toContain(`join ${code}`);
    expect(await world.store.db.invite.count({ where: { cohort: id } })).toBe(1);
    await world.store.db.invite.updateMany({ where: { cohort: id }, data: { usedBy: "somebody" } });
    expect((await lead.post(`/console/cohorts/${id}/invite`, invite)).status).toBe(409);
    expect((await lead.post(`/console/cohorts/${id}/invite`, { ...invite, email: "nothing" })).status).toBe(422);
  });
});
