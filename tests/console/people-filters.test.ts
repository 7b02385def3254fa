import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readerOf } from "../../src/broadcasts/audience.ts";
import { standingOf } from "../../src/people/standing.ts";
import { createDatabase, databaseKinds } from "../support/databases.ts";
import { type Browser, type ConsoleWorld, startConsole } from "./world.ts";

describe.each(databaseKinds)("filters of the list of people, on %s", (kind) => {
  let world: ConsoleWorld;
  let lead: Browser;
  let town: string;
  let village: string;
  beforeEach(async () => {
    world = await startConsole({ database: await createDatabase(kind) });
    town = await world.organisation("Town");
    village = await world.organisation("Village", town);
    for (const one of ["lead", "other"]) {
      await world.person(one);
      await world.grant(one, "coordinator", town);
    }
    await world.member("anna", town);
    await world.member("bo", village);
    await world.member("carl", await world.organisation("Elsewhere"));
    await world.store.db.address.updateMany({ where: { personId: "bo" }, data: { state: "gone" } });
    lead = await world.enter("lead");
  });
  afterEach(() => world.close());

  const shown = async (query: string, browser = lead): Promise<readonly string[]> => {
    const { text } = await browser.get(`/console/people?${query}`);
    return ["anna", "bo", "carl"].filter((one) => text.includes(`>Name of ${one}<`));
  };
  const save = async (query: string, name: string): Promise<string> => {
    await lead.post("/console/people/filters", { query, "filter-name": name });
    return (await world.store.db.filter.findFirst({ where: { name } }))?.id ?? "";
  };

  test("narrow to an organisation with what stands below it, to a cohort and to whoever cannot be reached", async () => {
    expect(await shown("")).toEqual(["anna", "bo"]);
    expect(await shown(`organisation=${village}`)).toEqual(["bo"]);
    expect(await shown("cohort=cohort-anna")).toEqual(["anna"]);
    expect(await shown("reach=gone")).toEqual(["bo"]);
    expect(await shown(`organisation=${village}&reach=ok`)).toEqual([]);
    expect(await shown("cohort=cohort-carl")).toEqual([]);
    const { text } = await lead.get("/console/people?reach=gone&cohort=cohort-bo");
    expect(text).toMatch(/href="\/console\/people\?cohort=cohort-bo&amp;reach=gone&amp;sort=seen"/u);
    expect(text).toContain('<a class="button" href="#export">Ask for a file</a>');
  });

  test("are saved under a name, picked again by the organisation, deleted by their owner", async () => {
    const id = await save(`organisation=${village}&reach=gone&page=3&sort=seen`, "Lost in the village");
    const other = await world.enter("other");
    const { text } = await other.get("/console/people");
    const link = /<a href="\/console\/people\?([^"]*)">Lost in the village</u.exec(text)?.[1]?.replaceAll("&amp;", "&");
    expect(link).toBe(`organisation=${village}&reach=gone`);
    expect(await shown(link ?? "", other)).toEqual(["bo"]);
    expect((await other.post(`/console/people/filters/${id}/delete`)).status).toBe(404);
    await world.person("stranger");
    await world.grant("stranger", "coordinator", await world.organisation("Far"));
    expect((await (await world.enter("stranger")).get("/console/people")).text).not.toContain("Lost in the village");
    await lead.post(`/console/people/filters/${id}/delete`);
    expect(await world.store.db.filter.count()).toBe(0);
  });

  test("without a name, without a choice or for somebody else's organisation are not saved", async () => {
    expect(await save("cohort=cohort-anna", " ")).toBe("");
    expect(await save("page=2", "Everybody")).toBe("");
    expect((await lead.get("/console/people")).text).toContain("Nothing was saved");
    const elsewhere = await world.store.db.organisation.findFirst({ where: { name: "Elsewhere" } });
    expect(await save(`organisation=${elsewhere?.id}`, "Not mine")).toBe("");
    expect(await world.store.db.filter.count()).toBe(0);
  });

  test("are an audience where a broadcast can mean the same people, and none where it would reach more", async () => {
    const { db, sql } = world.store;
    const deps = { db, sql, catalogue: world.deps.catalogue };
    const standing = await standingOf(db, "lead", Date.now());
    const reached = async (filter: string) => {
      const read = await readerOf(deps, standing, { filter }, Date.now());
      return (await read("", 100)).people.map(({ id }) => id);
    };
    expect(await reached(await save(`organisation=${village}`, "Village"))).toEqual(["bo"]);
    expect(await reached(await save("cohort=cohort-anna", "Spring"))).toEqual(["anna"]);
    await expect(reached(await save("reach=gone", "Lost"))).rejects.toThrow("filter");
    await expect(reached(await save("q=bo&cohort=cohort-bo", "Bo"))).rejects.toThrow("filter");
  });
});
