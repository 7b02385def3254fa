import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Adapter } from "../../src/engine/adapter.ts";
import { toPlain } from "../../src/engine/markup.ts";
import { type Browser, type ConsoleWorld, startConsole } from "../console/world.ts";
import { fakePlatform } from "../outbox/harness.ts";

let world: ConsoleWorld;
let town: string;
let lead: Browser;
beforeEach(async () => {
  world = await startConsole();
  town = await world.organisation("Town");
  await world.member("anna", town);
  for (const id of ["lead", "second"]) {
    await world.person(id);
    await world.grant(id, "coordinator", town);
  }
  lead = await world.enter("lead");
  await lead.get("/console/broadcasts/new");
});
afterEach(() => world.close());

const text = (entries: Record<string, string> = {}) => ({ cohort: "cohort-anna", "text-en": "We meet.", ...entries });
/** Writes a draft; gives the address of its page. */
async function draft(fields: Record<string, string>): Promise<string> {
  const answer = await lead.post("/console/broadcasts", fields);
  expect([answer.status, answer.text]).toEqual([303, expect.anything()]);
  return answer.headers.get("location") ?? "";
}
const stateOf = async (address: string) =>
  (await world.store.db.broadcast.findUniqueOrThrow({ where: { id: address.split("/").at(-1) ?? "" } })).state;

describe("what a draft cannot leave with is said on its page, and everything typed is still there", () => {
  const local = (shiftMs: number): string => new Date(Date.now() + shiftMs).toISOString().slice(0, 16);

  test.each([
    ["a field that does not exist", { "text-en": "Dear {nmae}, hello." }, "a field that does not exist: {nmae}"],
    [
      "answers that lack a language",
      { "text-da": "Kommer du?", "options-en": "Yes\nNo" },
      "The answers are incomplete in “da”",
    ],
    ["one answer alone", { "options-en": "Yes" }, "a question has two to six answers"],
    ["people of another topic only", { topic: "events" }, "It would reach nobody."],
    ["a time that has passed", { at: local(-3 * 86_400_000), zone: "UTC" }, "has passed. Choose a later time."],
    ["a zone that does not exist", { at: local(86_400_000), zone: "Atlantis/Main" }, "The time zone “Atlantis/Main”"],
    ["no group to go to", { group: "yes" }, "It shall also go to the cohort’s group chat"],
  ])("%s", async (_name, fields, said) => {
    const address = await draft(text(fields as Record<string, string>));
    const page = (await lead.get(address)).text;
    expect(page).toContain(said);
    expect(page).not.toContain(`action="${address}/send"`);
    for (const value of Object.values(fields)) expect(page).toContain(String(value).replaceAll("\n", "\n"));
    // Whoever sends the form all the same changes nothing.
    await lead.post(`${address}/send`);
    expect(await stateOf(address)).toBe("draft");
  });

  test("a language that somebody reads and no text is in", async () => {
    await world.store.db.person.update({ where: { id: "anna" }, data: { language: "fi" } });
    const address = await draft({ cohort: "cohort-anna", "text-sv": "Hej." });
    expect((await lead.get(address)).text).toMatch(/1 person reads “\w+”/u);
    expect((await lead.get(address)).text).toContain("Hej.");
  });

  test("too long for a platform: which, and by how much", async () => {
    const short: Adapter = {
      ...fakePlatform("pigeon").adapter,
      preview: (reply) => ({
        parts: Array.from({ length: Math.ceil(toPlain(reply.text).length / 100) }, () => "part"),
      }),
    };
    Object.assign(world.deps, { adapters: [short] });
    const address = await draft(text({ "text-en": `${"x".repeat(130)}` }));
    expect((await lead.get(address)).text).toContain("too long for Pigeon by 30 characters");
    await lead.post(`${address}/send`);
    expect(await stateOf(address)).toBe("draft");
    await lead.post(address, text({ "text-en": "x".repeat(100) }));
    expect((await lead.get(address)).text).not.toContain("too long");
  });
});

describe("a form that cannot be kept", () => {
  test.each([
    ["without any text", { "text-en": " " }, "There is no text."],
    ["with seven answers", { "options-en": "1\n2\n3\n4\n5\n6\n7" }, "There are more than six answers."],
    ["with a time that is none", { at: "tomorrow" }, "The day or time cannot be read"],
    ["with a role that is none", { role: "king" }, "Choose whom it is for"],
  ])("%s comes back with everything that was typed", async (_name, fields, said) => {
    const typed = text({
      "alt-da": "En lang tekst, der tog tid.",
      zone: "Europe/Sofia",
      acknowledge: "yes",
      ...fields,
    });
    const answer = await lead.post("/console/broadcasts", typed);
    expect(answer.status).toBe(422);
    expect(answer.text).toContain(said);
    expect(answer.text).toContain("En lang tekst, der tog tid.");
    expect(answer.text).toContain('value="Europe/Sofia"');
    expect(answer.text).toMatch(/name="acknowledge" value="yes" checked/u);
    expect(answer.text).toMatch(/value="cohort-anna" selected/u);
    expect(await world.store.db.broadcast.count()).toBe(0);
  });
});

describe("two coordinators at once", () => {
  test("send a draft once; the other is told that somebody was faster", async () => {
    const address = await draft(text());
    const second = await world.enter("second");
    await Promise.all([lead.get(address), second.get(address)]);
    await Promise.all([lead.post(`${address}/send`), second.post(`${address}/send`)]);
    const said = await Promise.all([lead.get(address), second.get(address)]);
    expect(said.map((page) => page.text.includes("It leaves in ten seconds")).sort()).toEqual([false, true]);
    expect(said.map((page) => page.text.includes("somebody was faster")).sort()).toEqual([false, true]);
    const trail = await world.store.db.broadcast.findFirstOrThrow();
    expect(trail.state).toBe("scheduled");
  });

  test("one who changes what the other has sent keeps what was typed, as a new message", async () => {
    const address = await draft(text());
    const second = await world.enter("second");
    await second.get(address);
    await lead.post(`${address}/send`);
    const late = await second.post(address, text({ "text-en": "We meet at six instead." }));
    expect(late.status).toBe(422);
    expect(late.text).toContain("somebody was faster");
    expect(late.text).toContain("We meet at six instead.");
    expect(late.text).toContain('action="/console/broadcasts"');
    expect((await world.store.db.broadcast.findFirstOrThrow()).content).toContain("We meet.");
  });
});

describe("whom it is for", () => {
  test.each([
    ["those who have not finished a lesson", { notdone: "family-mentor|lesson|1.1" }],
    ["those who have not finished a unit", { notdone: "family-mentor|unit|1" }],
    ["a role", { role: "learner" }],
  ])("%s, as the form says", async (_name, fields) => {
    const address = await draft(text(fields as Record<string, string>));
    const { audience } = await world.store.db.broadcast.findFirstOrThrow();
    expect(JSON.parse(audience)).toMatchObject({ cohort: "cohort-anna" });
    const page = (await lead.get(address)).text;
    for (const value of Object.values(fields))
      expect(page).toMatch(new RegExp(`value="${value.replaceAll("|", "\\|")}" selected`, "u"));
  });

  test("a saved filter of one's own organisation, and nobody through one of another", async () => {
    const at = BigInt(Date.now());
    const row = (id: string, organisationId: string) => ({
      id,
      organisationId,
      owner: "lead",
      name: `Filter ${id}`,
      filter: JSON.stringify({ audience: { role: "learner" } }),
      createdAt: at,
    });
    const elsewhere = await world.organisation("Elsewhere");
    await world.store.db.filter.createMany({ data: [row("ours", town), row("theirs", elsewhere)] });
    const form = (await lead.get("/console/broadcasts/new")).text;
    expect(form).toContain("Filter ours");
    expect(form).not.toContain("Filter theirs");
    const ours = await draft(text({ filter: "ours" }));
    expect((await lead.get(ours)).text).toContain("It is for 1 person.");
    const theirs = await draft(text({ filter: "theirs" }));
    expect((await lead.get(theirs)).text).toContain("The saved filter or the programme in it does not exist");
  });
});

test("a message for the group of its cohort leaves with a job at its time, and taking it back keeps the draft", async () => {
  const group = JSON.stringify({ channel: "chat", tenant: "bot", user: "-100", ref: { chat: -100 } });
  await world.store.db.cohort.update({ where: { id: "cohort-anna" }, data: { group } });
  const address = await draft(text({ group: "yes" }));
  await lead.post(`${address}/send`);
  const job = await world.store.db.job.findFirstOrThrow({ where: { name: "groupNotice" } });
  const row = await world.store.db.broadcast.findFirstOrThrow();
  expect(JSON.parse(job.data)).toEqual({ broadcast: row.id, startsAt: Number(row.startsAt) });
  expect(job.notBefore >= (row.startsAt ?? 0n)).toBe(true);
  await lead.post(`${address}/takeback`);
  expect(await stateOf(address)).toBe("draft");
});

test("the page of a cohort's group says how to link one, and unlinks it", async () => {
  await world.store.db.cohort.update({ where: { id: "cohort-anna" }, data: { code: "K7MPQ2" } });
  const page = "/console/cohorts/cohort-anna/group";
  expect((await lead.get(page)).text).toContain("link group K7MPQ2");
  const group = JSON.stringify({ channel: "chat", tenant: "bot", user: "-100", ref: {} });
  await world.store.db.cohort.update({ where: { id: "cohort-anna" }, data: { group } });
  expect((await lead.get(page)).text).toContain("A group chat is linked.");
  await lead.post(`${page}/unlink`);
  expect((await lead.get(page)).text).toContain("The group chat is not linked any more.");
  expect((await world.store.db.cohort.findUniqueOrThrow({ where: { id: "cohort-anna" } })).group).toBeNull();
  expect(await world.store.db.audit.count({ where: { action: "cohort.group.unlink" } })).toBe(1);
});

test("a question that replies to a broadcast names it in the inbox", async () => {
  const { db } = world.store;
  const address = await draft(text({ reply: "yes" }));
  const broadcastId = address.split("/").at(-1) ?? "";
  const at = BigInt(Date.now());
  const question = { personId: "anna", organisationId: town, cohortId: "cohort-anna", state: "open" };
  const dates = { createdAt: at, changedAt: at };
  await db.question.createMany({
    data: [
      { id: "a-reply", ...question, ...dates, broadcastId },
      { id: "a-question", ...question, ...dates },
    ],
  });
  expect((await lead.get("/console/inbox/a-reply")).text).toContain(`href="/console/broadcasts/${broadcastId}"`);
  expect((await lead.get("/console/inbox/a-question")).text).not.toContain("A reply to this message to many");
});
