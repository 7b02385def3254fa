import { describe, expect, test } from "vitest";
import type { Store } from "../../src/store/types.ts";
import { createWorld as createInbox } from "../inbox/world.ts";
import { createWorld } from "../support/chat.ts";
import { databaseKinds } from "../support/databases.ts";
import { eachWithStore } from "../support/each-store.ts";
import { welcomed } from "../support/learner.ts";

const hourMs = 3_600_000;

describe("the numbers of an organisation", () => {
  const helpNumbers = () => [{ label: "Our *crisis* line", number: "70 20 12 01" }];
  const own = /112[\s\S]*Your course also names:\s+\S+ Our \*crisis\* line: 70 20 12 01/u;

  test("stand after those of the country, in urgent and where something sounds like danger", async () => {
    const chat = createWorld({ helpNumbers }).chat("anna");
    await welcomed(chat);
    for (const said of ["urgent", "I do not want to live any more."]) {
      expect(await chat.type(said)).toMatch(own);
    }
  });

  test("are asked for by the cohort in which somebody learns", async () => {
    const asked: (string | undefined)[] = [];
    const world = createWorld({
      helpNumbers(cohort) {
        asked.push(cohort);
        return [];
      },
    });
    const chat = world.chat("anna");
    await welcomed(chat);
    const cohort = { id: "spring", name: "Spring", programme: "family-mentor", version: "1.0.0", drip: null };
    const data = { cohort: { ...cohort, startsOn: null, paused: false }, state: "active", fresh: true };
    await chat.send({ type: "timer", name: "joined", due: world.clock.now, data, row: false });
    expect(await chat.type("urgent")).not.toContain("Your course also names");
    expect(asked).toEqual(["spring"]);
  });
});

describe.each(databaseKinds)("answering hours, on %s", (kind) => {
  let store: Store;
  let world: Awaited<ReturnType<typeof createInbox>>;
  eachWithStore(kind, async (opened) => {
    store = opened;
    world = await createInbox(store);
  });

  test("of the organisation above hold back what goes to those above", async () => {
    const odense = await world.organisation("Odense");
    await world.staff("ida", "coordinator", odense);
    const boss = await world.staff("boss", "admin");
    const anna = await world.learner("anna");
    await world.member(anna, odense);
    // Thursdays only: the first day of answering hours ends on the Thursday after.
    const settings = JSON.stringify({ answeringHours: { days: [4], from: "09:00", to: "15:00" } });
    await world.db.organisation.update({ where: { id: "root" }, data: { settings } });
    world.clock.now = Date.parse("2026-03-03T10:00+01:00");
    await world.ask(anna, "Is anybody there?");
    world.clock.now = Date.parse("2026-03-11T10:00+01:00");
    await world.work();
    expect(await boss.news()).not.toContain("Nobody has answered");
    world.clock.now = Date.parse("2026-03-12T09:00+01:00") + hourMs;
    await world.work();
    expect(await boss.news()).toContain("Nobody has answered Name of anna yet.");
  });
});
