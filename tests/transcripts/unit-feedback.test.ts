import { describe, expect, test } from "vitest";
import { createWorld, firstUnits, programmes } from "../support/chat.ts";
import { finishLessons, takeCheck, welcomed } from "../support/learner.ts";

const day = 86_400_000;
const version = programmes.find(({ id }) => id === "family-mentor")?.version;

/** Somebody who has just passed the check of the first unit. */
async function passed(options: { readonly rhythm?: boolean } = {}) {
  const world = createWorld({ programmes: firstUnits });
  const chat = world.chat("anna");
  await welcomed(chat, options);
  await finishLessons(chat);
  const said = await takeCheck(chat, 0);
  return { world, chat, said };
}
type Chat = Awaited<ReturnType<typeof passed>>["chat"];

const given = (chat: Chat) =>
  chat
    .person()
    .records.filter(({ type }) => type.startsWith("unit.feedback") || type === "skills.used")
    .map(({ type, key, data }) => ({ type, key, data }));
const nothing = "There is nothing to ask you about right now";

describe("feedback after a unit", () => {
  test("is two taps and one line, which goes on without a person", async () => {
    const { world, chat } = await passed();
    expect(await chat.press("How was it?")).toContain("five people or more together");
    expect(await chat.press("4 – mostly")).toContain("How useful is it for you?");
    expect(await chat.press("5 – very")).toContain("Would you like to add one line?");
    const entry = { type: "unit.feedback", key: `feedback:1:${version}`, data: { unit: "1", clear: 4, useful: 5 } };
    expect(given(chat)).toEqual([entry]);
    expect(await chat.type("More examples with teenagers, please")).toContain("It helps to make this better");
    expect(JSON.stringify(given(chat))).not.toContain("teenagers");
    const [job] = world.store.jobs.filter(({ name }) => name === "feedback");
    expect(job?.data).toMatchObject({ unit: "1", text: "More examples with teenagers, please" });
  });

  test("interrupts nothing: the way on stands first, and nobody has to answer", async () => {
    const { chat, said } = await passed();
    expect(said).toContain("Passed: 8 of 8 right.");
    expect(chat.shown().at(-1)?.choices).toBeUndefined();
    expect(await chat.command("menu")).not.toContain("How clear");
    expect(given(chat)).toEqual([]);
  });

  test("is never pushed", async () => {
    const { world, chat } = await passed();
    world.clock.now += day;
    const { messages } = await chat.fire("reminder");
    expect(messages).toEqual([]);
  });

  test.each(["clear", "useful"])("is skipped with one tap at %s, and never asked again", async (at) => {
    const { chat } = await passed();
    await chat.press("How was it?");
    if (at === "useful") await chat.press("3 – partly");
    expect(await chat.press("Skip")).toContain("You are not asked about this again");
    expect(given(chat)).toEqual([{ type: "unit.feedback.skipped", key: `feedback:1:${version}`, data: { unit: "1" } }]);
    expect(await chat.command("feedback", "1")).toContain(nothing);
  });

  test("is never asked twice once it was given, and not before the check is passed", async () => {
    const { chat } = await passed();
    for (const label of ["How was it?", "1 – not at all", "2 – a little", "No, that is all"]) await chat.press(label);
    expect(await chat.command("feedback", "1")).toContain(nothing);
    expect(await chat.command("feedback")).toContain(nothing);
    expect(given(chat)).toHaveLength(1);
    const other = createWorld({ programmes: firstUnits }).chat("bo");
    await welcomed(other);
    expect(await other.command("feedback", "1")).toContain(nothing);
  });
});

describe("three months after the end", () => {
  test("one tap says whether it is used, once", async () => {
    const { world, chat } = await passed();
    const end = world.clock.now;
    let asked = 0;
    for (let n = 0; n < 100 && asked === 0; n += 1) {
      const due = chat.timers().find(({ name }) => name === "reminder")?.due;
      if (due === undefined) break;
      world.clock.now = due;
      const text = (await chat.fire("reminder")).messages.map((message) => message.text).join("\n");
      if (text.includes("Three months ago you completed")) asked = due;
      await chat.command("menu");
    }
    expect(asked).toBeGreaterThanOrEqual(end + 90 * day);
    expect(asked).toBeLessThan(end + 95 * day);
    expect(await chat.command("used")).toContain("How often do you use");
    await chat.press("Sometimes");
    expect(given(chat)).toEqual([{ type: "skills.used", key: "used:family-mentor", data: { used: "sometimes" } }]);
    expect(await chat.command("used")).toContain(nothing);
  });
});
