import { describe, expect, test } from "vitest";
import type { Programme, SingleQuestion } from "../../src/domain/programme.ts";
import { toPlain } from "../../src/engine/markup.ts";
import { createWorld, firstUnits, programmes } from "../support/chat.ts";
import { single } from "../support/questions.ts";

/** Every question of a programme by its stem in a language, to answer it right or wrong on purpose. */
function stems(programme: Programme, language: string): Map<string, SingleQuestion> {
  const questions = programme.units.flatMap((unit) => [
    ...unit.lessons.flatMap((lesson) => lesson.practice),
    ...unit.check.bank,
  ]);
  return new Map(questions.map(single).map((question) => [toPlain(question.stem[language] ?? []), question]));
}

/**
 * Plays the whole unit as a learner who presses buttons, and writes it down as a trainer would read it. The transcripts
 * are in `golden/`; `vitest -u` writes them again.
 */
async function play(language: string, name: string, taught = firstUnits): Promise<string> {
  const world = createWorld({ programmes: taught });
  const chat = world.chat("learner");
  const programme = taught.find((one) => one.id === "family-mentor");
  if (!programme) throw new Error("no family-mentor");
  const known = stems(programme, language);
  const lines: string[] = [];
  const turn = async (label: string | undefined, input: Parameters<typeof chat.send>[0]): Promise<void> => {
    if (label !== undefined) lines.push(`> ${label}`, "");
    const { messages } = await chat.send(input);
    for (const message of messages) {
      const buttons = [
        ...(message.reply.choices ?? []).map((one) => `${one.mark}) ${one.label}`),
        ...(message.reply.actions ?? []).map((one) => `[${one.label}]`),
      ];
      lines.push(
        ...(message.edits === undefined ? [] : ["(the message above now reads)"]),
        message.text,
        ...buttons,
        "",
      );
    }
  };
  const press = (label: string) => turn(`[${label}]`, { type: "press", ...chat.button(label) });

  await turn("/start", { type: "command", name: "start", args: "" });
  await press(name);
  await press(label("rhythm.weekdays"));
  await press("08:00");
  await press(label("b.firstlesson"));
  for (let steps = 0; ; steps += 1) {
    if (steps > 600) throw new Error("the programme does not end");
    const last = chat.shown().at(-1);
    if (!last) throw new Error("nothing is shown");
    const text = toPlain(last.text);
    const question = [...known].find(([stem]) => text.endsWith(stem))?.[1];
    if (question && last.choices) {
      // The first practice question of each lesson is answered wrong, everything else right.
      const wrong = question.id.endsWith("p1");
      const option = question.options.find((one) => (one.id === question.right) !== wrong);
      await press(option?.text[language] ?? "");
      continue;
    }
    const primary = last.actions?.find((action) => action.primary);
    if (!primary) break;
    await press(primary.label);
  }
  return lines.join("\n");

  function label(key: string): string {
    const found = chat.shown().flatMap((reply) => [...(reply.choices ?? []), ...(reply.actions ?? [])]);
    const wanted = worldWords(language, key);
    return found.some((one) => one.label === wanted) ? wanted : `${wanted} is not shown`;
  }
}

const { words } = await import("../support/chat.ts");
const worldWords = (language: string, key: string): string => words.text(language, key);

const passed: Readonly<Record<string, string>> = {
  en: "Passed: 8 of 8 right.",
  bg: "Издържан: 8 от 8 верни отговора.",
};

describe("the whole unit, as a learner sees it", () => {
  test.each([
    ["en", "English"],
    ["bg", "Български"],
  ])("in %s", async (language, name) => {
    const transcript = await play(language, name);
    expect(transcript).toContain(passed[language] ?? "");
    await expect(`${transcript}\n`).toMatchFileSnapshot(`golden/unit-1.${language}.txt`);
  });
});

test.each([
  ["en", "English"],
  ["bg", "Български"],
])("the whole programme has a way from its first card to its end, in %s", async (language, name) => {
  const transcript = await play(language, name, programmes);
  for (const unit of programmes[0]?.units ?? []) {
    for (const lesson of unit.lessons) expect(transcript).toContain(lesson.title[language]);
    expect(transcript).toContain(
      words.text(language, "check.passed", { right: 8, of: 8, title: unit.title[language] ?? "" }).split("**")[1] ??
        "?",
    );
  }
  expect(transcript).toContain(words.text(language, "check.passed.last"));
});
