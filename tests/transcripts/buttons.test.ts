import { describe, expect, test } from "vitest";
import { createWorld, firstUnits } from "../support/chat.ts";
import { finishLesson, finishLessons, rightLabel, takeCheck, welcomed, wrongLabel } from "../support/learner.ts";

const year = 366 * 24 * 3600_000;

async function inCheck() {
  const world = createWorld();
  const chat = world.chat("anna");
  await welcomed(chat);
  await finishLessons(chat);
  await chat.command("quiz");
  await chat.press("Start");
  return { world, chat };
}

describe("buttons never die", () => {
  test("pressed ten times it counts once, and says so", async () => {
    const { chat } = await inCheck();
    const label = rightLabel(chat);
    const press = { type: "press", ...chat.button(label) } as const;
    const before = chat.person().records.length;
    await chat.send(press);
    for (let times = 0; times < 9; times += 1) {
      const { messages, receipt } = await chat.send(press);
      expect(messages.at(-1)?.text).toBe(`You have answered this: ${label}. It was right.`);
      expect(receipt.notice).toBe("Already answered");
    }
    expect(chat.person().records.length).toBe(before + 1);
  });

  test("a second, different answer to the same question changes nothing", async () => {
    const { chat } = await inCheck();
    const wrong = { type: "press", ...chat.button(wrongLabel(chat)) } as const;
    const label = rightLabel(chat);
    const right = { type: "press", ...chat.button(label) } as const;
    await chat.send(right);
    expect((await chat.send(wrong)).messages.at(-1)?.text).toContain(`You have answered this: ${label}.`);
    expect(chat.person().records.filter((entry) => entry.type === "answer")).toHaveLength(1);
  });

  test("an answered message keeps question, chosen option and reason, without buttons", async () => {
    const { chat } = await inCheck();
    const question = chat.shown().at(-1);
    const label = wrongLabel(chat);
    const { messages } = await chat.send({ type: "press", ...chat.button(label) });
    const edit = messages.find((message) => message.edits === question?.token);
    expect(edit?.text).toContain(`Your answer: ${label}`);
    expect(edit?.text).toContain("Not quite.");
    expect(edit?.text).toContain("Better:");
    expect(edit?.reply.choices).toBeUndefined();
    expect(edit?.reply.actions).toBeUndefined();
  });

  test("a button of a card long passed leads to today's place, a year later", async () => {
    const world = createWorld();
    const chat = world.chat("anna");
    await welcomed(chat);
    await chat.command("next");
    const old = { type: "press", ...chat.button("Next") } as const;
    await finishLesson(chat);
    world.clock.now += year;
    const { messages } = await chat.send(old);
    expect(messages.at(-1)?.text).toContain("This has moved on since.");
    expect(await chat.press("Continue")).toContain("Lesson 2 of 6");
  });

  test("a menu from last year still works", async () => {
    const world = createWorld();
    const chat = world.chat("anna");
    await welcomed(chat);
    await chat.command("menu");
    const old = { type: "press", ...chat.button("My progress") } as const;
    await finishLesson(await after(chat));
    world.clock.now += year;
    expect((await chat.send(old)).messages.map((message) => message.text).join("\n")).toContain("1 of 6 lessons");
  });

  test("somebody else's button changes nothing for either", async () => {
    const { world, chat } = await inCheck();
    const other = world.chat("bo");
    await welcomed(other);
    const before = structuredClone([chat.person(), other.person().records]);
    const { messages } = await other.send({ type: "press", ...chat.button(rightLabel(chat)) });
    expect(messages.at(-1)?.text).toContain("belongs to somebody else");
    expect([chat.person(), other.person().records]).toEqual(before);
  });

  test("a forged token belongs to nobody", async () => {
    const { chat } = await inCheck();
    const { messages } = await chat.send({ type: "press", token: "AAAAAAAAAAA", option: "a" });
    expect(messages.at(-1)?.text).toContain("belongs to somebody else");
  });

  test("an option that the prompt does not have answers nothing", async () => {
    const { chat } = await inCheck();
    const { token } = chat.button(rightLabel(chat));
    const before = chat.person().records.length;
    await chat.send({ type: "press", token, option: "z" });
    expect(chat.person().records.length).toBe(before);
  });

  test("a failed check's retry button works after a pass, and says what is true now", async () => {
    const world = createWorld({ programmes: firstUnits });
    const chat = world.chat("anna");
    await welcomed(chat);
    await finishLessons(chat);
    await takeCheck(chat, 4);
    const retry = { type: "press", ...chat.button("Try again") } as const;
    await takeCheck(chat, 0);
    expect((await chat.send(retry)).messages.at(-1)?.text).toContain("You have passed every check");
  });
});

async function after<T extends { command: (name: string) => Promise<string> }>(chat: T): Promise<T> {
  await chat.command("next");
  return chat;
}
