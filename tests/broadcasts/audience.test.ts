import { describe, expect, test } from "vitest";
import type { Written } from "../../src/broadcasts/service.ts";
import type { Audience } from "../../src/broadcasts/types.ts";
import type { Standing } from "../../src/people/standing.ts";
import { programmes } from "../support/chat.ts";
import { databaseKinds } from "../support/databases.ts";
import { eachWithStore } from "../support/each-store.ts";
import { createWorld, hello } from "./world.ts";

describe.each(databaseKinds)("whom a broadcast is for, on %s", (kind) => {
  let world: Awaited<ReturnType<typeof createWorld>>;
  eachWithStore(kind, async (opened) => {
    world = await createWorld(opened);
  });

  const review = (standing: Standing, audience: Audience) => world.broadcasts.review(standing, { ...hello, audience });
  const people = async (standing: Standing, audience: Audience) => (await review(standing, audience)).people;

  test("each sender reaches only their own people, by cohort, organisation and region", async () => {
    const [north, south] = [await world.organisation("North", "Skåne"), await world.organisation("South")];
    for (const id of ["a", "b", "c", "d"]) await world.person(id);
    await world.cohort("one", [
      ["a", north],
      ["b", north],
      ["c", south],
    ]);
    const all = await world.coordinator("z-all");
    const some = await world.coordinator("z-some", north);
    expect(await people(all, {})).toBe(6);
    expect(await people(all, { cohort: "one" })).toBe(3);
    expect(await people(all, { organisation: south })).toBe(1);
    expect(await people(all, { region: "Skåne" })).toBe(2);
    expect(await people(all, { role: "coordinator" })).toBe(2);
    expect(await people(some, { role: "coordinator" })).toBe(1);
    expect(await people(some, {})).toBe(2);
    expect(await people(some, { cohort: "one" })).toBe(2);
    expect(await review(some, { organisation: south })).toMatchObject({ people: 0, problems: [{ code: "nobody" }] });
    expect(await world.broadcasts.draft(some, { ...hello, audience: { organisation: south } })).toBeUndefined();
  });

  test("somebody else's broadcast is not there for a coordinator of another organisation", async () => {
    const [north, south] = [await world.organisation("North"), await world.organisation("South")];
    await world.person("a");
    await world.cohort("one", [["a", north]]);
    const [mine, other] = [await world.coordinator("z-n", north), await world.coordinator("z-s", south)];
    const id = (await world.broadcasts.draft(mine, hello)) ?? "";
    expect(await world.broadcasts.find(other, id)).toBeUndefined();
    expect(await world.broadcasts.list(other, 10)).toEqual([]);
    expect(await world.broadcasts.send(other, id, "Europe/Copenhagen")).toBeUndefined();
    expect(await world.broadcasts.cancel(other, id)).toBe(false);
    expect((await world.broadcasts.find(mine, id))?.state).toBe("draft");
  });

  test("those who have not done a lesson are everybody else", async () => {
    const programme = programmes[0]?.id ?? "";
    const lesson = programmes[0]?.units[0]?.lessons[0]?.id ?? "";
    for (const id of ["a", "b"]) await world.person(id);
    const done = { [programme]: { joinedAt: 1, lessons: { [lesson]: 1 }, saved: [], checks: {}, told: [] } };
    await world.store.db.progress.create({ data: { personId: "a", state: JSON.stringify(done) } });
    const lead = await world.coordinator("z-lead");
    const notDone = { programme, kind: "lesson", id: lesson } as const;
    expect(await review(lead, { notDone })).toMatchObject({ people: 2, sample: ["Annb", "Annz-lead"] });
  });

  test("a saved filter adds its conditions, and one that has gone is said to have gone", async () => {
    for (const id of ["a", "b"]) await world.person(id);
    const lead = await world.coordinator("z-lead");
    await world.store.db.filter.create({
      data: {
        id: "f",
        organisationId: "root",
        owner: "z-lead",
        name: "Coordinators",
        filter: JSON.stringify({ audience: { role: "coordinator" } }),
        createdAt: 1n,
      },
    });
    expect(await people(lead, { filter: "f" })).toBe(1);
    expect((await review(lead, { filter: "gone" })).problems).toEqual([{ code: "filter", args: {} }]);
  });

  test("what is wrong with a text is said with language and platform, before anything leaves", async () => {
    await world.person("a", { language: "bg" });
    const lead = await world.coordinator("z-lead");
    const content: Written["content"] = {
      texts: { da: `Hej {navn}. ${"Vi ses. ".repeat(80).trim()}`, sv: "Hej {name}" },
      next: false,
      acknowledge: false,
      options: [{ da: "Ja", sv: "Ja" }, { da: "Nej" }],
    };
    const { problems } = await world.broadcasts.review(lead, { ...hello, content });
    expect(problems).toEqual([
      { code: "field", args: { language: "da", field: "{navn}" } },
      { code: "length", args: { language: "da", platform: "X", over: 313 } },
      { code: "options", args: { language: "sv" } },
      { code: "language", args: { language: "bg", people: 1 } },
      { code: "language", args: { language: "en", people: 1 } },
    ]);
    const id = (await world.broadcasts.draft(lead, { ...hello, content })) ?? "";
    await expect(world.broadcasts.send(lead, id, "Europe/Copenhagen")).rejects.toMatchObject({ problems });
    expect((await world.broadcasts.find(lead, id))?.state).toBe("draft");
  });

  test("a time that has passed is refused; each recipient's own time begins where the day begins", async () => {
    await world.person("a");
    const lead = await world.coordinator("z-lead");
    const at = async (time: string, zone: string | null) => {
      const timing = { kind: "at", at: time, zone } as const;
      const id = (await world.broadcasts.draft(lead, { ...hello, timing })) ?? "";
      const sent = await world.broadcasts.send(lead, id, "Europe/Copenhagen");
      return new Date(sent?.startsAt ?? 0).toISOString();
    };
    await expect(at("2026-03-05T10:59", "Europe/Copenhagen")).rejects.toMatchObject({ problems: [{ code: "past" }] });
    await expect(at("2026-03-06T10:00", "Europe/Nowhere")).rejects.toMatchObject({ problems: [{ code: "zone" }] });
    expect(await at("2026-03-06T10:00", "Europe/Sofia")).toBe("2026-03-06T08:00:00.000Z");
    expect(await at("2026-03-07T10:00", null)).toBe("2026-03-06T20:00:00.000Z");
  });
});
