import { afterEach, expect, test } from "vitest";
import { createCertificates } from "../../src/certificates/certificates.ts";
import { decisions } from "../../src/certificates/decisions.ts";
import { createSweep } from "../../src/certificates/sweep.ts";
import { tellCertified } from "../../src/certificates/tell.ts";
import type { Certification } from "../../src/domain/certification.ts";
import type { Programme } from "../../src/domain/programme.ts";
import type { Rule } from "../../src/domain/requirements.ts";
import { createAssessmentJobs } from "../../src/jobs/assessments.ts";
import { createAwardJobs } from "../../src/jobs/award.ts";
import { createCertificateJobs } from "../../src/jobs/certificates.ts";
import { createJobs } from "../../src/jobs/index.ts";
import { createAudit } from "../../src/people/audit.ts";
import { ensureRoot } from "../../src/people/organisations.ts";
import { rootId } from "../../src/people/standing.ts";
import { createCatalogue } from "../../src/programmes/catalogue.ts";
import { programmes, words } from "../support/chat.ts";
import { createDatabase, databaseKinds, quietLog, type TestDatabase } from "../support/databases.ts";
import { rightLabel } from "../support/learner.ts";
import { createStoreWorld, type StoreDeps } from "../support/store-chat.ts";

const start = Date.UTC(2027, 0, 4, 9);
const day = 86_400_000;
/** The answer from which on a statement counts as held. */
const onMyOwn = programmes[0]?.framework?.scales[0]?.values[2]?.text.en ?? "";
const zone = "Europe/Sofia";

/** The programme with its first unit alone, and three certificates that one assessor rates. */
function small(): Programme {
  const [whole] = programmes;
  const certification = whole?.certification;
  if (whole === undefined || certification === undefined) throw new Error("there is no programme");
  // Its review would have to be signed off each year, which tests/quality plays.
  const { test: _test, quality: _quality, ...rest } = whole;
  const inUnitOne = (rule: Rule): Rule => {
    if (rule.is === "passed") return { ...rule, units: ["1"] };
    return rule.is === "all" ? { ...rule, of: rule.of.map(inUnitOne) } : rule;
  };
  const [first, ...others] = certification.certificates;
  if (first === undefined) throw new Error("there is no certificate");
  const at = (level: number): Rule => ({
    is: "all",
    of: (first.requires.is === "all" ? first.requires.of : []).map((rule) =>
      rule.is === "rating" ? { ...rule, atLeast: level } : rule,
    ),
  });
  const decision = { assessors: 1, external: false, countersign: false };
  const certificates = [first, ...others.slice(0, 2)].map((kind, n) => ({ ...kind, requires: at(n + 1), decision }));
  const stages = certification.stages.map((stage) => ({ ...stage, requires: inUnitOne(stage.requires) }));
  const own: Certification = { ...certification, stages, certificates };
  return { ...rest, units: whole.units.slice(0, 1), certification: own };
}

let database: TestDatabase | undefined;
afterEach(() => database?.drop());

test.each(databaseKinds)(
  "four years of one learner: four stages, three certificates, a renewal, a lapse and a withdrawal, on %s",
  async (kind) => {
    database = await createDatabase(kind);
    const store = await database.open();
    const { db } = store;
    await ensureRoot(db, start);
    const programme = small();
    const catalogue = createCatalogue([programme], []);
    const certificatesOf = (deps: StoreDeps) => createCertificates({ ...deps, audit: createAudit(deps.db, deps.now) });
    const world = createStoreWorld(store, {
      start,
      programmes: [programme],
      jobs: (deps) => ({
        ...createJobs(deps),
        ...createAssessmentJobs({ ...deps, catalogue }),
        ...createCertificateJobs({ ...deps, sign: (text: string) => text }),
        ...createAwardJobs({
          ...deps,
          catalogue,
          words,
          certificates: certificatesOf(deps),
          decided: decisions({ db, catalogue, now: deps.now }),
          itemUri: (_framework, id) => `https://example.org/framework/${id}`,
        }),
      }),
      also: (deps) => [createSweep({ ...deps, catalogue, log: quietLog }).tick],
      next: async () => {
        const row = await db.award.findFirst({
          where: { state: "valid", nextAt: { not: null } },
          orderBy: { nextAt: "asc" },
        });
        return row?.nextAt ? Number(row.nextAt) : undefined;
      },
    });
    const at = BigInt(start);

    // A municipality, its cohort, a coordinator's word for it, and an assessor.
    await db.organisation.create({
      data: {
        id: "town",
        name: "Town",
        kind: "municipality",
        parentId: rootId,
        country: "BG",
        settings: "{}",
        createdAt: at,
      },
    });
    const cohort = { id: "spring", name: "Spring", programme: programme.id, version: programme.version };
    const plain = { languages: '["en"]', pace: '{"kind":"own"}', state: "running", joining: "code", ticks: "{}" };
    await db.cohort.create({ data: { ...cohort, ...plain, createdAt: at } });
    await db.cohortPart.create({ data: { cohortId: "spring", organisationId: "town", lead: true } });
    const [anna, eva] = [world.chat("anna", zone), world.chat("eva", zone)];
    await anna.welcomed();
    await eva.welcomed(false);
    const annaId = await anna.id();
    const dates = { joinedAt: at, changedAt: at };
    await db.membership.create({
      data: {
        id: "m",
        cohortId: "spring",
        personId: annaId,
        organisationId: "town",
        state: "active",
        ticks: "[]",
        ...dates,
      },
    });
    await db.grant.create({
      data: { id: "g", personId: await eva.id(), role: "assessor", organisationId: "town", createdAt: at },
    });

    const states = async (): Promise<readonly string[]> => {
      const rows = await db.record.findMany({
        where: { personId: annaId, type: "certificate" },
        orderBy: { id: "asc" },
      });
      return rows.map(({ data }) => {
        const { certificate, state } = JSON.parse(data);
        return `${certificate} ${state}`;
      });
    };
    const sleep = (days: number) => world.sleepUntil(world.clock.now + days * day);
    let booking = 0;
    const credit = (type: string, more: Record<string, string | number | null>) => {
      booking += 1;
      const today = new Date(world.clock.now).toISOString().slice(0, 10);
      const base = { programme: programme.id, version: programme.version, by: "lead", id: `b${booking}`, day: today };
      return anna.told("credited", { type, ...base, ...more });
    };
    const agree = async (id: string) => {
      await anna.command("agree", id);
      await anna.press("I agree");
    };
    const assess = async () => {
      await anna.command("assess", "new");
      let said = await anna.press(anna.shown().at(-1)?.actions?.[0]?.label ?? "");
      for (let n = 0; n < 100 && said.includes("An example without names"); n += 1) said = await anna.press(onMyOwn);
      await anna.press("Finish");
    };
    /** The assessor rates every competence at a level and awards, all of it in chat. */
    const decide = async (level: number) => {
      await eva.command("queue");
      await eva.press("Open 1");
      await eva.press("I take it");
      let said = await eva.type("A");
      for (let n = 0; n < 60 && !said.includes("Everything has a level"); n += 1) {
        said = await eva.type(said.includes("the person says") ? "It was seen in practice." : String(level));
      }
      await eva.press("Hand in");
      await eva.press("Award");
      await eva.type("All of it was seen in practice.");
    };
    const rateNothing = async () => {
      await eva.command("queue");
      await eva.press("Open 1");
      await eva.press("I take it");
      await eva.press("Award");
      await eva.type("Renewal asks for no rating, and everything is there.");
    };
    const takeName = async (name: string) => {
      expect(await anna.news()).toContain("is decided");
      await anna.type(name);
      expect(await anna.press("Yes, like this")).toContain("is yours. It is valid until");
    };

    // January: the four stages.
    for (let lesson = 0; lesson < 6; lesson += 1) {
      let said = await anna.command("next");
      for (let step = 0; step < 30 && !said.includes("is done"); step += 1) {
        const last = anna.shown().at(-1);
        const none = last?.actions?.find((one) => one.label === "Not this one");
        said = await anna.press(none?.label ?? (last?.choices ? rightLabel({ shown: anna.shown } as never) : "Next"));
      }
      await sleep(1);
    }
    await anna.command("quiz");
    await anna.press("Start");
    for (let n = 0; n < 8; n += 1) await anna.press(rightLabel({ shown: anna.shown } as never));
    expect(await anna.command("path")).toContain("Open: Blended training");
    await credit("hours", { kind: "live", unit: "1", minutes: 18 * 60, why: "other" });
    await credit("hours", { kind: "practice", unit: "1", minutes: 24 * 60, why: "practice" });
    for (const id of ["quality-framework", "code-of-conduct", "certification-guide"]) await agree(id);
    await credit("checked", { check: "identity" });
    expect(await anna.command("path")).toContain("finish a self-assessment");
    await assess();
    const path = await anna.command("path");
    for (const stage of ["Quality framework", "Blended training", "Certification guide", "Competence framework"])
      expect(path).toContain(`Done: ${stage}`);

    // The first certificate; the name is written as she says, whatever the platform calls her.
    await anna.command("assessment");
    await anna.press("Ask for it");
    await decide(1);
    await takeName("Анна Ødegård");
    expect(await states()).toEqual(["level-1 awarded"]);

    // Spring and summer: the second and the third.
    for (const [level, days] of [
      [2, 60],
      [3, 60],
    ] as const) {
      await sleep(days);
      await anna.news();
      await anna.command("assessment");
      await anna.press("Ask for it");
      await decide(level);
      await takeName("Анна Ødegård");
    }
    expect(await states()).toEqual(["level-1 awarded", "level-2 awarded", "level-3 awarded"]);

    // A year later the third is taken back.
    await sleep(365);
    const third = await db.award.findFirstOrThrow({ where: { certificate: "level-3" } });
    await certificatesOf(world.deps).withdraw(third.id, "request", "lead");
    await tellCertified(world.deps, await db.award.findUniqueOrThrow({ where: { id: third.id } }), "withdrawn");
    expect(await anna.news()).toContain("was taken back, as you asked");

    // The window of the first opens: renewal asks for less, and a person decides again.
    await world.sleepUntil(Date.UTC(2029, 6, 25, 9));
    const told = await anna.news();
    expect(told).toContain("ends on");
    const renewal = await anna.command("path");
    expect(renewal).toContain("Your path to renewal: Family mentor, level 1");
    expect(renewal).toContain("consultations: 0 of 1 (since your certificate)");
    await credit("hours", { kind: "live", unit: null, minutes: 8 * 60, why: "other" });
    await credit("consultation", { minutes: 60 });
    await agree("code-of-conduct");
    await assess();
    expect(await anna.command("path")).toContain("Everything that is asked for is there.");
    await anna.command("assessment");
    await anna.press("Ask for it");
    await rateNothing();
    await takeName("Анна Ødegård");

    // Nothing more is done for the second: it ends, and lapses after its time of grace.
    for (let month = 0; month < 18; month += 1) {
      await sleep(30);
      await anna.command("menu");
    }
    expect(world.clock.now).toBeGreaterThan(Date.UTC(2031, 0, 4));
    expect(await states()).toEqual([
      "level-1 awarded",
      "level-2 awarded",
      "level-3 awarded",
      "level-3 withdrawn",
      "level-1 superseded",
      "level-1 awarded",
      "level-2 lapsed",
    ]);
    const rows = await db.award.findMany({ orderBy: { issuedAt: "asc" } });
    expect(rows.map(({ certificate, state }) => `${certificate} ${state}`)).toEqual([
      "level-1 superseded",
      "level-2 valid",
      "level-3 withdrawn",
      "level-1 valid",
    ]);

    // Four years with both changes of the clock each: nothing was pushed at night, on a weekend, or twice a day.
    const pushes = anna.heard.filter(({ text }) => /^Your certificate “/u.test(text));
    expect(pushes.length).toBeGreaterThanOrEqual(6);
    for (const { at: when } of pushes) {
      const hour = Number(new Intl.DateTimeFormat("en-GB", { timeZone: zone, hour: "numeric" }).format(when));
      const weekday = new Intl.DateTimeFormat("en-GB", { timeZone: zone, weekday: "short" }).format(when);
      expect([hour, ["Sat", "Sun"].includes(weekday)]).toEqual([8, false]);
    }
    const days = pushes.map(({ at: when }) => new Intl.DateTimeFormat("sv", { timeZone: zone }).format(when));
    expect(new Set(days).size).toBe(days.length);
    expect(world.failures).toEqual([]);
  },
  600_000,
);
