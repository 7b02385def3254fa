import { describe, expect, test } from "vitest";
import type { SelfAttempt } from "../../src/domain/self-attempts.ts";
import { createWorld } from "../support/chat.ts";
import { assessed, top } from "../support/frameworks.ts";
import { welcomed } from "../support/learner.ts";

type Chat = ReturnType<ReturnType<typeof createWorld>["chat"]>;
const week = 7 * 86_400_000;

function attemptsOf(chat: Chat): readonly SelfAttempt[] {
  const progress = chat.person().progress as Record<string, { self?: readonly SelfAttempt[] }>;
  return Object.values(progress)[0]?.self ?? [];
}

/** Answers every statement that is still open with the same words, from the overview on. */
async function answerAll(chat: Chat, label: string): Promise<string> {
  let said = await chat.press(chat.shown().at(-1)?.actions?.[0]?.label ?? "Start");
  for (let n = 0; n < 100 && said.includes("An example without names"); n += 1) said = await chat.press(label);
  return said;
}

async function finish(chat: Chat, label: string): Promise<string> {
  await chat.command("assess", "new");
  await answerAll(chat, label);
  return chat.press("Finish");
}

describe("self-assessment", () => {
  test("somebody takes it, leaves, comes back after weeks, changes an answer, finishes and shares", async () => {
    const world = createWorld({ programmes: assessed });
    const chat = world.chat("learner");
    await welcomed(chat);

    const intro = await chat.type("self-assessment");
    expect(intro).toContain("What a mentor can do");
    expect(intro).toContain("Only you see your answers");
    expect(intro).toContain("It never certifies anything");
    expect(intro).toContain("Self-assessment: 0 of 4 areas answered");

    // In any order: safety first. One statement a card, with an example line.
    expect(await chat.press("Safety (0/2)")).toContain("Which area?");
    const card = await chat.press("B2 Alarm: open");
    expect(card).toContain("B2 Alarm · level 1 of 3");
    expect(card).toContain("“I can do b2 at level 1.”");
    expect(card).toContain("An example without names: An example of alarm");
    expect(card).not.toContain("level 2");
    expect(await chat.press("not yet")).toContain("level 2 of 3");
    // Two answers of the lowest value end it: the next one is the other of this category.
    expect(await chat.press("not yet")).toContain("B1 Silence · level 1 of 3");
    expect(chat.person().records.some(({ type }) => type === "selfrated")).toBe(false);

    world.clock.now += 3 * week;
    const back = await chat.type("next");
    expect(back).toContain("1 of 4 areas are answered");
    expect(back).toContain("B1 Silence · level 1 of 3");
    await chat.press("on my own");
    await chat.press("on my own");
    expect(await chat.type("also when it is difficult")).toContain("A1 Limits");
    for (let n = 0; n < 5; n += 1) await chat.press("on my own");
    expect(await chat.press("with help")).toContain("Everything is answered");

    // Changed before the end: the alarm can be given after all, and the levels above are asked now.
    await chat.press("Safety (2/2)");
    const answers = await chat.press("B2 Alarm: answered");
    expect(answers).toContain("Level 1: I can do b2 at level 1. not yet");
    await chat.press("Level 1: not yet");
    expect(await chat.press("on my own")).toContain("B2 Alarm · level 3 of 3");
    await chat.press("not yet");

    const report = await chat.press("Finish");
    expect(report).toContain("As you see yourself: level 1 (Beginner)");
    expect(report).toContain("My role: level 3 (A1 3, A2 2)");
    expect(report).toContain("Safety: level 1 (B1 3, B2 1)");
    expect(report).toContain("Next in B2 Alarm, level 2: I can do b2 at level 2.");
    expect(report).toContain("Only you see this report");
    expect(report).toContain("It never certifies anything");
    const shown = chat.shown().at(-1);
    expect(shown?.image).toMatchObject({ kind: "radar", alt: expect.stringContaining("Safety: level 1 (B1 3, B2 1)") });
    expect(JSON.stringify(shown?.image)).not.toContain("Name of learner");
    expect(shown?.actions?.map(({ label }) => label)).toEqual(["Lesson 1.5", "Share it", "Menu"]);

    const records = chat.person().records.filter(({ type }) => type.startsWith("self"));
    expect(records.filter(({ type }) => type === "selfrated")).toHaveLength(12);
    expect(records.at(-1)).toMatchObject({
      type: "self.done",
      data: { framework: "1.0.0", levels: { a1: 3, a2: 2, b1: 3, b2: 1 } },
    });

    expect(attemptsOf(chat)).toMatchObject([{ sharedAt: null }]);
    expect(await chat.press("Share it")).toContain("can see this report");
    expect(attemptsOf(chat)).toMatchObject([{ sharedAt: world.clock.now }]);
    expect(await chat.press("Share it")).toContain("can see this report");
    expect(await chat.press("Stop sharing")).toContain("Only you see this report");
    expect(attemptsOf(chat)).toMatchObject([{ sharedAt: null, changes: 2 }]);
    await chat.press("Share it");
    expect(attemptsOf(chat)).toMatchObject([{ changes: 3 }]);
    expect(world.failures).toEqual([]);
  });

  test("earlier ones are listed and drawn beside the latest; five stay at hand", async () => {
    const world = createWorld({ programmes: assessed });
    const chat = world.chat("learner");
    await welcomed(chat);
    expect(await chat.command("assess", "earlier")).toContain("not finished a self-assessment yet");
    for (let n = 0; n < 6; n += 1) {
      await finish(chat, n % 2 === 0 ? "not yet" : "on my own");
      world.clock.now += 4 * week;
    }
    expect(attemptsOf(chat)).toHaveLength(5);
    expect(attemptsOf(chat)[0]?.levels).toEqual(top);

    const again = await chat.command("assess");
    expect(again).toContain("Your last self-assessment is of 21 July 2026");
    const list = await chat.press("Earlier ones");
    expect(list).toContain("21 July 2026: level 3 (Guiding)");
    expect(list).toContain("23 June 2026: no level yet");
    await chat.press("21 Jul 2026");
    const data = chat.shown().at(-1)?.image?.data as { series: { kind: string; values: number[] }[] };
    expect(data.series.map(({ kind, values }) => [kind, values[0]])).toEqual([
      ["required", 1],
      ["earlier", 0],
      ["self", 3],
    ]);
    expect(await chat.command("assess", "report nothing")).toContain("not at hand any more");
  });

  test("in another language than the learner's, that is said first", async () => {
    const chat = createWorld({ programmes: assessed }).chat("learner");
    await welcomed(chat, { language: "fi", rhythm: false });
    const said = await chat.type("itsearviointi");
    expect(said.startsWith("Itsearviointia ei vielä ole kielelläsi. Näytän sen kielellä: English.")).toBe(true);
    expect(said).toContain("What a mentor can do");
  });

  test("in Bulgarian, typed in Latin letters too", async () => {
    const chat = createWorld({ programmes: assessed }).chat("learner");
    await welcomed(chat, { language: "bg", rhythm: false });
    const said = await chat.type("samootsenka");
    expect(said).toContain("What a mentor can do (на български)");
    expect(said).not.toContain("още не е на Вашия език");
  });

  test("what assessors said stands beside it", async () => {
    const world = createWorld({ programmes: assessed });
    const chat = world.chat("learner");
    await welcomed(chat);
    const { progress } = chat.person();
    const [id = ""] = Object.keys(progress as object);
    const ratings = { x: { first: { by: "eva", day: "2026-03-01", levels: { a1: 2 } } } };
    const rated = { ...(progress as Record<string, object>)[id], facts: { ratings } };
    world.store.people.set(chat.person().person.id, { ...chat.person(), progress: { [id]: rated } as never });
    expect(await finish(chat, "on my own")).toContain("Assessors said: A1 2.");
    const data = chat.shown().at(-1)?.image?.data as { series: unknown[] };
    expect(data.series.at(-1)).toMatchObject({ kind: "assessor", values: [2, null, null, null] });
  });

  test("a programme without a framework says so", async () => {
    const chat = createWorld({
      programmes: assessed.map(({ framework: _, ...programme }) => programme),
    }).chat("learner");
    await welcomed(chat);
    expect(await chat.type("self-assessment")).toContain("This course has no self-assessment");
  });
});
