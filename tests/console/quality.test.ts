import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createFeedbackJobs } from "../../src/jobs/feedback.ts";
import { itemsOf } from "../../src/quality/items.ts";
import { reportOf } from "../../src/quality/report.ts";
import { openSheet } from "../certificates/pdf.ts";
import { programmes } from "../support/chat.ts";
import { createDatabase, databaseKinds } from "../support/databases.ts";
import { type Browser, type ConsoleWorld, secret, startConsole } from "./world.ts";

const programme = programmes.find(({ id }) => id === "family-mentor");
if (programme === undefined) throw new Error("there is no programme");
const { version } = programme;
/** After the review of the content is over. */
const now = Date.UTC(2027, 10, 15, 12);
const done = Object.fromEntries(
  [...programme.units.map(({ check }) => check.id), programme.test?.check.id ?? ""].map((id) => [
    id,
    { failed: 0, lastAt: now, passedAt: now, right: 8, of: 8 },
  ]),
);

describe.each(databaseKinds)("the quality of a programme, on %s", (kind) => {
  let world: ConsoleWorld;
  let author: Browser;
  let town: string;
  beforeEach(async () => {
    world = await startConsole({ database: await createDatabase(kind), now: () => now });
    town = await world.organisation("Town");
    await world.person("author");
    await world.grant("author", "author", town);
    author = await world.enter("author");
  });
  afterEach(() => world.close());

  let rows = 0;
  const keep = (personId: string, type: string, data: object, key = `${type}:${rows++}`) =>
    world.store.db.record.create({
      data: { personId, type, key, programme: "family-mentor", version, data: JSON.stringify(data), at: BigInt(now) },
    });

  /** So many learners of an organisation, who all completed and said what they think. */
  async function learners(count: number, organisationId: string, marks: readonly number[], name = "m") {
    for (let n = 0; n < count; n += 1) {
      const id = await world.member(`${name}${n}`, organisationId);
      const state = JSON.stringify({
        "family-mentor": { joinedAt: now, lessons: {}, saved: [], told: [], checks: done },
      });
      await world.store.db.progress.create({ data: { personId: id, state } });
      const clear = marks[n % marks.length];
      await keep(id, "unit.feedback", { unit: "1", clear, useful: 5 }, `feedback:1:${version}`);
      await keep(id, "skills.used", { used: "often" }, "used:family-mentor");
    }
  }
  const write = (personId: string, text: string, unit = "1") =>
    createFeedbackJobs({ ...world.deps, db: world.store.db, secret }).feedback?.({
      id: `job-${personId}`,
      personId,
      name: "feedback",
      data: { programme: "family-mentor", version, unit, text },
      attempts: 0,
    });
  const verdicts = (given: Record<string, string> = {}) => ({
    programme: "family-mentor",
    organisation: town,
    year: "2027",
    until: "2028-11-14",
    ...Object.fromEntries((programme?.quality?.criteria ?? []).map(({ id }) => [`met-${id}`, "yes"])),
    ...given,
  });
  const cells = (html: string): readonly string[] =>
    [...html.matchAll(/<tr><th scope="row">(.*?)<\/th><td>(.*?)<\/td>/gu)].map((row) => `${row[1]}: ${row[2]}`);

  test("the report has the three aims, figures with their source, averages and lines without an author", async () => {
    await learners(6, town, [3, 4, 5]);
    await write("m0", "More about teenagers");
    await write("m0", "More about teenagers");
    expect(await world.store.db.feedbackLine.count()).toBe(1);
    expect(JSON.stringify(await world.store.db.feedbackLine.findMany())).not.toContain("teenagers");
    const { text } = await author.get("/console/quality");
    const aims = [
      "Families do better in body",
      "Families do better in mind",
      "Families do better in their social life",
    ];
    for (const aim of aims) expect(text).toContain(aim);
    expect(cells(text)).toEqual(
      expect.arrayContaining([
        "Started in the year: 6",
        "Of these, completed: 6",
        "Often: 6",
        "Sometimes: not shown",
        "Becoming a family mentor: clear 4, useful 5, of 5 (6 answers)",
        "At least one thing was changed because of last year’s report.: not judged yet",
      ]),
    );
    expect(text).toContain("<td>record of learning</td>");
    expect(text).toContain("Becoming a family mentor: More about teenagers");
    expect(text).not.toContain("Name of m");
    expect(text).toContain("<svg");
  });

  test("the same stands on tagged paper, in the reader's language", async () => {
    await learners(5, town, [4]);
    await world.person("avtor", { language: "bg" });
    await world.grant("avtor", "author", town);
    const report = await author.get("/console/quality?format=pdf");
    expect(report.headers.get("content-type")).toContain("application/pdf");
    const paper = async (browser: Browser) => {
      const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
      const answer = await fetch(`${world.url}/console/quality?format=pdf`, { headers: { cookie } });
      return openSheet(new Uint8Array(await answer.arrayBuffer()));
    };
    const english = await paper(author);
    const text = english.pages
      .map((page) => page.text)
      .join("\n")
      .replace(/\s+/gu, " ");
    expect(text).toContain("Quality report 2027: ");
    expect(text).toMatch(/Started in the year \(memberships\) 5/u);
    expect(text).toContain("Families do better in body");
    expect(english.marked).toMatchObject({ Marked: true });
    for (const role of ["H1", "H2", "Table"]) expect(english.structure).toContain(`"${role}"`);
    const bulgarian = await paper(await world.enter("avtor"));
    expect(bulgarian.info).toMatchObject({ Language: "bg" });
    expect(bulgarian.pages.map((page) => page.text).join(" ")).toContain("Доклад за качеството");
  });

  test("nothing is shown of four people, also not as a part of more", async () => {
    const village = await world.organisation("Village", town);
    await learners(4, village, [1], "v");
    await write("v0", "Too few of us");
    const alone = (await author.get(`/console/quality?organisation=${village}`)).text;
    expect(cells(alone)).toEqual(expect.arrayContaining(["Started in the year: not shown", "Often: not shown"]));
    await learners(5, town, [5]);
    const both = (await author.get(`/console/quality?organisation=${town}`)).text;
    expect(cells(both)).toEqual(
      expect.arrayContaining([
        "Started in the year: 5 or more",
        "Often: 5 or more",
        "Becoming a family mentor: clear 5, useful 5, of 5 (5 answers)",
      ]),
    );
    for (const text of [alone, both]) expect(text).not.toContain("Too few of us");
  });

  test("a year counts what belongs to it", async () => {
    await learners(5, town, [5]);
    const deps = { db: world.store.db, open: world.deps.open };
    const before = await reportOf(deps, programme, town, [town], 2026);
    expect(before).toMatchObject({ from: "2026-01-01", until: "2026-12-31", started: { value: 0 }, units: [] });
    expect((await reportOf(deps, programme, town, [town], 2027)).started).toEqual({ value: 5, more: false });
  });

  test("a sign-off is kept with its notes sealed, shown, and lets certificates go on; a later one takes its place", async () => {
    const { db } = world.store;
    await world.member("waits", town);
    const job = { id: "j", personId: "waits", name: "issue", data: "{}", attempts: 1, createdAt: 0n };
    await db.job.create({ data: { ...job, notBefore: BigInt(now + 3_600_000) } });
    expect((await author.get("/console/quality")).text).toContain("the review ended on 31 Oct 2027");
    await author.post("/console/quality/sign", verdicts({ "note-safe-at-home": "Practised twice" }));
    const [first] = await db.qualityReview.findMany();
    expect(first).toMatchObject({ signedBy: "author", organisationId: town, year: 2027, validUntil: "2028-11-14" });
    expect(Buffer.from(first?.notes ?? []).toString()).not.toContain("Practised");
    expect(first?.reportHash).toMatch(/^[0-9a-f]{64}$/u);
    expect((await db.job.findUniqueOrThrow({ where: { id: "j" } })).notBefore).toBe(0n);
    const page = (await author.get("/console/quality")).text;
    expect(page).toContain("The review holds until 14 Nov 2028");
    expect(cells(page)).toContain(
      "Every mentor knows the way to child protection and has practised it this year.: met",
    );
    await author.post("/console/quality/sign", verdicts({ until: "2027-12-31", "met-safe-at-home": "partly" }));
    expect(await db.qualityReview.count()).toBe(2);
    expect(await db.audit.count({ where: { action: "quality.sign" } })).toBe(2);
  });

  test.each([
    ["a criterion without a verdict", { "met-safe-at-home": "" }],
    ["a day that is over", { until: "2027-11-15" }],
    ["a day in ten years", { until: "2037-11-15" }],
    ["no day", { until: "soon" }],
    ["a case in a note", { "note-safe-at-home": "Call Maria Jensen on +45 12 34 56 78" }],
  ])("%s is refused", async (_what, wrong) => {
    const { headers } = await author.post("/console/quality/sign", verdicts(wrong));
    expect((await author.get(headers.get("location") ?? "")).text).toContain("Nothing was signed off");
    expect(await world.store.db.qualityReview.count()).toBe(0);
  });

  test("nobody signs figures off that they answer for, nor those of another organisation", async () => {
    await world.person("both");
    await world.grant("both", "author", town);
    await world.grant("both", "coordinator", town);
    const both = await world.enter("both");
    expect((await both.get("/console/quality")).text).toContain("Somebody else signs the report off");
    await both.post("/console/quality/sign", verdicts());
    const elsewhere = await world.organisation("Elsewhere");
    expect((await author.post("/console/quality/sign", verdicts({ organisation: elsewhere }))).status).toBe(404);
    expect((await author.get(`/console/quality?organisation=${elsewhere}`)).status).toBe(404);
    expect(await world.store.db.qualityReview.count()).toBe(0);
  });

  test("a coordinator reads on the first page of the day that certificates wait, until it is signed off", async () => {
    await world.person("lead");
    await world.grant("lead", "coordinator", town);
    const lead = await world.enter("lead");
    const notice = "Town: the review ended on 31 Oct 2027. New certificates wait";
    expect((await lead.get("/console/today")).text).toContain(notice);
    await author.get("/console/quality");
    await author.post("/console/quality/sign", verdicts());
    expect((await lead.get("/console/today")).text).not.toContain(notice);
  });

  test("questions are judged from 30 answers on, by question and version, with a file to take along", async () => {
    const [bank] = programme.units[0]?.check.bank.filter((one) => one.kind === "single") ?? [];
    const id = bank?.id ?? "";
    const [right, wrong] =
      bank?.kind === "single" ? [bank.right, bank.options.find((one) => one.id !== bank.right)?.id] : [];
    for (let n = 0; n < 5; n += 1) await world.person(`p${n}`);
    const answer = (n: number) =>
      keep(
        `p${n % 5}`,
        "answer",
        { question: id, option: n < 27 ? right : wrong, right: n < 27 },
        `answer:t${n}:${id}`,
      );
    for (let n = 0; n < 29; n += 1) await answer(n);
    expect((await author.get("/console/quality/items")).text).toContain("No question has 30 answers yet");
    await answer(29);
    const [item] = await itemsOf(world.store.sql, world.deps.catalogue, "family-mentor");
    expect(item).toMatchObject({
      question: id,
      version,
      answers: 30,
      right: 0.9,
      discrimination: null,
      flags: ["idle"],
    });
    const { text } = await author.get("/console/quality/items");
    expect(text).toContain("a wrong option that hardly anybody takes");
    expect(text).toContain("<svg");
    expect(text).not.toContain("Name of p");
    const csv = (await author.get("/console/quality/items?format=csv")).text;
    expect(csv.split("\r\n")[1]).toContain(`${version},30,90,`);
  });
});
