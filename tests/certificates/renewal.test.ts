import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createCertificates } from "../../src/certificates/certificates.ts";
import { gatherFacts } from "../../src/certificates/gather.ts";
import { endOf } from "../../src/certificates/life.ts";
import { createSweep, sweepCertificates } from "../../src/certificates/sweep.ts";
import { tellCertified } from "../../src/certificates/tell.ts";
import { progressIn } from "../../src/domain/progress.ts";
import { createAwardJobs } from "../../src/jobs/award.ts";
import { createAudit } from "../../src/people/audit.ts";
import { ensureRoot } from "../../src/people/organisations.ts";
import { rootId } from "../../src/people/standing.ts";
import { createCatalogue } from "../../src/programmes/catalogue.ts";
import type { Store } from "../../src/store/types.ts";
import { programmes, words } from "../support/chat.ts";
import { createDatabase, databaseKinds, quietLog, type TestDatabase } from "../support/databases.ts";
import { createStoreWorld, type StoreDeps } from "../support/store-chat.ts";

const [programme] = programmes;
const kind = programme?.certification?.certificates[0];
if (programme === undefined || kind === undefined) throw new Error("there is no certificate");
const catalogue = createCatalogue(programmes, []);
const hour = 3_600_000;
const day = 24 * hour;

/** The hour of an instant in Copenhagen. */
const hourThere = (at: number): number =>
  Number(new Intl.DateTimeFormat("en-GB", { timeZone: "Europe/Copenhagen", hour: "numeric" }).format(at));
const dayThere = (at: number): string => new Intl.DateTimeFormat("sv", { timeZone: "Europe/Copenhagen" }).format(at);

describe.each(databaseKinds)("a certificate by the calendar, on %s", (database) => {
  let opened: TestDatabase;
  let store: Store;
  let world: ReturnType<typeof createStoreWorld>;
  beforeEach(async () => {
    opened = await createDatabase(database);
    store = await opened.open();
    await ensureRoot(store.db, Date.UTC(2027, 0, 4, 9));
    world = createStoreWorld(store, {
      jobs: (deps) =>
        createAwardJobs({
          ...deps,
          words,
          catalogue,
          certificates: certificatesOf(deps),
          decided: async () => undefined,
          itemUri: (_framework, id) => `https://example.org/${id}`,
        }),
      also: (deps) => [createSweep(sweeping(deps)).tick],
      next: async ({ db }) => {
        const row = await db.award.findFirst({
          where: { state: "valid", nextAt: { not: null } },
          orderBy: { nextAt: "asc" },
        });
        return row?.nextAt === null || row === null ? undefined : Number(row.nextAt);
      },
    });
  });
  afterEach(async () => {
    expect(world.failures).toEqual([]);
    await opened.drop();
  });

  const sweeping = (deps: StoreDeps) => ({ ...deps, catalogue, log: quietLog });
  const certificatesOf = (deps: StoreDeps) => createCertificates({ ...deps, audit: createAudit(deps.db, deps.now) });

  /** A learner in Copenhagen who was awarded the first certificate at the world's beginning: 4 January 2027, until 3 January 2030. */
  async function holder(user = "anna") {
    const chat = world.chat(user, "Europe/Copenhagen");
    await chat.welcomed();
    const personId = await chat.id();
    const row = await store.db.progress.findUnique({ where: { personId } });
    const facts = gatherFacts(
      {
        assessmentId: `a-${user}`,
        personId,
        programme: known(programme),
        kind: known(kind),
        organisationId: rootId,
        levels: { a1: 1 },
      },
      {
        name: "Anna Ødegård",
        language: "en",
        timeZone: "Europe/Copenhagen",
        progress: progressIn(JSON.parse(row?.state ?? "{}"), "family-mentor"),
        issuer: { organisationId: rootId, name: "The Centre" },
        shows: { name: false, programme: false },
        words,
        origin: world.deps.origin,
        itemUri: (_framework, id) => `https://example.org/${id}`,
        now: world.clock.now,
      },
    );
    const issued = await certificatesOf(world.deps).issue(facts, "assessor");
    if ("refused" in issued) throw new Error(issued.refused);
    await tellCertified(world.deps, issued.award, "awarded");
    await chat.news();
    return { chat, award: issued.award, personId };
  }
  function known<T>(value: T | undefined): T {
    if (value === undefined) throw new Error("not there");
    return value;
  }
  const aboutCertificate = (chat: { readonly heard: readonly { readonly at: number; readonly text: string }[] }) =>
    chat.heard.filter(({ text }) => text.includes("Family mentor, level 1"));

  test("is told when it is given, and stands in the record and the path", async () => {
    const { chat, personId } = await holder();
    expect(aboutCertificate(chat).map(({ text }) => text)).toEqual([
      "Family mentor, level 1 is yours. It is valid until 3 January 2030.",
    ]);
    const [entry] = await store.db.record.findMany({ where: { personId, type: "certificate" } });
    expect(JSON.parse(entry?.data ?? "{}")).toMatchObject({
      state: "awarded",
      from: "2027-01-04",
      until: "2030-01-03",
    });
    expect(await chat.command("path")).toContain("Your path to: Family mentor, level 2");
  });

  test("is reminded of at the days of the pack, at the learner's hour, ends, and lapses; then nothing more is said", async () => {
    const { chat, personId } = await holder();
    // Somebody who answers once in a while, or reminders would stop after three.
    for (let month = 0; month < 42; month += 1) {
      await world.sleepUntil(world.clock.now + 30 * day);
      await chat.news();
      await chat.command("menu");
    }
    const about = aboutCertificate(chat).slice(1);
    expect(about.map(({ at, text }) => [dayThere(at), /ends on|ended on|no longer counts/u.exec(text)?.[0]])).toEqual([
      ["2029-07-09", "ends on"],
      ["2029-10-05", "ends on"],
      ["2029-12-04", "ends on"],
      ["2029-12-27", "ends on"],
      ["2030-01-04", "ended on"],
      ["2030-04-04", "no longer counts"],
    ]);
    for (const { at } of about) {
      expect(hourThere(at)).toBe(8);
    }
    const states = await store.db.record.findMany({ where: { personId, type: "certificate" }, orderBy: { id: "asc" } });
    expect(states.map(({ data }) => JSON.parse(data).state)).toEqual(["awarded", "lapsed"]);
    expect(await chat.command("path")).toContain("Your path to: Family mentor, level 1");
  }, 60_000);

  test("a sweep that runs twice, on two instances or after a crash, says a thing once", async () => {
    const { award } = await holder();
    world.clock.now = Date.UTC(2029, 6, 8, 10);
    const before = await store.db.award.findUniqueOrThrow({ where: { id: award.id } });
    const both = await Promise.all([sweepCertificates(sweeping(world.deps)), sweepCertificates(sweeping(world.deps))]);
    expect(both.reduce((sum, { told }) => sum + told, 0)).toBeGreaterThan(0);
    // The turn was committed and the instant was not moved: killed between the two.
    await store.db.award.update({ where: { id: award.id }, data: { nextAt: before.nextAt } });
    await sweepCertificates(sweeping(world.deps));
    const deliveries = await store.db.delivery.findMany({ where: { id: { startsWith: "certificate:" } } });
    expect(deliveries).toHaveLength(1);
    expect((await store.db.award.findUniqueOrThrow({ where: { id: award.id } })).nextAt).toBe(
      BigInt(Date.UTC(2029, 9, 4, 22)),
    );
  });

  test("work that is done again after a crash gives no second certificate and takes the new one's place by none", async () => {
    const { chat, award, personId } = await holder();
    const about = { assessmentId: "a-2", personId, programme: known(programme), kind: known(kind) };
    let renews = award.id;
    const { issue } = createAwardJobs({
      ...world.deps,
      words,
      catalogue,
      certificates: certificatesOf(world.deps),
      decided: async () => ({ ...about, organisationId: rootId, levels: { a1: 1 }, by: "eva", renews }),
      itemUri: (_framework, id) => `https://example.org/${id}`,
    });
    const job = {
      id: "j",
      personId,
      name: "issue",
      data: { assessment: "a-2", name: "Anna" },
      attempts: 0,
      createdAt: 0,
    };
    await issue?.(job);
    const second = await store.db.award.findUniqueOrThrow({ where: { assessmentId: "a-2" } });
    // The record knows the new one now: what a decision renews reads differently.
    renews = second.id;
    await issue?.(job);
    await chat.news();
    const rows = await store.db.record.findMany({ where: { personId, type: "certificate" }, orderBy: { id: "asc" } });
    const told = rows.map(({ data }) => [JSON.parse(data).award, JSON.parse(data).state]);
    expect(told).toEqual([
      [award.id, "awarded"],
      [award.id, "superseded"],
      [second.id, "awarded"],
    ]);
    expect(await store.db.award.count()).toBe(2);
  });

  test("more time is asked for while renewal is open, once, and moves every later step", async () => {
    const { chat, award, personId } = await holder();
    expect(await chat.command("extension")).toContain("It is not now");
    await world.sleepUntil(Date.UTC(2029, 10, 5, 9));
    await chat.news();
    expect(await chat.command("path")).toContain("Renewal is open now");
    expect(await chat.press("More time")).toContain("Your request for more time is sent");
    await chat.command("extension");
    const [request, ...more] = await store.db.approval.findMany({ where: { action: "certificates.extend" } });
    expect(more).toEqual([]);
    expect(request).toMatchObject({ askedBy: personId, detail: JSON.stringify({ award: award.id }) });

    const until = endOf("2030-07-03", "Europe/Copenhagen");
    expect(await certificatesOf(world.deps).extend(award.id, until, "assessor")).toBe(true);
    const row = await store.db.award.findUniqueOrThrow({ where: { id: award.id } });
    await tellCertified(world.deps, row, "extended");
    expect(await chat.news()).toContain(
      "Family mentor, level 1 is valid for longer now: until 3 July 2030. Its files were made anew. Whoever checks an earlier one hears that it was extended.",
    );
  });

  test("one that the register had lost and that was entered again is told to its person and stands in the record", async () => {
    const { chat, award, personId } = await holder();
    const { entered } = createAwardJobs({
      ...world.deps,
      words,
      catalogue,
      certificates: certificatesOf(world.deps),
      decided: async () => undefined,
      itemUri: (_framework, id) => `https://example.org/${id}`,
    });
    // What the record knew of it is gone with the copy that was put back.
    await store.db.record.deleteMany({ where: { personId } });
    await store.db.progress.deleteMany({ where: { personId } });
    await store.db.award.update({ where: { id: award.id }, data: { changedAt: BigInt(world.clock.now + day) } });
    const job = { id: "j", personId, name: "entered", data: { award: award.id }, attempts: 0, createdAt: 0 };
    await entered?.(job);
    await entered?.(job);
    expect(await chat.news()).toContain("Family mentor, level 1 is yours. It is valid until 3 January 2030.");
    const records = await store.db.record.findMany({ where: { personId, type: "certificate" } });
    expect(records.map(({ data }) => JSON.parse(data).state)).toEqual(["awarded"]);
  });

  test("what was withdrawn is said with its reason, is reminded of no more, and another way is open", async () => {
    const { chat, award, personId } = await holder();
    await world.sleepUntil(Date.UTC(2029, 6, 8, 1));
    await certificatesOf(world.deps).withdraw(award.id, "request", "lead");
    const row = await store.db.award.findUniqueOrThrow({ where: { id: award.id } });
    await tellCertified(world.deps, row, "withdrawn");
    await tellCertified(world.deps, row, "withdrawn");
    await chat.news();
    await world.sleepUntil(Date.UTC(2030, 6, 1));
    await chat.news();
    expect(
      aboutCertificate(chat)
        .slice(1)
        .map(({ text }) => text),
    ).toEqual(["Family mentor, level 1 was taken back, as you asked."]);
    const records = await store.db.record.findMany({ where: { personId, type: "certificate" } });
    expect(records).toHaveLength(2);
  });
});
