import { describe, expect, test } from "vitest";
import type { Programme, SimpleQuestion } from "../../src/domain/programme.ts";
import { stepsOf } from "../../src/domain/question.ts";
import { toPlain } from "../../src/engine/markup.ts";
import { createWorld, firstUnits, programmes } from "../support/chat.ts";

/** Every question of a programme, and of a case every step, by its stem in a language: to answer it right or wrong on purpose. */
function stems(programme: Programme, language: string): Map<string, SimpleQuestion> {
  const questions = programme.units.flatMap((unit) => [
    ...unit.lessons.flatMap((lesson) => lesson.practice),
    ...unit.check.bank,
  ]);
  const all = [...questions, ...(programme.test?.check.bank ?? [])].flatMap(stepsOf);
  return new Map(all.map((question) => [toPlain(question.stem[language] ?? []), question]));
}

/** What to press for the right answer; for a matching the target of what is asked about now. */
function rightLabels(question: SimpleQuestion, text: string, language: string): readonly string[] {
  const label = (of: { readonly text: Readonly<Record<string, string>> } | undefined) => of?.text[language] ?? "";
  switch (question.kind) {
    case "single":
      return question.options.filter((one) => one.id === question.right).map(label);
    case "multiple":
      return [
        ...question.options.filter((one) => question.right.includes(one.id)).map(label),
        worldWords(language, "b.done"),
      ];
    case "ordering":
      return question.options.map(label);
    case "matching": {
      const asked = question.options.find((one) => text.endsWith(label(one)));
      return [label(question.targets.find((one) => one.id === question.right[asked?.id ?? ""]))];
    }
    default:
      throw new Error(`nobody can press the answer to "${question.id}"`);
  }
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
    const question = [...known].find(([stem]) => text.includes(stem))?.[1];
    if (question && last.choices) {
      for (const right of rightLabels(question, text, language)) await press(right);
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
  const { draw } = programmes[0]?.test?.check ?? { draw: 0 };
  expect(transcript).toContain(words.text(language, "test.passed", { right: draw, of: draw }).split("**")[1] ?? "?");
  expect(transcript).toContain(words.text(language, "test.after"));
});
