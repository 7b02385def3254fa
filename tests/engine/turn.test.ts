import { describe, expect, test } from "vitest";
import { z } from "zod";
import { script } from "../../dialogs/index.ts";
import { type Command, type Dialog, defineDialog, type Script } from "../../src/engine/dialog.ts";
import { plainText } from "../../src/engine/markup.ts";
import { createWorld } from "../support/chat.ts";
import { finishLesson, welcomed } from "../support/learner.ts";

/** A log that asks two things; version 2 calls the first one differently. */
function logDialog(version: 1 | 2, upgrade?: { [from: number]: (old: never) => unknown }, good = "Good"): Dialog {
  const state =
    version === 1
      ? z.object({ at: z.literal("how"), when: z.string() })
      : z.object({ at: z.literal("how"), day: z.string() });
  return defineDialog<Record<string, never>, { at: "how"; when?: string; day?: string }>({
    id: "log",
    version,
    args: z.object({}),
    state: state as z.ZodType<{ at: "how"; when?: string; day?: string }>,
    ...(upgrade ? { upgrade } : {}),
    activity: () => "log",
    title: () => "Weekly log",
    start: () => ({ state: version === 1 ? { at: "how", when: "monday" } : { at: "how", day: "monday" } }),
    steps: {
      how: {
        ask: (now) => ({
          text: plainText(`How was ${now.when ?? now.day}?`),
          choices: [
            { id: "good", label: good },
            { id: "bad", label: "Bad" },
          ],
        }),
        take: (_now, answer) =>
          answer.type === "choice"
            ? { end: true, says: [{ text: plainText(`Logged: ${answer.id}`) }] }
            : { unclear: true },
      },
    },
  });
}

function scriptWith(dialog: Dialog): Script {
  const log: Command = { run: () => ({ start: { dialog: "log", args: {} } }) };
  return {
    ...script,
    dialogs: { ...script.dialogs, [dialog.id]: dialog },
    commands: { ...script.commands, quiz: log },
  };
}

describe("several activities side by side", () => {
  test("each keeps its own place, and a press goes where its button belongs", async () => {
    const chat = createWorld({ script: scriptWith(logDialog(1)) }).chat("anna");
    await welcomed(chat);
    await chat.command("next");
    await chat.press("Next");
    const card = { type: "press", ...chat.button("Next") } as const;
    expect(await chat.command("quiz")).toBe("How was monday?");
    expect((await chat.send(card)).messages.at(-1)?.text).toContain("Card 3 of");
    expect(await chat.press("Good")).toContain("Logged: good");
    expect(await chat.command("next")).toContain("Card 3 of");
  });

  test("stop is no answer, also where an option begins with it", async () => {
    const chat = createWorld({ script: scriptWith(logDialog(1, undefined, "Stop the visit")) }).chat("anna");
    await welcomed(chat);
    await chat.command("quiz");
    expect(await chat.type("stop")).toContain("no more messages");
    expect(await chat.type("stop the visit")).toContain("Logged: good");
  });

  test("the menu lists what is open, what moved last first", async () => {
    const world = createWorld({ script: scriptWith(logDialog(1)) });
    const chat = world.chat("anna");
    await welcomed(chat);
    await chat.command("next");
    world.clock.now += 1000;
    await chat.command("quiz");
    const menu = await chat.type("menu");
    expect(menu.indexOf("Weekly log")).toBeGreaterThan(0);
    expect(menu.indexOf("Lesson:")).toBeGreaterThan(menu.indexOf("Weekly log"));
  });

  test("a short exchange gives the open question back", async () => {
    const chat = createWorld().chat("anna");
    await welcomed(chat);
    await chat.command("next");
    await chat.type("language");
    await chat.type("English");
    expect(await chat.press("Continue")).toContain("Card 1 of");
    expect(Object.keys(chat.person().session?.activities ?? {})).toHaveLength(1);
  });
});

describe("a place survives a new version of its dialog", () => {
  const lift = { 1: (old: never) => ({ at: "how", day: (old as { when: string }).when }) };

  test("with an upgrade the question goes on where it was, and old buttons work", async () => {
    const before = createWorld({ script: scriptWith(logDialog(1)) });
    await welcomed(before.chat("anna"));
    await before.chat("anna").command("quiz");
    const old = before.chat("anna");
    const token = Object.values(old.person().session?.activities ?? {})[0]?.open.token ?? "";
    const after = createWorld({ script: scriptWith(logDialog(2, lift)) });
    move(before, after);
    const { messages } = await after.chat("anna").send({ type: "press", token, option: "a" });
    expect(messages.at(-1)?.text).toBe("Logged: good");
  });

  test("a state that nobody can read leads to the menu, and progress stays", async () => {
    const before = createWorld({ script: scriptWith(logDialog(1)) });
    const chat = before.chat("anna");
    await welcomed(chat);
    await chat.command("next");
    await finishLesson(chat);
    await chat.command("quiz");
    const after = createWorld({ script: scriptWith(logDialog(2)) });
    move(before, after);
    const renewed = await after.chat("anna").type("good");
    expect(renewed).toContain("This part was renewed. Your progress is kept.");
    expect(after.chat("anna").person().session?.activities).toEqual({});
    expect(await after.chat("anna").type("progress")).toContain("1 of 6 lessons");
  });

  function move(from: ReturnType<typeof createWorld>, to: ReturnType<typeof createWorld>): void {
    for (const [id, stored] of from.store.people) to.store.people.set(id, structuredClone(stored));
    for (const [id, address] of from.store.addresses) to.store.addresses.set(id, { ...address });
    for (const [id, token] of from.store.tokens) to.store.tokens.set(id, structuredClone(token));
  }
});

describe("after a week away", () => {
  test("a recap in two lines, once", async () => {
    const world = createWorld();
    const chat = world.chat("anna");
    await welcomed(chat);
    await chat.command("next");
    await chat.press("Next");
    world.clock.now += 8 * 24 * 3600_000;
    const back = await chat.command("next");
    expect(back).toMatch(/^Welcome back\. You were in lesson 1 of 6, .+\.\nThe last thing was: .+/);
    expect(back).toContain("Card 2 of");
    expect(await chat.type("next")).not.toContain("Welcome back");
  });
});

describe("takeTurn is pure", () => {
  test("the same arguments give the same decision, and nothing in them is changed", async () => {
    const run = async () => {
      const chat = createWorld({ seed: 7 }).chat("anna");
      await welcomed(chat);
      await chat.command("next");
      await finishLesson(chat);
      return { shown: chat.shown(), person: chat.person() };
    };
    expect(await run()).toEqual(await run());
  });

  test("dialogs never reach for clock, chance, files, network or database", async () => {
    const { readdirSync, readFileSync } = await import("node:fs");
    const dir = new URL("../../dialogs/", import.meta.url);
    for (const file of readdirSync(dir)) {
      const source = readFileSync(new URL(file, dir), "utf8");
      expect(source, file).not.toMatch(/Date\.now|Math\.random|new Date\(\)|node:|fetch\(|process\./);
    }
  });
});
