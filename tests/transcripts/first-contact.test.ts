import { describe, expect, test } from "vitest";
import { toPlain } from "../../src/engine/markup.ts";
import { createWorld, words } from "../support/chat.ts";
import { welcomed } from "../support/learner.ts";

describe("first contact", () => {
  test("the first message has four lines: who, why and who sees answers, how often, how to stop", async () => {
    const chat = createWorld().chat("anna");
    const first = await chat.type("hello");
    const lines = first.split("\n");
    expect(lines[0]).toMatch(/Fadder.*is writing/);
    expect(lines[1]).toMatch(/coordinator sees/);
    expect(lines[2]).toMatch(/how often.*never at night/);
    expect(lines[3]).toMatch(/stop/);
    expect(first).toContain("Which language");
  });

  test("language, days and hour; then the first lesson is one press away", async () => {
    const chat = createWorld().chat("anna");
    await chat.command("start");
    expect(await chat.press("English")).toContain("On which days");
    expect(await chat.type("mon and thu")).toContain("At what time");
    const ready = await chat.type("17.30");
    expect(ready).toContain("Mon, Thu at 17:30 (Europe/Copenhagen)");
    expect(chat.person().person.rhythm).toEqual({ days: [1, 4], time: "17:30" });
    expect(await chat.press("First lesson")).toContain("Lesson 1 of 6");
    expect(chat.person().records.map((entry) => entry.type)).toEqual(["joined"]);
  });

  test("or only when I ask", async () => {
    const chat = createWorld().chat("anna");
    await welcomed(chat, { rhythm: false });
    expect(chat.person().person.rhythm).toBeNull();
    expect(chat.timers()).toEqual([]);
  });

  test("an hour at night is not taken", async () => {
    const chat = createWorld().chat("anna");
    await chat.command("start");
    await chat.press("English");
    await chat.press("Monday to Friday");
    expect(await chat.type("23:00")).toContain("between 08:00 and 20:00 only");
    expect(await chat.press("19:00")).toContain("at 19:00");
  });

  test("an installation enrols nobody", async () => {
    const world = createWorld();
    const chat = world.chat("admin");
    const { receipt, messages } = await chat.send({ type: "presence", state: "reachable" });
    expect(receipt.outcome).toBe("dropped");
    expect(messages).toEqual([]);
    expect(world.store.people.size).toBe(0);
  });

  test("photos, voice and files are declined kindly, and the way on is there", async () => {
    const chat = createWorld().chat("anna");
    await welcomed(chat);
    const { messages } = await chat.send({ type: "file", name: "x.jpg", mime: "image/jpeg", bytes: 1, handle: null });
    expect(messages[0]?.text).toContain("I cannot use photos");
    expect(messages[0]?.reply.actions?.map((action) => action.label)).toEqual(["Continue", "Menu"]);
  });

  test.each(words.languages)("the welcome is complete in %s", (language) => {
    const one = toPlain(words.markup(language, "welcome.intro", { known: "yes", programme: "X" }));
    expect(one.split("\n")).toHaveLength(4);
    expect(one).toContain("X");
    const several = toPlain(words.markup(language, "welcome.intro", { known: "no", programme: "X" }));
    expect(several.split("\n")).toHaveLength(4);
    expect(several).not.toContain("X");
  });
});
