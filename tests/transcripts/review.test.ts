import { describe, expect, test } from "vitest";
import { createWorld, firstUnits } from "../support/chat.ts";
import { finishLesson, finishLessons, rightLabel, takeCheck, welcomed, wrongLabel } from "../support/learner.ts";

const day = 86_400_000;

async function afterLesson() {
  const world = createWorld({ programmes: firstUnits });
  const chat = world.chat("anna");
  await welcomed(chat);
  await chat.command("next");
  await finishLesson(chat);
  return { world, chat };
}

async function afterUnit() {
  const world = createWorld({ programmes: firstUnits });
  const chat = world.chat("anna");
  await welcomed(chat);
  await finishLessons(chat);
  await takeCheck(chat, 0);
  return { world, chat };
}

const reviews = (chat: Awaited<ReturnType<typeof afterLesson>>["chat"]) =>
  chat.person().records.filter((entry) => entry.type === "review");

describe("spaced review", () => {
  test("before the first lesson there is nothing to review, and right after it not yet", async () => {
    const chat = createWorld().chat("anna");
    await welcomed(chat);
    expect(await chat.command("review")).toContain("nothing to review yet");
    const { chat: other } = await afterLesson();
    expect(await other.command("review")).toContain("Nothing is due today. The next question comes back on Thursday");
  });

  test("two days later both questions come back, and count for nothing", async () => {
    const { world, chat } = await afterLesson();
    world.clock.now += 2 * day;
    expect(await chat.command("review")).toContain("Review 1 of 2 · it does not count");
    await chat.press(rightLabel(chat));
    const said = await chat.press(wrongLabel(chat));
    expect(said).toContain("Review done: 1 of 2 right.");
    expect(reviews(chat).map(({ data }) => data)).toMatchObject([{ right: true }, { right: false }]);
    expect(await chat.command("progress")).toContain("1 of 6 lessons");
    world.clock.now += day;
    expect(await chat.command("review")).toContain("Review 1 of 1");
  });

  test("an answer pressed twice is one review", async () => {
    const { world, chat } = await afterLesson();
    world.clock.now += 2 * day;
    await chat.command("review");
    const press = { type: "press", ...chat.button(rightLabel(chat)) } as const;
    await chat.send(press);
    const again = await chat.send(press);
    expect(again.messages.map((one) => one.text).join()).toContain("You have answered this");
    expect(reviews(chat)).toHaveLength(1);
  });

  test("after a long break five a day, and nothing piles up", async () => {
    const { world, chat } = await afterUnit();
    world.clock.now += 120 * day;
    expect(await chat.command("review")).toContain("12 questions are due. We take 5 today");
    for (let n = 0; n < 5; n += 1) await chat.press(rightLabel(chat));
    expect(await chat.command("review")).toContain("That is enough for today. 7 questions wait");
    world.clock.now += day;
    expect(await chat.command("review")).toContain("We take 5 today");
  });

  test("whoever has done everything is written to when a question is due, at the learner's hour, and not before", async () => {
    const { world, chat } = await afterUnit();
    const [first] = chat.timers();
    world.clock.now = first?.due ?? 0;
    expect((await chat.fire("reminder")).messages).toEqual([]);
    const [timer] = chat.timers();
    world.clock.now = timer?.due ?? 0;
    const { messages } = await chat.fire("reminder");
    // Learned on Tuesday at ten, due on Thursday: said on Thursday at eight.
    expect(new Date(world.clock.now).toISOString()).toBe("2026-03-05T07:00:00.000Z");
    expect(messages[0]?.text).toContain("5 questions from earlier lessons");
    expect(messages[0]?.kind).toBe("reminder");
    expect(await chat.press("Review")).toContain("Review 1 of 5");
  });

  test("a question that comes back in months keeps nothing else from being said before", async () => {
    const { world, chat } = await afterUnit();
    world.clock.now = chat.timers()[0]?.due ?? 0;
    await chat.fire("reminder");
    // A timer is set for the question, and yet the next thing somebody does sets one anew.
    expect(chat.timers()).toHaveLength(1);
    expect(chat.person().session?.reminderAt).toBeNull();
    await chat.command("lesson", "1.1");
    expect(chat.person().session?.reminderAt).toBe(chat.timers()[0]?.due);
  });

  test("the next step and what is due are one message", async () => {
    const { world, chat } = await afterLesson();
    world.clock.now += 3 * day;
    const { messages } = await chat.fire("reminder");
    expect(messages).toHaveLength(1);
    expect(messages[0]?.text).toContain("Your next step is ready");
    expect(messages[0]?.text).toContain("2 questions from earlier lessons");
    expect(messages[0]?.reply.actions?.map((action) => action.label)).toEqual(
      expect.arrayContaining(["Continue", "Review"]),
    );
  });

  test("a half done review keeps its place for weeks", async () => {
    const { world, chat } = await afterLesson();
    world.clock.now += 2 * day;
    await chat.command("review");
    await chat.press(rightLabel(chat));
    world.clock.now += 30 * day;
    expect(await chat.type("next")).toContain("Welcome back. You were at question 2 of 2 of a short review.");
  });
});
