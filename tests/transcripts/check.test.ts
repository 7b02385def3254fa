import { describe, expect, test } from "vitest";
import { createWorld, firstUnits, programmes } from "../support/chat.ts";
import { finishLessons, takeCheck, welcomed } from "../support/learner.ts";
import { single } from "../support/questions.ts";

const hour = 3600_000;

async function ready(taught = programmes) {
  const world = createWorld({ programmes: taught });
  const chat = world.chat("anna");
  await welcomed(chat);
  await finishLessons(chat);
  return { world, chat };
}

describe("the unit check", () => {
  test("is locked until the lessons are done, and says how many are left", async () => {
    const chat = createWorld().chat("anna");
    await welcomed(chat);
    expect(await chat.command("quiz")).toContain("6 lessons are left");
  });

  test("passing says why and what next", async () => {
    const { chat } = await ready();
    const said = await takeCheck(chat, 1);
    expect(said).toContain("Passed: 7 of 8 right.");
    expect(said).toContain("The next unit is open");
    expect(await chat.press("Continue")).toContain("Lesson 1 of 6");
  });

  test("behind the last unit nothing is left", async () => {
    const { chat } = await ready(firstUnits);
    expect(await takeCheck(chat, 0)).toContain("That was the last unit");
    expect(await chat.command("next")).toContain("You have done everything");
  });

  test("failing says why, what to look at again, and when", async () => {
    const { chat } = await ready();
    const said = await takeCheck(chat, 4);
    expect(said).toContain("Not passed yet: 4 of 8 right.");
    expect(said).toContain("You need 6. 2 more right answers");
    expect(said).toMatch(/Worth another look: 1\.\d/);
    expect(said).toContain("You can try again now.");
  });

  test("after the second failed attempt there is a day's pause, then another try", async () => {
    const { world, chat } = await ready();
    await takeCheck(chat, 8);
    const said = await takeCheck(chat, 8);
    expect(said).toMatch(/You can try again from Wednesday,? 4 March at 10:00/);
    expect(await chat.command("quiz")).toContain("You can try again from");
    world.clock.now += 24 * hour - 1;
    expect(await chat.command("quiz")).toContain("You can try again from");
    world.clock.now += 1;
    expect(await takeCheck(chat, 0)).toContain("Passed: 8 of 8");
  });

  test("whoever asks for it is told when it may be tried again, at an hour of the day, also without reminders", async () => {
    const world = createWorld({ programmes });
    const chat = world.chat("anna");
    await chat.type("hello");
    for (const label of ["English", "Only when I ask"]) await chat.press(label);
    await finishLessons(chat);
    await takeCheck(chat, 4);
    await takeCheck(chat, 4);
    expect(
      chat
        .shown()
        .at(-1)
        ?.actions?.map((action) => action.label),
    ).toContain("Ask coordinator");
    expect(await chat.press("Remind me")).toContain("I will tell you when you can try again");
    expect(await chat.press("Remind me")).toContain("I will tell you");
    for (let ticks = 0; ticks < 4; ticks += 1) {
      const [timer] = chat.timers();
      world.clock.now = timer?.due ?? 0;
      const { messages } = await chat.fire("reminder");
      if (messages.length === 0) continue;
      expect(messages.map((one) => one.text)).toEqual(["Your unit check is ready when you are."]);
      // Failed on Tuesday at ten: a day later it may be tried again; Wednesday nine o'clock is too early.
      expect(new Date(world.clock.now).toISOString()).toBe("2026-03-05T08:00:00.000Z");
      expect(await chat.press("Try again")).toContain("Unit check");
      return;
    }
    throw new Error("nobody was told");
  });

  test("no word stands behind a button that opens a check before its lessons", async () => {
    const chat = createWorld().chat("anna");
    await welcomed(chat);
    await finishLessons(chat);
    await takeCheck(chat, 0);
    expect(await chat.command("quiz", "remind 2")).toContain("6 lessons are left");
    expect(await chat.command("quiz", "remind 1")).toContain("You have passed every check");
  });

  test("whoever has passed meanwhile is not told that they may try again", async () => {
    const { world, chat } = await ready(firstUnits);
    await takeCheck(chat, 4);
    await takeCheck(chat, 4);
    await chat.press("Remind me");
    world.clock.now += 25 * hour;
    await takeCheck(chat, 0);
    const waiting = (chat.person().session?.waiting ?? []).map((one) => (one as { readonly id: string }).id);
    expect(waiting.filter((id) => id.startsWith("retry:"))).toEqual([]);
  });

  test("safety items must be right, whatever the total", async () => {
    const { chat } = await ready();
    await chat.command("quiz");
    await chat.press("Start");
    const { toPlain } = await import("../../src/engine/markup.ts");
    const bank = programmes[0]?.units[0]?.check.bank ?? [];
    let said = "";
    for (let n = 0; n < 8; n += 1) {
      const text = toPlain(chat.shown().at(-1)?.text ?? []);
      const question = bank.map(single).find((one) => text.endsWith(toPlain(one.stem.en ?? [])));
      const option = question?.options.find((one) => (one.id === question.right) !== question.safety);
      said = await chat.press(option?.text.en ?? "");
    }
    const safety = bank.filter((question) => question.safety).length;
    expect(safety).toBeGreaterThan(0);
    expect(said).toContain(safety <= 2 ? "One question about safety was wrong" : "Not passed yet");
  });

  test("a half taken check keeps its place and its questions for months", async () => {
    const { world, chat } = await ready();
    await chat.command("quiz");
    await chat.press("Start");
    await chat.type("1");
    const open = chat.shown().at(-1)?.text;
    world.clock.now += 90 * 24 * hour;
    const back = await chat.type("quiz");
    expect(back).toContain("Welcome back. You were at question 2 of 8");
    expect(chat.shown().at(-1)?.text.at(-1)).toEqual(open?.at(-1));
  });
});
