import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { inbox } from "../../src/console/inbox.tsx";
import { today } from "../../src/console/today.tsx";
import { keepQuestion } from "../../src/inbox/questions.ts";
import { outboxStatus } from "../../src/store/types.ts";
import { type ConsoleWorld, startConsole } from "../console/world.ts";
import { tuesday } from "../support/chat.ts";

const dayMs = 86_400_000;

let world: ConsoleWorld;
let clock: { now: number };
let odense: string;
beforeEach(async () => {
  clock = { now: tuesday };
  world = await startConsole({ sections: [today, inbox], now: () => clock.now });
  odense = await world.organisation("Odense");
  await world.store.db.cohort.create({
    data: {
      id: "spring",
      name: "Spring",
      programme: "family-mentor",
      version: "1",
      languages: "[]",
      pace: '{"kind":"own"}',
      state: "running",
      joining: "apply",
      ticks: "{}",
      createdAt: BigInt(clock.now),
    },
  });
  for (const id of ["ida", "per", "anna"]) await world.person(id);
  await world.grant("ida", "coordinator", odense);
  await world.grant("per", "coordinator", await world.organisation("Aarhus"));
});
afterEach(() => world.close());

async function member(personId: string, state = "active"): Promise<void> {
  const at = BigInt(clock.now);
  await world.store.db.membership.create({
    data: {
      id: `member:${personId}`,
      cohortId: "spring",
      personId,
      organisationId: odense,
      state,
      ticks: "{}",
      joinedAt: at,
      changedAt: at,
    },
  });
}

/** Keeps a question of Anna's; gives its id. */
async function question(text: string): Promise<string> {
  const deps = { db: world.store.db, seal: world.deps.seal };
  return (await keepQuestion(deps, { id: "q1", personId: "anna", text, at: clock.now })).id;
}

/** The first value of a hidden field in the form with this action. */
function field(html: string, action: string, name: string): string {
  const form = new RegExp(`action="${action}"[^]*?name="${name}" value="([^"]*)"`, "u").exec(html)?.[1] ?? "";
  return form.replaceAll("&amp;", "&");
}

describe("the inbox", () => {
  test("lists what waits, shows the thread, and an answer can be written and taken back", async () => {
    await member("anna");
    const id = await question("May I come <later>?");
    const browser = await world.enter("ida");
    expect((await browser.get("/console/inbox")).text).toContain("Name of anna");
    const thread = await browser.get(`/console/inbox/${id}`);
    expect(thread.text).toContain("May I come &lt;later>?");

    const sent = await browser.post(`/console/inbox/${id}/answer`, { text: "Yes.\r\nAt ten." });
    expect(sent.status).toBe(303);
    const after = await browser.get(sent.headers.get("location") ?? "");
    expect(after.text).toContain("The answer leaves in ten seconds.");
    expect(after.text).toContain("<p>At ten.</p>");
    expect((await browser.get("/console/inbox?state=answered")).text).toContain("Name of anna");

    await browser.post(`/console/inbox/${id}/take-back`, {
      entry: field(after.text, `/console/inbox/${id}/take-back`, "entry"),
    });
    const back = await browser.get(`/console/inbox/${id}`);
    expect(back.text).toContain("The answer was taken back.");
    expect(back.text).not.toContain("At ten.");
    expect(await world.store.db.job.count()).toBe(0);
    const trail = await world.store.db.audit.findMany({ where: { subject: "anna", actor: "ida" } });
    expect(new Set(trail.map((entry) => entry.action))).toEqual(new Set(["question.see", "question.answer"]));
  });

  test("is closed and opened again, and an empty answer sends nothing", async () => {
    await member("anna");
    const id = await question("Is it over?");
    const browser = await world.enter("ida");
    await browser.post(`/console/inbox/${id}/close`);
    expect((await browser.get(`/console/inbox/${id}`)).text).toContain("This question is closed.");
    await browser.post(`/console/inbox/${id}/open`);
    expect((await browser.get(`/console/inbox/${id}`)).text).toContain("waits for an answer");
    await browser.post(`/console/inbox/${id}/answer`, { text: "  " });
    expect((await browser.get(`/console/inbox/${id}`)).text).toContain("Nothing was sent: the answer was empty.");
    expect(await world.store.db.questionEntry.count()).toBe(1);
  });

  test("a coordinator of another place finds nothing there and changes nothing", async () => {
    await member("anna");
    const id = await question("Is it over?");
    const browser = await world.enter("per");
    expect((await browser.get("/console/inbox")).text).not.toContain("Name of anna");
    expect((await browser.get(`/console/inbox/${id}`)).status).toBe(404);
    for (const path of ["answer", "close", "take-back"]) {
      expect((await browser.post(`/console/inbox/${id}/${path}`, { text: "Mine", entry: "1" })).status).toBe(404);
    }
    expect(await world.store.db.question.findMany()).toMatchObject([{ state: "open" }]);
  });
});

describe("today", () => {
  test("nobody needs anybody: it says so", async () => {
    const browser = await world.enter("ida");
    expect((await browser.get("/console/today")).text).toContain("Nobody needs you at the moment.");
  });

  test("shows who waits, applies, is silent or cannot be reached, each with the remedy; and nothing of another place", async () => {
    await world.person("bo");
    await world.person("eva");
    await member("anna");
    await member("bo", "applied");
    await member("eva");
    await question("Is it over?");
    await world.store.db.address.update({ where: { id: "chat:bot:eva" }, data: { state: "gone" } });
    await unsent("eva", outboxStatus.gone, "403 bot was blocked by the user");
    clock.now += 15 * dayMs;
    const browser = await world.enter("ida");
    const { text } = await browser.get("/console/today");
    for (const part of ["Questions without an answer", "Wants to join Spring", "Silent for 15 days, in Spring"]) {
      expect(text).toContain(part);
    }
    expect(text).toContain("They blocked the chat.");
    expect(text).toContain("When they unblock the chat and write anything, all goes on by itself.");
    expect((await (await world.enter("per")).get("/console/today")).text).toContain("Nobody needs you");
  });

  test("one press puts a thing away until tomorrow, another brings it back", async () => {
    await member("anna");
    clock.now += 15 * dayMs;
    const browser = await world.enter("ida");
    const page = await browser.get("/console/today");
    const put = await browser.post("/console/today/later", { key: field(page.text, "/console/today/later", "key") });
    const without = await browser.get(put.headers.get("location") ?? "");
    expect(without.text).toContain("You see it again tomorrow.");
    expect(without.text).toContain("Nobody needs you");
    await browser.post("/console/today/undo", { key: field(without.text, "/console/today/undo", "key") });
    expect((await browser.get("/console/today")).text).toContain("Silent for 15 days");

    await browser.post("/console/today/later", { key: field(page.text, "/console/today/later", "key") });
    clock.now += dayMs;
    expect((await browser.get("/console/today")).text).toContain("Silent for 16 days");
  });

  test("what was seen stays away until it changes", async () => {
    await member("anna");
    const browser = await world.enter("ida");
    await question("First?");
    const page = await browser.get("/console/today");
    await browser.post("/console/today/seen", { key: field(page.text, "/console/today/seen", "key") });
    expect((await browser.get("/console/today")).text).toContain("Nobody needs you");
    clock.now += 1_000;
    await question("Second?");
    expect((await browser.get("/console/today")).text).toContain("Questions without an answer");
  });

  test("a message that may not have arrived is sent again after ten seconds, unless it is held back", async () => {
    await member("anna");
    const seq = await unsent("anna", outboxStatus.unknown, "timeout");
    const browser = await world.enter("ida");
    const page = await browser.get("/console/today");
    expect(page.text).toContain("(timeout)");
    expect((await (await world.enter("per")).post("/console/today/again", { seq: String(seq) })).status).toBe(404);
    const press = () => browser.post("/console/today/again", { seq: field(page.text, "/console/today/again", "seq") });
    const sent = await press();
    expect(await row(seq)).toMatchObject({ status: outboxStatus.waiting, notBefore: BigInt(clock.now + 10_000) });
    const after = await browser.get(sent.headers.get("location") ?? "");
    await browser.post("/console/today/hold", { seq: field(after.text, "/console/today/hold", "seq") });
    expect(await row(seq)).toMatchObject({ status: outboxStatus.unknown });

    await press();
    clock.now += 10_001;
    await browser.post("/console/today/hold", { seq: String(seq) });
    expect(await row(seq)).toMatchObject({ status: outboxStatus.waiting });
  });

  /** A message that ended so; gives its number. */
  async function unsent(personId: string, status: number, code: string): Promise<number> {
    const { seq } = await world.store.db.outbox.create({
      data: {
        lane: "chat:bot",
        addressId: `chat:bot:${personId}`,
        personId,
        class: 0,
        status,
        payload: '[{"id":"p","reply":{"text":[]}}]',
        notBefore: 0n,
        attempts: 0,
        mayBeSent: false,
        code,
        createdAt: BigInt(clock.now),
        settledAt: BigInt(clock.now),
      },
    });
    return seq;
  }
  const row = (seq: number) => world.store.db.outbox.findUniqueOrThrow({ where: { seq } });
});
