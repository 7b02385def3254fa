import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { outboxStatus } from "../../src/store/types.ts";
import { createDatabase, databaseKinds } from "../support/databases.ts";
import { type Browser, type ConsoleWorld, startConsole } from "./world.ts";

const dayMs = 86_400_000;

describe.each(databaseKinds)("who is looked after and whom messages reach, on %s", (kind) => {
  let world: ConsoleWorld;
  let lead: Browser;
  let town: string;
  let clock = Date.parse("2026-03-18T12:00Z");
  beforeEach(async () => {
    clock = Date.parse("2026-03-18T12:00Z");
    world = await startConsole({ database: await createDatabase(kind), now: () => clock });
    town = await world.organisation("Town");
    await world.person("lead");
    await world.grant("lead", "coordinator", town);
    for (const one of ["anna", "bo"]) await world.member(one, town);
    lead = await world.enter("lead");
  });
  afterEach(() => world.close());

  const rowOf = async (name: string, query = ""): Promise<string> => {
    const { text } = await lead.get(`/console/caseload?${query}`);
    return (
      text
        .split("<tr>")
        .slice(1)
        .find((row) => row.includes(`>${name}<`))
        ?.replace(/<[^>]+>/gu, "|")
        .replace(/\|+/gu, "|") ?? ""
    );
  };

  test("a coordinator of nobody has zeros, and each person their silence, phase and rhythm", async () => {
    expect(await rowOf("Name of lead")).toContain("|Name of lead|0|0|0|");
    expect(await rowOf("Name of anna")).toContain("|Cohort of anna|nobody in particular|in the course|0|14 days|yes|");
    await world.store.db.membership.updateMany({ data: { caredBy: "lead" } });
    clock += 15 * dayMs;
    expect(await rowOf("Name of lead")).toContain("|Name of lead|2|2|0|");
    expect(await rowOf("Name of anna")).toContain("|Name of lead|in the course|15, longer than agreed|14 days|yes|");
    const looks = await world.store.db.audit.findMany({ where: { action: "caseload.see" } });
    expect(looks.every(({ actor }) => actor === "lead")).toBe(true);
  });

  test("the table of persons filters, sorts, and leads to where a file is asked for", async () => {
    const { text } = await lead.get("/console/caseload?each.q=name+of+bo&each.sort=name");
    expect(text).not.toContain("Name of anna");
    expect(text).toContain("Name of bo");
    expect(text).toMatch(/aria-sort="ascending"><a href="\/console\/caseload\?each.q=name\+of\+bo/u);
    expect(text).toContain('href="/console/people#export">Ask for a file');
  });

  test.each([
    ["blocked", null, "They blocked the chat."],
    ["uninstalled", null, "The app was taken away where they write."],
    ["left", null, "They left the chat"],
    ["deactivated", null, "Their account is closed"],
    [null, "550 5.1.1", "Their mailbox does not exist."],
    [null, null, "the platform does not say why"],
  ])(
    "%s and the code %s are a reason and a remedy on both pages, until messages arrive again",
    async (reason, code, said) => {
      const { db } = world.store;
      const since = BigInt(Date.parse("2026-03-10T12:00Z"));
      await db.address.updateMany({ where: { personId: "anna" }, data: { state: "gone", reason, changedAt: since } });
      if (code !== null) {
        const message = { lane: "chat:bot", addressId: "chat:bot:anna", personId: "anna", class: 0, payload: "[]" };
        const rest = { status: outboxStatus.gone, notBefore: 0n, attempts: 1, mayBeSent: false, createdAt: since };
        await db.outbox.create({ data: { ...message, ...rest, code, settledAt: since } });
      }
      const row = await rowOf("Name of anna");
      expect(row).toContain(said);
      expect(row).toMatch(/\|(?:Ask|Invite)[^|]{20,}\|/u);
      const page = (await lead.get("/console/people/anna")).text;
      expect(page).toContain("chat: messages do not arrive, since 10 Mar 2026");
      expect(page).toContain(said);

      await db.address.updateMany({
        where: { personId: "anna" },
        data: { state: "reachable", reason: null, changedAt: BigInt(clock) },
      });
      expect(await rowOf("Name of anna")).toContain("|yes|");
      const healed = (await lead.get("/console/people/anna")).text;
      expect(healed).toContain("chat: messages arrive, since 18 Mar 2026");
      expect(healed).not.toContain(said);
    },
  );

  test("somebody without a chat needs an invitation", async () => {
    await world.store.db.address.deleteMany({ where: { personId: "anna" } });
    expect(await rowOf("Name of anna")).toContain("|no chat yet|Give this person an invitation");
  });

  test("cohorts sort, filter and are a file; members sort, filter and keep the chosen state", async () => {
    const file = await lead.get("/console/cohorts?format=csv&sort=name&down=1");
    expect(file.headers.get("content-disposition")).toContain("cohorts.csv");
    expect(
      file.text
        .trim()
        .split("\r\n")
        .slice(1)
        .map((line) => line.split(",")[0]),
    ).toEqual(["Cohort of bo", "Cohort of anna"]);
    expect(file.text).toContain("Cohort of anna,Family mentor,running,,1,0");
    expect((await lead.get("/console/cohorts?q=anna")).text).not.toContain("Cohort of bo");
    const { text } = await lead.get("/console/cohorts/cohort-anna?state=active&sort=since");
    expect(text).toContain('href="/console/cohorts/cohort-anna?state=active&amp;sort=since&amp;down=1"');
    expect(text).toContain('<a href="/console/people/anna">Name of anna</a>');
    expect((await lead.get("/console/cohorts/cohort-anna?q=nobody-here")).text).toContain("0 rows");
    expect((await lead.get("/console/cohorts/cohort-anna?state=left")).text).not.toContain("Name of anna");
  });
});
