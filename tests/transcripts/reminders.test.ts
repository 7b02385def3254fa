import { describe, expect, test } from "vitest";
import { createWorld, firstUnits, programmes } from "../support/chat.ts";
import { finishLessons, takeCheck, welcomed } from "../support/learner.ts";

const hour = 3600_000;
const day = 24 * hour;

async function waiting(taught = programmes) {
  const world = createWorld({ programmes: taught });
  const chat = world.chat("anna");
  await welcomed(chat);
  /** Moves the clock to the reminder's time and lets it fire. */
  const nextTick = async () => {
    const [timer] = chat.timers();
    if (!timer) return undefined;
    world.clock.now = timer.due;
    return chat.fire("reminder");
  };
  return { world, chat, nextTick };
}

describe("reminders by the learner's own clock", () => {
  test("the next step, on the next chosen day, at the chosen hour", async () => {
    const { world, nextTick } = await waiting();
    const told = await nextTick();
    expect(new Date(world.clock.now).toISOString()).toBe("2026-03-04T07:00:00.000Z");
    expect(told?.messages[0]?.kind).toBe("reminder");
    expect(told?.messages[0]?.text).toContain("Your next step is ready");
    expect(told?.messages[0]?.reply.actions?.map((action) => action.label)).toEqual([
      "Continue",
      "Pause reminders",
      "Stop messages",
    ]);
  });

  test("three unanswered and they stop; the next thing the person does starts them again", async () => {
    const { chat, nextTick, world } = await waiting();
    await nextTick();
    await nextTick();
    const third = await nextTick();
    expect(third?.messages[0]?.text).toContain("my last reminder");
    expect((await nextTick())?.messages).toEqual([]);
    expect(chat.timers()).toEqual([]);
    world.clock.now += 30 * day;
    await chat.type("next");
    expect(chat.timers()).toHaveLength(1);
  });

  test("after the clocks changed it is still eight in the morning", async () => {
    const { world, chat } = await waiting();
    await chat.type("pause 28.3.2026");
    const [timer] = chat.timers();
    // 30 March is the Monday after the change to summer time.
    expect(new Date(timer?.due ?? 0).toISOString()).toBe("2026-03-30T06:00:00.000Z");
    expect(world.failures).toEqual([]);
  });

  test("a late tick never speaks at night", async () => {
    const { world, chat } = await waiting();
    const [timer] = chat.timers();
    world.clock.now = (timer?.due ?? 0) + 14 * hour;
    const told = await chat.fire("reminder");
    expect(told.messages).toEqual([]);
    expect(new Date(chat.timers()[0]?.due ?? 0).toISOString()).toBe("2026-03-05T07:00:00.000Z");
  });

  test("whoever learned today is not reminded today", async () => {
    const { world, chat } = await waiting();
    const [timer] = chat.timers();
    world.clock.now = (timer?.due ?? 0) - hour;
    await chat.type("menu");
    world.clock.now = timer?.due ?? 0;
    expect((await chat.fire("reminder")).messages).toEqual([]);
    expect(chat.timers()).toHaveLength(1);
  });

  test("at most one push a day", async () => {
    const { world, chat, nextTick } = await waiting();
    await nextTick();
    await chat.type("rhythm");
    await chat.press("Monday to Friday");
    await chat.press("12:00");
    // It spoke at eight; noon of the same day is not used again.
    expect(new Date(chat.timers()[0]?.due ?? 0).toISOString()).toBe("2026-03-05T11:00:00.000Z");
    expect(world.failures).toEqual([]);
  });

  test("nobody is reminded who has nothing to do; the next time is when a question comes back", async () => {
    const { world, chat, nextTick } = await waiting(firstUnits);
    await finishLessons(chat);
    await takeCheck(chat, 0);
    const told = await nextTick();
    expect(told?.messages ?? []).toEqual([]);
    expect((chat.timers()[0]?.due ?? 0) - world.clock.now).toBeGreaterThanOrEqual(day);
  });

  test("a reminder leaves the open question alone", async () => {
    const { world, chat, nextTick } = await waiting();
    await chat.command("next");
    const place = chat.person().session?.activities;
    const told = await nextTick();
    expect(told?.messages[0]?.text).toContain("Your place is kept: Lesson:");
    expect(chat.person().session?.activities).toEqual(place);
    world.clock.now += hour;
    expect(await chat.press("Continue")).toContain("Card 1 of");
  });
});
