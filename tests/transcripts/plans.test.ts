import { describe, expect, test } from "vitest";
import { createWorld, firstUnits } from "../support/chat.ts";
import { rightLabel, welcomed } from "../support/learner.ts";

const day = 86_400_000;

/** At the question when the plan of the first lesson will be tried. */
async function atPlan() {
  const world = createWorld({ programmes: firstUnits });
  const chat = world.chat("anna");
  await welcomed(chat);
  await chat.command("next");
  let said = "";
  while (!said.includes("When will you try it?"))
    said = await chat.press(chat.shown().at(-1)?.choices ? rightLabel(chat) : "Next");
  return { world, chat, said };
}

/** The plan was to be tried tomorrow, and the reminder of the day after fires. */
async function asked() {
  const { world, chat } = await atPlan();
  await chat.press("Tomorrow");
  const [timer] = chat.timers();
  world.clock.now = timer?.due ?? 0;
  const { messages } = await chat.fire("reminder");
  return { world, chat, told: messages[0]?.text ?? "" };
}

const entries = (chat: Awaited<ReturnType<typeof atPlan>>["chat"]) =>
  chat
    .person()
    .records.filter(({ type }) => type.startsWith("plan."))
    .map(({ type, data }) => ({ type, data }));

describe("the plan at the end of a lesson", () => {
  test("is shown once more, and its time is chosen by a button", async () => {
    const { chat, said, world } = await atPlan();
    expect(said).toContain("When a family asks what I do, I will say my three sentences.");
    expect(await chat.press("In a week")).toContain("Lesson 1 of 6 is done");
    // From the beginning of that day in Copenhagen, so that the reminder of the day asks.
    const due = Date.UTC(2026, 2, 9, 23);
    expect(due).toBeLessThan(world.clock.now + 7 * day);
    expect(entries(chat)).toEqual([{ type: "plan.made", data: { lesson: "1.1", due } }]);
  });

  test("the lesson is done also where nobody answers", async () => {
    const { chat } = await atPlan();
    expect(await chat.command("progress")).toContain("1 of 6 lessons");
  });

  test("may be left out, and a lesson read again does not ask again", async () => {
    const { chat } = await atPlan();
    await chat.press("Not this one");
    expect(entries(chat)).toEqual([]);
    let said = await chat.command("lesson", "1.1");
    while (!said.includes("is done")) said = await chat.press(chat.shown().at(-1)?.choices ? rightLabel(chat) : "Next");
    expect(said).not.toContain("When will you try it?");
  });

  test("is asked about afterwards, in the same message as the next step; done, it books practice", async () => {
    const { chat, told } = await asked();
    expect(told).toContain("Your next step is ready");
    expect(told).toContain("Your plan from lesson 1.1: how did it go?");
    expect(await chat.press("Your plan")).toContain("How did it go?");
    expect(await chat.press("Yes, done")).toContain("40 minutes of practice are noted for you.");
    expect(entries(chat).at(-1)).toEqual({
      type: "plan.told",
      data: { lesson: "1.1", how: "yes", minutes: 40, day: "2026-03-04" },
    });
    expect(await chat.command("plan")).toContain("There is no such plan");
  });

  test("not yet: what got in the way, without free text, and another time", async () => {
    const { chat } = await asked();
    await chat.press("Your plan");
    expect(await chat.press("Not yet")).toContain("What got in the way?");
    expect(await chat.press("No occasion")).toContain("Shall we try again?");
    expect(await chat.press("In three days")).toContain("I will ask again on Saturday");
    expect(entries(chat).slice(1)).toEqual([
      { type: "plan.told", data: { lesson: "1.1", how: "notyet", why: "occasion" } },
      { type: "plan.made", data: { lesson: "1.1", due: Date.UTC(2026, 2, 6, 23) } },
    ]);
  });

  test("partly, and let go: nothing is asked again", async () => {
    const { chat } = await asked();
    await chat.press("Your plan");
    await chat.press("Partly");
    await chat.press("No time");
    expect(await chat.press("Not this one")).toContain("The plan rests");
    expect(await chat.command("plan", "1.1")).toContain("There is no such plan");
  });

  test("tomorrow is tomorrow, also for whoever gets no reminders", async () => {
    const { world, chat } = await asked();
    expect(new Date(world.clock.now).toISOString()).toBe("2026-03-04T07:00:00.000Z");
    await chat.command("rhythm");
    await chat.press("Only when I ask");
    await chat.press("Your plan");
    await chat.press("Not yet");
    await chat.press("No time");
    await chat.press("Tomorrow");
    for (let ticks = 0; ticks < 4; ticks += 1) {
      world.clock.now = chat.timers()[0]?.due ?? 0;
      const { messages } = await chat.fire("reminder");
      if (messages.length === 0) continue;
      expect(messages[0]?.text).toBe("Your plan from lesson 1.1: how did it go?");
      expect(new Date(world.clock.now).toISOString()).toBe("2026-03-05T08:00:00.000Z");
      return;
    }
    throw new Error("nobody asked");
  });

  test("answers are pressed once: a second press of “Yes, done” books nothing more", async () => {
    const { chat } = await asked();
    await chat.press("Your plan");
    const press = { type: "press", ...chat.button("Yes, done") } as const;
    await chat.send(press);
    await chat.send(press);
    expect(entries(chat).filter(({ type }) => type === "plan.told")).toHaveLength(1);
  });
});
