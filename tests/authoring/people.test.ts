import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { beginDraft, decideDraft, writeDraft } from "../../src/authoring/drafts.ts";
import { ownersOf, reasons } from "../../src/authoring/steps.ts";
import { loadPerson } from "../../src/people/loaded.ts";
import { mergeTwo } from "../../src/people/merge.ts";
import { everythingAbout } from "../../src/privacy/about.ts";
import { eraseEverything } from "../../src/privacy/erase.ts";
import { createDatabase, databaseKinds } from "../support/databases.ts";
import { startAuthors } from "./world.ts";

const files = new Map([["programme.yaml", new TextEncoder().encode("id: sample")]]);
const year = 365 * 86_400_000;

describe.each(databaseKinds)("people behind a draft, on %s", (kind) => {
  let house: Awaited<ReturnType<typeof startAuthors>>;
  let draft: string;
  beforeEach(async () => {
    house = await startAuthors({ database: await createDatabase(kind) });
    const { store, deps } = house.world;
    const given = { programme: "sample", organisationId: "root", files, by: "ann" };
    draft = await beginDraft(store.db, given, 1_000);
    await decideDraft(store.db, { id: draft, rev: 1 }, "asked", "ann", 2_000);
    const seal = (id: string) => deps.seal(reasons.purpose, "Unit 2 says too little.", id);
    await decideDraft(store.db, { id: draft, rev: 1 }, "refused", "bo", 3_000, seal);
  });
  afterEach(() => house.close());

  test("whoever wrote under another id is no second person after two became one", async () => {
    const { store } = house.world;
    await house.world.person("ann-at-home");
    const [from, into] = [await loadPerson(store.db, "ann"), await loadPerson(store.db, "ann-at-home")];
    if (from === undefined || into === undefined) throw new Error("somebody is gone");
    await mergeTwo(store, from, into, 4_000, undefined);
    expect(await ownersOf(store.db, draft)).toEqual(new Set(["ann-at-home"]));
  });

  test("can see what they did, and are in nothing of it once they are erased", async () => {
    const { store, deps } = house.world;
    const about = await everythingAbout(store, "bo", deps.open);
    expect(about?.programmes).toMatchObject([{ what: "refused", said: "Unit 2 says too little." }]);
    expect((await everythingAbout(store, "ann", deps.open))?.programmes).toHaveLength(2);
    for (const id of ["ann", "bo"]) await eraseEverything(store, id, 5_000);
    const steps = await store.db.programmeStep.findMany({ orderBy: { at: "asc" } });
    expect(steps.map(({ by, what, said }) => [by, what, said])).toEqual([
      ["erased", "begun", null],
      ["erased", "asked", null],
      ["erased", "refused", null],
    ]);
    expect(await store.db.programmeDraft.count()).toBe(1);
  });

  test("a draft that nobody touched for a year goes, with its history", async () => {
    const { store } = house.world;
    expect(await writeDraft(store.db, { id: draft, rev: 1 }, files, "ann", 10_000)).toBe(true);
    await store.upkeep.empty(10_000 + year - 1);
    expect(await store.db.programmeDraft.count()).toBe(1);
    await store.upkeep.empty(10_001 + year);
    expect([await store.db.programmeDraft.count(), await store.db.programmeStep.count()]).toEqual([0, 0]);
  });
});
