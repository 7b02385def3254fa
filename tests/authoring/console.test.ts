import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { everyPlatform } from "../broadcasts/platforms.ts";
import type { Browser } from "../console/world.ts";
import { createDatabase, databaseKinds } from "../support/databases.ts";
import { edited, packed, STRUCTURE, sendPack, startAuthors, toldIn, uploaded, WORDS } from "./world.ts";

const TITLE = ["words/en/programme.yaml", "My programme", "On time"] as const;
const CORRECTION = [STRUCTURE, "version: 0.1.0", "version: 0.1.1"] as const;

describe.each(databaseKinds)("authors in the console, on %s", (kind) => {
  let house: Awaited<ReturnType<typeof startAuthors>>;
  let ann: Browser;
  let bo: Browser;
  beforeEach(async () => {
    house = await startAuthors({ database: await createDatabase(kind) });
    ann = await house.world.enter("ann");
    bo = await house.world.enter("bo");
  });
  afterEach(() => house.close());

  const corrected = () => edited(house.texts, CORRECTION, TITLE);
  const revOf = async (browser: Browser, draft: string) =>
    /name="rev" value="(\d+)"/u.exec((await browser.get(draft)).text)?.[1] ?? "";
  const press = async (browser: Browser, draft: string, what: string, fields: Record<string, string> = {}) => {
    const answer = await browser.post(`${draft}/${what}`, { rev: await revOf(browser, draft), ...fields });
    return answer.status === 303 ? (await browser.get(answer.headers.get("location") ?? "")).text : answer.text;
  };
  const taught = () => house.world.deps.catalogue.programmes.map(({ id, version }) => `${id} ${version}`);
  const stateOf = async () => (await house.world.store.db.programmeDraft.findFirst())?.state;

  test("what is no programme is refused with the reason, and nothing is kept", async () => {
    const bad = [
      [new TextEncoder().encode("not a zip"), "no ZIP file that can be read"],
      [packed({ ...house.texts, "bomb.yaml": new Uint8Array(900_000) }), "sample/bomb.yaml would unpack to far more"],
      [packed({ ...house.texts, "../../evil.yaml": "x" }), "leads out of the folder"],
      [packed({ ...house.texts, "logo.png": "x" }), "logo.png is no file of a programme"],
      [packed({ [WORDS]: "title: One" }), "There is no programme.yaml in it"],
      [packed({ [STRUCTURE]: "id: Not An Id" }, ""), "There is no programme.yaml in it with the id"],
    ] as const;
    for (const [zip, why] of bad) {
      const answer = await sendPack(ann, zip);
      expect([answer.status, answer.text]).toEqual([400, expect.stringContaining(why)]);
    }
    const huge = await sendPack(ann, new Uint8Array(6 * 1024 * 1024));
    expect(huge.status).toBe(413);
    expect(await house.world.store.db.programmeDraft.count()).toBe(0);
  });

  test("findings name path and line and lead there; the page of the file puts it right", async () => {
    const draft = await uploaded(ann, edited(house.texts, [WORDS, "lessons:\n", "lessons:\n\t"]));
    const page = (await ann.get(draft)).text;
    expect(page).toContain("words/en/unit-1.yaml:4");
    const [, link = ""] = /href="([^"]*file\?path=words%2Fen%2Funit-1\.yaml#line-4)"/u.exec(page) ?? [];
    const file = (await ann.get(link.replaceAll("&amp;", "&"))).text;
    expect(file).toMatch(/id="line-4".*a tab starts this line/su);
    expect(page).not.toContain("Play it");
    // Not asked for while there is one, whatever a form says.
    expect(await press(ann, draft, "ask", { rev: "1" })).toContain("something wrong in the draft");

    const text = (house.texts[WORDS] ?? "").replaceAll("\n", "\r\n");
    const form = new FormData();
    for (const [name, value] of Object.entries({ path: WORDS, rev: "1", do: "save", text })) form.set(name, value);
    expect((await ann.upload(`${draft}/file`, form)).status).toBe(303);
    expect((await ann.get(draft)).text).toContain("Nothing is wrong in it.");
    // Two at the same file: the second sees that, and keeps what they wrote.
    form.set("text", "title: Mine");
    const late = await ann.upload(`${draft}/file`, form);
    expect([late.status, late.text]).toEqual([409, expect.stringContaining("title: Mine")]);
    expect((await ann.get(draft)).text).toContain("Nothing is wrong in it.");
  });

  test("files come and go, and the whole goes home again as a ZIP", async () => {
    const draft = await uploaded(ann, house.texts);
    const form = new FormData();
    for (const [name, value] of Object.entries({
      path: "words/da/programme.yaml",
      rev: "1",
      do: "save",
      text: "title: Min",
    }))
      form.set(name, value);
    await ann.upload(`${draft}/file`, form);
    expect((await ann.get(draft)).text).toContain("which is not among the languages");
    form.set("rev", "2");
    form.set("do", "remove");
    await ann.upload(`${draft}/file`, form);
    expect((await ann.get(draft)).text).toContain("Nothing is wrong in it.");
    for (const path of ["../secret.yaml", "words/en/run.sh", "/etc/passwd"])
      expect((await ann.get(`${draft}/file?${new URLSearchParams({ path })}`)).status).toBe(404);
    const zip = await ann.get(`${draft}/pack.zip`);
    expect(zip.headers.get("content-type")).toContain("application/zip");
    expect(zip.headers.get("content-disposition")).toContain("sample.zip");
    const other = await sendPack(ann, packed(corrected()), `${draft}/replace`, { rev: "3" });
    expect(other.headers.get("location")).toBe(draft);
    expect((await ann.get(draft)).text).toContain("Draft: On time");
    expect((await ann.get("/console/programmes?zip=sample")).status).toBe(200);
    await ann.post(`${draft}/remove`);
    expect((await ann.get(draft)).status).toBe(404);
    expect(await house.world.store.db.programmeStep.count()).toBe(0);
  });

  test("a draft of what is taught changes nothing; under an old number content and structure are held fast", async () => {
    const begun = await ann.post("/console/programmes/begin", { programme: "sample" });
    const draft = begun.headers.get("location") ?? "";
    const page = (await ann.get(draft)).text;
    expect(page).toContain("Nothing is different.");
    expect(page).toContain("Nothing is wrong in it.");
    expect((await ann.post("/console/programmes/begin", { programme: "no-such" })).status).toBe(404);

    const replace = async (texts: Parameters<typeof packed>[0]) => {
      await sendPack(ann, packed(texts), `${draft}/replace`, { rev: await revOf(ann, draft) });
      return (await ann.get(draft)).text;
    };
    expect(await replace(edited(house.texts, TITLE))).toContain("the content changed and the version did not");
    const structure = [
      STRUCTURE,
      "          - id: first-recall\n            right: a",
      "          - id: first-recall\n            right: b",
    ] as const;
    expect(await replace(edited(house.texts, CORRECTION, structure))).toContain("which may change words alone");
    expect(await replace(edited(house.texts, [STRUCTURE, "version: 0.1.0", "version: 0.0.9"]))).toContain(
      "is older than 0.1.0",
    );
    const good = await replace(corrected());
    expect(good).toContain("A correction: words alone.");
    expect(good).toMatch(/words\/en\/programme\.yaml.*changed.*\+1.*−1/su);
    expect(await replace(edited(house.texts, [STRUCTURE, "version: 0.1.0", "version: 0.2.0"], structure))).toContain(
      "A new version: whoever learns alone gets it at the end of the unit",
    );
  });

  test("a second person's yes publishes at once, and the whole of it is written down", async () => {
    const draft = await uploaded(ann, corrected());
    expect(await press(ann, draft, "ask")).toContain("It waits for somebody else’s yes");
    expect(toldIn(house.world)).toEqual(["bo asked 0.1.1"]);
    expect(taught()).toEqual(["sample 0.1.0"]);

    // Whoever wrote it cannot say yes, on the page or past it.
    expect(await press(ann, draft, "yes", { rev: "1" })).toContain("you wrote in this draft");
    expect(taught()).toEqual(["sample 0.1.0"]);

    const look = (await bo.get(draft)).text;
    expect(look).toContain("Yes, publish it");
    expect(await press(bo, draft, "yes")).toContain("It is taught from now on.");
    expect(taught()).toEqual(["sample 0.1.1"]);
    const { catalogue, store } = house.world.deps;
    expect(catalogue.get("sample", "0.1.0")?.title).toEqual({ en: "On time" });
    expect(toldIn(house.world)).toEqual(["bo asked 0.1.1", "ann published 0.1.1"]);
    const trail = await store.db.audit.findMany({
      where: { action: { startsWith: "programme." } },
      orderBy: { id: "asc" },
    });
    expect(trail.map(({ actor, action }) => `${actor} ${action}`)).toEqual([
      "ann programme.begin",
      "ann programme.ask",
      "bo programme.publish",
    ]);
    // Done is done: neither a file nor a second yes changes it.
    expect((await sendPack(ann, packed(house.texts), `${draft}/replace`, { rev: "1" })).headers.get("location")).toBe(
      draft,
    );
    expect(await stateOf()).toBe("published");
    // The next draft begins with what was published here.
    const next = (await bo.post("/console/programmes/begin", { programme: "sample" })).headers.get("location") ?? "";
    expect((await bo.get(next)).text).toContain("Nothing is different.");
    expect((await bo.get(next)).text).toContain("sample, version 0.1.1");
  });

  test("of two second persons at once one decides", async () => {
    await house.world.person("cy");
    await house.world.grant("cy", "admin");
    const cy = await house.world.enter("cy");
    const draft = await uploaded(ann, corrected());
    await press(ann, draft, "ask");
    const rev = await revOf(bo, draft);
    await cy.get(draft);
    await Promise.all([
      bo.post(`${draft}/yes`, { rev }),
      cy.post(`${draft}/no`, { rev, reason: "The title says too little." }),
    ]);
    const decided = await house.world.store.db.programmeStep.findMany({
      where: { what: { in: ["published", "refused"] } },
    });
    expect(decided).toHaveLength(1);
    expect(await stateOf()).toBe(decided[0]?.what);
    expect(taught()).toEqual([decided[0]?.what === "published" ? "sample 0.1.1" : "sample 0.1.0"]);
  });

  test("a draft that was changed after the question needs a new yes", async () => {
    const draft = await uploaded(ann, corrected());
    await press(ann, draft, "ask");
    const seen = await revOf(bo, draft);
    const other = edited(house.texts, CORRECTION, ["words/en/programme.yaml", "My programme", "Something else"]);
    await sendPack(ann, packed(other), `${draft}/replace`, { rev: seen });
    expect(await press(bo, draft, "yes", { rev: seen })).toContain("somebody decided already");
    expect([await stateOf(), taught()]).toEqual(["writing", ["sample 0.1.0"]]);
    // Asked again for the new files: the page that bo has open is of the old ones.
    await press(ann, draft, "ask");
    expect(await press(bo, draft, "yes", { rev: seen })).toContain("the draft was changed meanwhile");
    expect(taught()).toEqual(["sample 0.1.0"]);
    // Who helps to write it is no second person any more.
    await sendPack(bo, packed(corrected()), `${draft}/replace`, { rev: await revOf(bo, draft) });
    await press(bo, draft, "ask");
    for (const browser of [ann, bo])
      expect(await press(browser, draft, "yes", { rev: "3" })).toContain("you wrote in this draft");
    expect(taught()).toEqual(["sample 0.1.0"]);
  });

  test("a no has a reason, which its authors hear; nothing personal is in it", async () => {
    const draft = await uploaded(ann, corrected());
    await press(ann, draft, "ask");
    expect(await press(bo, draft, "no", { reason: " " })).toContain("write in a few words why not");
    expect(await press(bo, draft, "no", { reason: "Call me: +45 20 30 40 50" })).toContain("something personal");
    expect(await stateOf()).toBe("asked");
    expect(await press(bo, draft, "no", { reason: "The title says too little." })).toContain("Its authors were told.");
    expect(toldIn(house.world)).toEqual(["bo asked 0.1.1", "ann refused 0.1.1 The title says too little."]);
    expect((await ann.get(draft)).text).toContain("The title says too little.");
    const { db } = house.world.store;
    expect(
      JSON.stringify((await db.programmeStep.findMany()).map(({ said }) => Buffer.from(said ?? []).toString())),
    ).not.toContain("title");
    // And it can be asked for again.
    expect(await press(ann, draft, "ask")).toContain("It waits for somebody else’s yes");
  });

  test("an author of one town writes there; the yes comes from the house, and for their programme alone", async () => {
    const { world } = house;
    const town = await world.organisation("Town");
    for (const id of ["eve", "tim"]) {
      await world.person(id);
      await world.grant(id, "author", town);
    }
    const [eve, tim] = [await world.enter("eve"), await world.enter("tim")];
    const draft = await uploaded(eve, corrected());
    await press(eve, draft, "ask");
    expect((await tim.get(draft)).text).toContain("author or administrator of the whole house");
    expect((await tim.post(`${draft}/yes`, { rev: "1" })).status).toBe(404);
    await world.store.db.grant.updateMany({ where: { personId: "bo" }, data: { programme: "another" } });
    expect((await bo.get(draft)).status).toBe(404);
    expect((await bo.post(`${draft}/yes`, { rev: "1" })).status).toBe(404);
    expect(taught()).toEqual(["sample 0.1.0"]);
    await world.store.db.grant.updateMany({ where: { personId: "bo" }, data: { programme: "sample" } });
    expect(await press(bo, draft, "yes")).toContain("It is taught from now on.");
  });

  test("an author plays as a learner would, and leaves no person behind", async () => {
    const draft = await uploaded(ann, corrected());
    const people = await house.world.store.db.person.count();
    const begin = (await ann.get(`${draft}/play`)).text;
    const at = /name="at" value="(\d+)"/u.exec(begin)?.[1] ?? "";
    const first = { at, rev: "1", language: "en", unit: "1" };
    let page = (await ann.post(`${draft}/play`, first)).text;
    expect(page).toContain("Read four cards and answer two questions.");
    const moves = () => (/name="moves" value="([^"]*)"/u.exec(page)?.[1] ?? "[]").replaceAll("&quot;", '"');
    const go = async (fields: Record<string, string>) => {
      page = (await ann.post(`${draft}/play`, { ...first, moves: moves(), ...fields })).text;
    };
    const pressed = (label: string) =>
      [...page.matchAll(/name="press" value="([^"]*)"[^>]*>([^<]*)</gu)].findLast((one) =>
        one[2]?.includes(label),
      )?.[1] ?? "";
    for (let card = 0; card < 4; card += 1) await go({ press: pressed("Next") });
    expect(page).toContain("What does a good message about a delay say?");
    await go({ press: pressed("How late you will be") });
    expect(page).toContain("Yes. Now the others can plan.");
    await go({ text: "menu" });
    expect(page).toContain("On time");
    // The first message of all, in another language.
    const welcome = (await ann.post(`${draft}/play`, { ...first, language: "en", unit: "" })).text;
    expect(welcome).toContain("Dansk");
    expect(await house.world.store.db.person.count()).toBe(people);
    // A press out of another play, and a draft that changed meanwhile.
    await go({ press: "nothing a" });
    expect(page).toContain("menu");
    expect((await ann.post(`${draft}/play`, { ...first, rev: "7" })).headers.get("location")).toBe(`${draft}/play`);
    expect((await ann.post(`${draft}/play`, { ...first, moves: "{" })).status).toBe(303);
  });

  test("any card or question is shown as every platform shows it, in every language of the programme", async () => {
    Object.assign(house.world.deps, { adapters: await everyPlatform() });
    const bg = Object.fromEntries(
      Object.entries(house.texts).map(([path, text]) => [
        path.replace("/en/", "/bg/"),
        text.replace("My programme", "Навреме"),
      ]),
    );
    const texts = edited({ ...bg, ...corrected() }, [STRUCTURE, "languages: [en]", "languages: [en, bg]"]);
    const draft = await uploaded(ann, texts);
    const shown = async (part: string, n: number) =>
      (await ann.get(`${draft}/preview?${new URLSearchParams({ part, n: String(n) })}`)).text;
    const card = await shown("lesson:1.1", 2);
    for (const language of ["English", "Bulgarian"])
      for (const platform of ["Telegram", "Slack", "Teams", "Web"])
        expect(card).toMatch(new RegExp(`${platform}[^<]*${language}`, "iu"));
    expect(card).toContain("how late you will be");
    expect(card).toContain("Card 3 of 4");
    expect(card).toContain("Напред");
    expect(await shown("lesson:1.1", 5)).toContain("A family waits for you at five.");
    expect(await shown("check:1", 2)).toContain("a child is being hurt");
    expect(await shown("check:1", 99)).toContain("ten minutes late for a meeting");
    expect(await shown("no-such-part", 0)).toContain("Read four cards");
    expect(await house.world.store.db.person.count()).toBe(2);
  });
});
