import { expect, test } from "vitest";
import type { Programme } from "../../src/domain/programme.ts";
import { createWorld, firstUnits, programmes } from "../support/chat.ts";
import { finishLesson, takeCheck, welcomed } from "../support/learner.ts";

const whole = programmes.find(({ id }) => id === "family-mentor");
if (whole === undefined) throw new Error("there is no programme");
const old: Programme = { ...whole, units: whole.units.slice(0, 2) };

/** The same with a word before every text of its cards and its lessons' titles. */
function reworded(programme: Programme, version: string, word: string): Programme {
  return {
    ...programme,
    version,
    units: programme.units.map((unit) => ({
      ...unit,
      lessons: unit.lessons.map((lesson) => ({
        ...lesson,
        title: { ...lesson.title, en: `${word} ${lesson.title.en}` },
        cards: lesson.cards.map((card) => ({
          ...card,
          text: {
            ...card.text,
            en: [
              { type: "paragraph" as const, children: [{ type: "text" as const, value: word }] },
              ...(card.text.en ?? []),
            ],
          },
        })),
      })),
    })),
  };
}
const [major, minor, patch] = old.version.split(".").map(Number);
const correction = reworded(old, `${major}.${minor}.${(patch ?? 0) + 1}`, "CORRECTED");
const next = reworded(old, `${major}.${(minor ?? 0) + 1}.0`, "NEW");

test("a correction reaches somebody in the middle of a lesson at the next card", async () => {
  const world = createWorld({ programmes: [old] });
  const chat = world.chat("learner");
  await welcomed(chat);
  expect(await chat.command("next")).not.toContain("CORRECTED");
  world.publish([correction], [old]);
  expect(await chat.press("Next")).toContain("CORRECTED");
  // Back at the card that was read before, too.
  expect(await chat.press("Back")).toContain("CORRECTED");
});

test("a new version waits until the unit is done: its lessons and its check are those that were begun", async () => {
  const world = createWorld({ programmes: [old] });
  const chat = world.chat("learner");
  await welcomed(chat);
  await chat.command("next");
  await finishLesson(chat);
  world.publish([next], [old]);
  for (let lesson = 1; lesson < 6; lesson += 1) {
    expect(await chat.command("next")).not.toContain("NEW");
    await finishLesson(chat);
  }
  expect(await takeCheck(chat, 0)).toContain("8 of 8");
  const { records } = chat.person();
  expect(new Set(records.filter(({ type }) => type.endsWith(".done")).map(({ version }) => version))).toEqual(
    new Set([old.version]),
  );
  // The unit is over: the next lesson is one of the new version, and nothing that was done is asked for again.
  const second = await chat.command("next");
  expect(second).toContain("NEW");
  expect(second).toContain("Lesson 1 of 6");
  await finishLesson(chat);
  expect(chat.person().records.findLast(({ type }) => type === "lesson.done")?.version).toBe(next.version);
});

test("a lesson that was opened in the old version is finished in it, and its unit with it", async () => {
  const world = createWorld({ programmes: [old] });
  const chat = world.chat("learner");
  await welcomed(chat);
  await chat.command("next");
  world.publish([next], [old]);
  expect(await chat.press("Next")).not.toContain("NEW");
  await finishLesson(chat);
  expect(await chat.command("next")).not.toContain("NEW");
});

test("whoever is between two units, or comes now, gets the new version at once", async () => {
  const world = createWorld({ programmes: [old] });
  const chat = world.chat("learner");
  await welcomed(chat);
  for (let lesson = 0; lesson < 6; lesson += 1) {
    await chat.command("next");
    await finishLesson(chat);
  }
  await takeCheck(chat, 0);
  world.publish([next], [old]);
  expect(await chat.command("next")).toContain("NEW");
  const late = world.chat("late");
  await welcomed(late);
  expect(await late.command("next")).toContain("NEW");
});

const spring = {
  ...{ id: "c1", name: "Spring", programme: old.id, version: old.version },
  ...{ drip: null, startsOn: null, paused: false },
};

test("a cohort keeps the version it began with, and gets its corrections", async () => {
  const world = createWorld({ programmes: [old] });
  const chat = world.chat("member");
  await welcomed(chat);
  await chat.fire("joined", { cohort: spring, state: "active", fresh: true });
  world.publish([next], [old]);
  expect(await chat.command("next")).not.toContain("NEW");
  world.publish([next], [old, correction]);
  expect(await chat.press("Next")).toContain("CORRECTED");
});

test("a cohort that goes on with the new version hears it, and everybody ends their unit first", async () => {
  const world = createWorld({ programmes: [old] });
  const [inside, before] = [world.chat("inside"), world.chat("before")];
  for (const chat of [inside, before]) {
    await welcomed(chat);
    world.clock.now += 1000;
    await chat.fire("joined", { cohort: spring, state: "active", fresh: true });
  }
  await inside.command("next");
  await finishLesson(inside);
  world.publish([next], [old]);
  const moved = { cohort: { ...spring, version: next.version }, state: "active", fresh: true };
  for (const chat of [inside, before]) {
    world.clock.now += 1000;
    const told = (await chat.fire("joined", moved)).messages.map(({ text }) => text).join("\n");
    expect(told).toContain("Spring goes on with a newer version of the programme. You end the part you are in first");
  }
  expect(await inside.command("next")).not.toContain("NEW");
  expect(await before.command("next")).toContain("NEW");
  for (let lesson = 1; lesson < 6; lesson += 1) {
    await finishLesson(inside);
    if (lesson < 5) await inside.command("next");
  }
  await takeCheck(inside, 0);
  expect(await inside.command("next")).toContain("NEW");
});

test("a programme that is new beside another moves nobody", async () => {
  const world = createWorld({ programmes: [old] });
  const chat = world.chat("learner");
  await welcomed(chat);
  const [other] = firstUnits;
  if (other === undefined) throw new Error("there is no other programme");
  world.publish([reworded({ ...other, id: "another" }, "1.0.0", "OTHER"), old], []);
  expect(await chat.command("next")).not.toContain("OTHER");
});

test("the second person and the author are told where they chat", async () => {
  const world = createWorld();
  const chat = world.chat("author");
  await welcomed(chat);
  const news = { title: "First aid", version: "1.2.0", name: "Bo" };
  const told = async (data: object) => {
    world.clock.now += 1000;
    return (await chat.fire("programmes", { ...news, ...data })).messages[0];
  };
  expect((await told({ what: "asked" }))?.text).toContain("Bo asks for a second look at First aid, version 1.2.0.");
  expect((await told({ what: "asked" }))?.reply.actions?.map(({ label }) => label)).toContain("Open the console");
  expect((await told({ what: "published" }))?.text).toContain("It is taught from now on.");
  expect((await told({ what: "refused", reason: "Unit 2 is empty." }))?.text).toContain(
    "Bo said no to First aid, version 1.2.0: Unit 2 is empty.",
  );
});
