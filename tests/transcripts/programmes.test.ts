import { describe, expect, test } from "vitest";
import type { Programme } from "../../src/domain/programme.ts";
import type { Json } from "../../src/engine/types.ts";
import { createWorld, programmes } from "../support/chat.ts";
import { welcomed } from "../support/learner.ts";

const [family] = programmes;
if (family === undefined) throw new Error("there is no programme to teach");
/** A second one that begins with another unit, so that it can be told from the first. */
const students: Programme = {
  ...family,
  id: "student-mentor",
  title: { en: "Student mentor", bg: "Студент ментор" },
  units: family.units.slice(1),
};
const both = [family, students];

const joined = (chat: ReturnType<ReturnType<typeof createWorld>["chat"]>) =>
  chat
    .person()
    .records.filter(({ type }) => type === "joined" || type === "enrolled")
    .map(({ programme }) => programme);

/** What the product reports once a code has led into a cohort. */
const intoCohort = (programme: Programme): Json => ({
  cohort: {
    id: "autumn",
    name: "Autumn",
    programme: programme.id,
    version: programme.version,
    drip: null,
    startsOn: null,
    paused: false,
  },
  state: "active",
  fresh: true,
});

describe("with one programme", () => {
  test("nobody is asked which; it can be said all the same", async () => {
    const chat = createWorld().chat("anna");
    expect(await chat.command("start")).toContain("the learning assistant of Family mentor");
    expect(await chat.press("English")).toContain("On which days");
    await chat.press("Only when I ask");
    expect(await chat.type("programme")).toContain("You follow Family mentor.");
    expect(chat.person().session?.activities.programme).toBeUndefined();
    await chat.command("help", "settings");
    expect(() => chat.button("Programme")).toThrow();
  });
});

describe("with several programmes", () => {
  test("a person without a cohort is asked in the welcome, and learns what she chose", async () => {
    const chat = createWorld({ programmes: both }).chat("anna");
    const hello = await chat.type("hello");
    expect(hello).toContain("your learning assistant");
    expect(hello).not.toContain("Family mentor");
    expect(await chat.press("English")).toBe("Which programme do you follow?");
    expect(joined(chat)).toEqual([]);
    expect(await chat.press("Student mentor")).toContain("On which days");
    expect(joined(chat)).toEqual(["student-mentor"]);
    await chat.press("Monday to Friday");
    await chat.press("08:00");
    expect(await chat.type("menu")).toContain("Student mentor");
    expect(await chat.type("my progress")).toContain("Relationship and dialogue");
    expect(await chat.press("Continue")).toContain("The first ten minutes");
  });

  test("the question is asked in the language that was just chosen, with the titles in it", async () => {
    const chat = createWorld({ programmes: both }).chat("anna");
    await chat.command("start");
    expect(await chat.press("Български")).toBe("В коя програма участвате?");
    // Typed, not pressed; small slips do not count.
    expect(await chat.type("студент ментор")).toContain("В кои дни");
    await chat.press("Само когато поискам");
    expect(await chat.type("меню")).toContain("Студент ментор");
    expect(await chat.type("моята програма")).toContain("Участвате в програмата „Студент ментор“.");
  });

  test("who says something else is asked again and has joined nothing", async () => {
    const chat = createWorld({ programmes: both }).chat("anna");
    await chat.command("start");
    await chat.press("English");
    await chat.type("the weather is lovely");
    expect(await chat.type("menu")).toBe("Which programme do you follow?");
    expect(joined(chat)).toEqual([]);
    expect(await chat.press("Family mentor")).toContain("On which days");
  });

  test("a programme can be changed, and each keeps where one was", async () => {
    const world = createWorld({ programmes: both });
    const chat = world.chat("anna");
    await chat.command("start");
    await chat.press("English");
    await chat.press("Student mentor");
    await chat.press("Only when I ask");
    await chat.command("help", "settings");
    const asked = await chat.press("Programme");
    expect(asked).toContain("You follow Student mentor.");
    expect(asked).toContain("Which programme do you follow?");
    world.clock.now += 60_000;
    expect(await chat.press("Family mentor")).toContain("You follow Family mentor.");
    expect(await chat.type("next")).toContain("What a family mentor is");
    await chat.command("programme");
    world.clock.now += 60_000;
    await chat.press("Student mentor");
    expect(await chat.type("menu")).toContain("Student mentor");
    expect(joined(chat)).toEqual(["student-mentor", "family-mentor", "student-mentor"]);
  });

  test("whoever comes with a code is not asked: the cohort says it", async () => {
    const chat = createWorld({ programmes: both }).chat("anna");
    await chat.command("start", "join_ABCDEFGH");
    expect(await chat.press("English")).toContain("On which days");
    await chat.fire("joined", intoCohort(students));
    await chat.press("Only when I ask");
    expect(joined(chat)).toEqual(["student-mentor"]);
    expect(await chat.type("menu")).toContain("Student mentor");
    // A cohort is not left by choosing another programme.
    expect(await chat.type("programme")).toContain("You follow Student mentor.");
    expect(chat.person().session?.activities.programme).toBeUndefined();
  });

  test("a code that led nowhere leaves the question for the first step; until then nothing is a reminder's to say", async () => {
    const world = createWorld({ programmes: both });
    const chat = world.chat("anna");
    await chat.command("start", "join_ABCDEFGH");
    await chat.press("English");
    await chat.press("Monday to Friday");
    await chat.press("08:00");
    world.clock.now = chat.timers().find(({ name }) => name === "reminder")?.due ?? 0;
    expect((await chat.fire("reminder")).messages).toEqual([]);
    expect(await chat.press("First lesson")).toBe("Which programme do you follow?");
    expect(await chat.press("Family mentor")).toContain("You follow Family mentor.");
    expect(await chat.press("Continue")).toContain("What a family mentor is");
  });

  test("a cohort that comes while the question is open answers it, and the welcome goes on", async () => {
    const chat = createWorld({ programmes: both }).chat("anna");
    await chat.command("start");
    await chat.press("English");
    await chat.type("join ABCDEFGH");
    const { messages } = await chat.fire("joined", intoCohort(students));
    expect(messages.map(({ text }) => text).join("\n")).toContain("On which days");
    expect(chat.person().session?.activities.programme).toBeUndefined();
    await chat.press("Only when I ask");
    expect(await chat.type("menu")).toContain("Student mentor");
  });

  test.each(["menu", "lesson", "quiz", "review", "progress", "path", "hours", "find", "saved", "assess"])(
    "%s asks first, and says afterwards whose it is",
    async (name) => {
      const chat = createWorld({ programmes: both }).chat("anna");
      await chat.command("start", "join_ABCDEFGH");
      await chat.press("English");
      await chat.press("Only when I ask");
      expect(await chat.command(name)).toBe("Which programme do you follow?");
      await chat.press("Family mentor");
      expect(await chat.command(name)).not.toContain("Which programme");
    },
  );

  test("staff who follow none have a menu all the same, and a home page that says so", async () => {
    const chat = createWorld({ programmes: both }).chat("maria");
    await chat.command("start", "join_ABCDEFGH");
    await chat.press("English");
    await chat.press("Only when I ask");
    chat.person().person = { ...chat.person().person, roles: ["coordinator"] };
    const menu = await chat.type("menu");
    expect(menu).toContain("You follow no programme yet.");
    const { messages } = await chat.send({ type: "open", place: "home" });
    expect(messages[0]?.text).toContain("You follow no programme yet.");
    await chat.type("menu");
    expect(await chat.press("Programme")).toBe("Which programme do you follow?");
  });

  test("somebody who was welcomed before there were several goes on where they were", async () => {
    const world = createWorld({ programmes: [family] });
    const chat = world.chat("anna");
    await welcomed(chat);
    const progress = chat.person().progress;
    const later = createWorld({ programmes: both }).chat("anna");
    await later.command("start", "join_ABCDEFGH");
    await later.press("English");
    later.person().progress = progress;
    await later.press("Only when I ask");
    expect(await later.type("menu")).toContain("Family mentor");
  });
});
