import { describe, expect, test } from "vitest";
import { createWorld, words } from "../support/chat.ts";
import { finishLesson, finishLessons, rightLabel, welcomed } from "../support/learner.ts";

describe("typing works wherever a button does", () => {
  test("a whole lesson without a single press", async () => {
    const chat = createWorld().chat("anna");
    expect(await chat.type("hi")).toContain("Which language");
    await chat.type("english");
    await chat.type("weekdays");
    await chat.type("8");
    await chat.type("next");
    for (let steps = 0; steps < 20 && !chat.shown().at(-1)?.choices; steps += 1) await chat.type("next");
    const first = await chat.type(rightLabel(chat));
    expect(first).toContain("Right.");
    expect(await chat.type("A")).toMatch(/When will you try it/);
    expect(await chat.type("in a week")).toMatch(/Lesson 1 of 6 is done/);
  });

  test("feedback to a typed answer is said below, not only far above", async () => {
    const chat = createWorld().chat("anna");
    await welcomed(chat);
    await finishLessons(chat);
    await chat.type("quiz");
    await chat.type("start");
    expect(await chat.type(rightLabel(chat))).toMatch(/^Right\.\n[\s\S]*Question 2 of 8/);
  });

  test("Bulgarian options are numbered, and В is asked about", async () => {
    const chat = createWorld().chat("anna");
    await welcomed(chat, { language: "bg" });
    await finishLessons(chat, "bg");
    await chat.command("quiz");
    await chat.press(words.text("bg", "b.start"));
    const shown = chat.shown().at(-1);
    expect(shown?.choices?.map((choice) => choice.mark)).toEqual(["1", "2", "3"]);
    const before = chat.person().records.length;
    await chat.type("В");
    expect(chat.person().records.length).toBe(before);
    const ask = chat.shown().at(-1);
    expect(ask?.choices?.map((choice) => choice.mark)).toEqual(["2", "3"]);
    expect(ask?.token).toBe(shown?.token);
    await chat.press(ask?.choices?.[1]?.label ?? "");
    expect(chat.person().records.length).toBe(before + 1);
  });

  test("a word of another language is understood as a command", async () => {
    const chat = createWorld().chat("anna");
    await welcomed(chat);
    expect(await chat.type("СТОП")).toContain("no more messages");
  });
});

describe("what is not understood", () => {
  test("never the same answer twice in a row, and the third one offers a human", async () => {
    const chat = createWorld().chat("anna");
    await welcomed(chat);
    await chat.command("next");
    const said: string[] = [];
    for (const text of ["qwertyuiop", "asdf ghjk", "zzzz zzzz", "1q2w3e4r", "lorem ipsum"])
      said.push(await chat.type(text));
    for (let index = 1; index < said.length; index += 1) expect(said[index]).not.toBe(said[index - 1]);
    expect(said[0]).toContain("choose one of these");
    expect(said[2]).toContain("A human can help");
    await chat.type("next");
    expect(await chat.type("qwertyuiop")).toBe(said[0]);
  });

  test.each(["", "   ", "🙂", "שלום עולם", "a".repeat(4000), "<!channel> *bold* [x](http://y)", "\u202e\u0007"])(
    "%j never breaks the conversation",
    async (text) => {
      const world = createWorld();
      const chat = world.chat("anna");
      await welcomed(chat);
      await chat.command("next");
      await chat.type(text);
      expect(world.failures).toEqual([]);
      expect(await chat.type("next")).toMatch(/Lesson 1 of 6/);
    },
  );
});

describe("stop, start, pause, resume", () => {
  test.each(["stop", "STOP", "Stop!", "please stop", "unsubscribe", "/stop", "лек СТОП".slice(4), "lopeta", "stopp"])(
    "%j stops at once",
    async (text) => {
      const chat = createWorld().chat("anna");
      await welcomed(chat);
      expect(await chat.type(text)).toContain("no more messages");
      expect(chat.person().person.stopped).toBe(true);
      expect(chat.timers()).toEqual([]);
    },
  );

  test("stop is believed where any text would be an answer", async () => {
    const chat = createWorld().chat("anna");
    await welcomed(chat);
    await chat.command("coordinator");
    expect(await chat.type("stop")).toContain("no more messages");
    expect(chat.person().person.stopped).toBe(true);
  });

  test("stop in the middle of a sentence is asked about, not guessed", async () => {
    const chat = createWorld().chat("anna");
    await welcomed(chat);
    expect(await chat.type("can you stop this for me")).toContain("Shall I stop all messages?");
    expect(chat.person().person.stopped).toBe(false);
    expect(await chat.press("Stop messages")).toContain("no more messages");
  });

  test.each(["hello", "hej", "здравейте"])(
    "%j is a greeting: it does not start again what was stopped",
    async (text) => {
      const chat = createWorld().chat("anna");
      await welcomed(chat);
      await chat.type("stop");
      await chat.type(text);
      expect(chat.person().person.stopped).toBe(true);
      expect(chat.timers()).toEqual([]);
    },
  );

  test("starting again is as easy, and the place is kept", async () => {
    const chat = createWorld().chat("anna");
    await welcomed(chat);
    await chat.command("next");
    await chat.press("Next");
    await chat.type("stop");
    expect(await chat.type("START")).toContain("Welcome back");
    expect(chat.person().person.stopped).toBe(false);
    expect(chat.timers()).toHaveLength(1);
    expect(await chat.press("Continue")).toContain("Card 2 of");
  });

  test("pause until a date ends by itself", async () => {
    const chat = createWorld().chat("anna");
    await welcomed(chat);
    expect(await chat.type("pause 2 weeks")).toContain("17 March 2026");
    const [timer] = chat.timers();
    expect(new Date(timer?.due ?? 0).toISOString()).toBe("2026-03-17T07:00:00.000Z");
    expect(await chat.type("resume")).toContain("The pause is over");
    expect(new Date(chat.timers()[0]?.due ?? 0).toISOString()).toBe("2026-03-04T07:00:00.000Z");
  });
});

describe("commands with words behind them", () => {
  test.each([
    ["time zone Sofia", "Europe/Sofia"],
    ["часова зона София", "Europe/Sofia"],
    ["tidszone Stockholm", "Europe/Stockholm"],
  ])("%j", async (text, zone) => {
    const chat = createWorld().chat("anna");
    await welcomed(chat);
    await chat.type(text);
    expect(chat.person().person.timeZone).toBe(zone);
  });
});

describe("finding and keeping", () => {
  test("find looks in lessons met only", async () => {
    const chat = createWorld().chat("anna");
    await welcomed(chat);
    expect(await chat.type("find mentor")).toContain("0 lessons");
    await chat.command("next");
    await finishLesson(chat);
    expect(await chat.type("find mentor")).toContain("stands in 1 lesson");
  });

  test("a saved card is there to read again, once", async () => {
    const chat = createWorld().chat("anna");
    await welcomed(chat);
    await chat.command("next");
    const card = chat.shown().at(-1);
    const { messages } = await chat.send({ type: "press", ...chat.button("Save card") });
    expect(messages).toHaveLength(1);
    expect(messages[0]?.edits).toBe(card?.token);
    expect(messages[0]?.reply.actions?.map((action) => action.label)).toContain("Remove card");
    expect(await chat.type("saved")).toContain("Your saved cards: 1");
    await chat.press("Remove card");
    expect(await chat.type("saved")).toContain("not saved a card yet");
  });
});
