import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import type { Programme } from "../../src/domain/programme.ts";
import { toPlain } from "../../src/engine/markup.ts";
import { compile, parseCompiled } from "../../src/programmes/compiled.ts";
import { loadProgrammes } from "../../src/programmes/load.ts";
import { kindsEdits } from "../programmes/kinds.ts";
import { editSample, STRUCTURE, sampleFolder, WORDS } from "../programmes/sample.ts";
import { createWorld, firstUnits } from "../support/chat.ts";

/** The sample with every kind of question, as a server reads it. */
async function everyKind(): Promise<Programme> {
  const folder = await sampleFolder();
  const [structure, words] = await Promise.all(
    [STRUCTURE, WORDS].map((file) => readFile(join(folder, "sample", file), "utf8")),
  );
  await editSample(folder, ...kindsEdits({ structure: structure ?? "", words: words ?? "" }));
  const { programmes, problems } = await loadProgrammes(folder);
  expect(problems).toEqual([]);
  const [programme] = programmes;
  if (!programme) throw new Error("no programme");
  return programme;
}

describe("every kind of question", () => {
  let programme: Programme;
  let chat: ReturnType<ReturnType<typeof createWorld>["chat"]>;
  let world: ReturnType<typeof createWorld>;
  beforeEach(async () => {
    programme = await everyKind();
    await begin(programme);
  });

  /** Welcomed and before the first practice question. */
  async function begin(taught: Programme): Promise<void> {
    world = createWorld({ programmes: [taught] });
    chat = world.chat("anna");
    await chat.type("hello");
    for (const label of ["English", "Only when I ask", "First lesson", "Next", "Next", "Next", "Next"])
      await chat.press(label);
  }

  const shown = () => {
    const last = chat.shown().at(-1);
    return {
      text: toPlain(last?.text ?? []),
      choices: last?.choices?.map((one) => one.label) ?? [],
      actions: last?.actions?.map((one) => one.label) ?? [],
    };
  };
  const answers = () =>
    chat
      .person()
      .records.filter((entry) => entry.type === "practice" || entry.type === "answer")
      .map(({ data }) => data);

  /** Answers until the practice question of this number is open. */
  async function goTo(n: number): Promise<void> {
    const right: readonly string[][] = [
      ["How late you will be", "What they can do", "Done"],
      ["That is not so"],
      ["See that you are late", "Write a line", "Arrive and greet"],
      ["The mentor", "The family"],
      [],
      [],
      ["7"],
    ];
    for (const [index, labels] of right.slice(0, n - 1).entries()) {
      if (index === 4) await chat.type("message");
      else if (index === 5) await chat.type("2,5");
      else for (const label of labels) await chat.press(label);
    }
    expect(shown().text).toContain(`Practice ${n} of 8`);
  }

  test("several choices: each press ticks or takes back, and Done answers once", async () => {
    expect(shown().actions).toEqual([]);
    await chat.press("Whose fault it is");
    expect(shown().choices).toContain("✓ Whose fault it is");
    await chat.press("✓ Whose fault it is");
    expect(shown().choices.some((label) => label.startsWith("✓"))).toBe(false);
    await chat.press("How late you will be");
    await chat.press("What they can do");
    await chat.press("Done");
    expect(answers()).toMatchObject([{ question: "pick-two", option: "a c", right: true }]);
    expect(shown().text).toContain("Practice 2 of 8");
  });

  test("several choices, typed: letters or words; one too many is not right and says why", async () => {
    const letters = shown().choices.map((label, index) => ({ label, mark: String.fromCharCode(65 + index) }));
    const mark = (label: string) => letters.find((one) => one.label === label)?.mark ?? "";
    const said = await chat.type(`${mark("How late you will be")}, What they can do, ${mark("Whose fault it is")}`);
    expect(said).toContain("Not quite.");
    expect(said).toContain("✗ Whose fault it is: That helps nobody now.");
    expect(said).toContain("✓ What they can do: Nobody waits in vain.");
  });

  test("what has no single reading is asked again, and nothing is recorded", async () => {
    expect(await chat.type("the blue one, and that other")).toContain("I did not understand");
    expect(answers()).toEqual([]);
  });

  test("true or false stand in this order for everybody", async () => {
    await goTo(2);
    expect(shown().choices).toEqual(["That is so", "That is not so"]);
    await chat.press("That is so");
    expect(answers().at(-1)).toMatchObject({ question: "is-it-so", right: false });
  });

  test("an order is pressed one after the other, and a press takes one back", async () => {
    await goTo(3);
    expect(shown().choices).not.toEqual(["See that you are late", "Write a line", "Arrive and greet"]);
    await chat.press("Write a line");
    expect(shown().choices).toContain("1. Write a line");
    await chat.press("1. Write a line");
    await chat.press("See that you are late");
    await chat.press("Write a line");
    await chat.press("Arrive and greet");
    expect(answers().at(-1)).toMatchObject({ question: "in-order", option: "see write arrive", right: true });
  });

  test("a wrong order shows the right one with its reasons", async () => {
    await goTo(3);
    const marks = shown().choices.map((_, index) => String.fromCharCode(65 + index));
    const right = ["See that you are late", "Write a line", "Arrive and greet"];
    const byLabel = new Map(shown().choices.map((label, index) => [label, marks[index]]));
    const said = await chat.type(
      [...right]
        .reverse()
        .map((label) => byLabel.get(label))
        .join(" "),
    );
    expect(said).toContain("Not quite.");
    expect(said).toContain("1. See that you are late: It begins here.");
  });

  test("what belongs together is asked one by one", async () => {
    await goTo(4);
    expect(shown().text).toContain("1 of 2: where does this belong? Calls ahead");
    await chat.press("The family");
    expect(shown().text).toContain("2 of 2: where does this belong? Plans anew");
    const said = await chat.press("The family");
    expect(answers().at(-1)).toMatchObject({ question: "who-does-what", option: "family family", right: false });
    expect(said).toContain("Practice 5 of 8");
    expect(
      chat
        .shown()
        .map((reply) => toPlain(reply.text))
        .join("\n"),
    ).toContain("Calls ahead → The mentor: Whoever is late calls.");
  });

  test.each([
    ["Message", true],
    ["a mesage", true],
    ["a letter", false],
  ])("words typed: %s", async (typed, right) => {
    await goTo(5);
    await chat.type(typed);
    expect(answers().at(-1)).toMatchObject({ question: "in-a-word", label: typed, right });
  });

  test.each([
    ["2", true],
    ["3,0", true],
    ["2.5 lines", true],
    ["3.1", false],
    ["1 000", false],
    ["-2.5", false],
  ])("a number typed: %s", async (typed, right) => {
    await goTo(6);
    await chat.type(typed);
    expect(answers().at(-1)).toMatchObject({ question: "how-many", right });
  });

  test("no number is asked again", async () => {
    await goTo(6);
    expect(await chat.type("some")).toContain("I did not understand");
    expect(answers().at(-1)).toMatchObject({ question: "in-a-word" });
  });

  test("a scale takes a press or the number itself, and judges nobody", async () => {
    await goTo(7);
    expect(shown().actions).toEqual(["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10"]);
    const said = await chat.type("10");
    expect(answers().at(-1)).toMatchObject({ question: "how-easy", label: "10", open: true });
    expect(said).not.toContain("Right.");
    expect(said).toContain("one step up is enough");
  });

  test.each(["11", "05"])("what is no place on the scale is asked again: %s", async (typed) => {
    await goTo(7);
    await chat.type(typed);
    expect(answers().at(-1)).not.toMatchObject({ question: "how-easy" });
  });

  test("a case goes on step by step", async () => {
    await goTo(8);
    expect(shown().text).toContain("Your bus stands still");
    expect(shown().text).toContain("Step 1 of 2");
    await chat.press("Go home and call tomorrow");
    expect(shown().text).toContain("Step 2 of 2");
    expect(shown().text).not.toContain("Your bus stands still");
    expect(await chat.press("Yes I may")).toContain("Lesson 1 of 1 is done");
    expect(answers().slice(-2)).toMatchObject([
      { question: "bus-first", right: false },
      { question: "bus-then", right: true },
    ]);
  });

  test("an old button of an answered question says what was answered", async () => {
    await goTo(7);
    const button = chat.button("7");
    await chat.press("7");
    const { messages } = await chat.send({ type: "press", ...button });
    expect(messages.map((one) => one.text).join("\n")).toContain("You have answered this: 7.");
    expect(answers().filter((one) => JSON.stringify(one).includes("how-easy"))).toHaveLength(1);
  });

  test("where the programme asks for it, practice asks how sure one is before it says what is right", async () => {
    await begin({ ...programme, confidence: true });
    for (const label of ["How late you will be", "What they can do", "Done"]) await chat.press(label);
    expect(shown()).toMatchObject({ choices: [], actions: ["Sure", "Not sure"] });
    expect(answers()).toEqual([]);
    // A second press of the same button is no answer to the new question.
    await chat.send({ type: "press", token: chat.shown().at(-2)?.token ?? "", option: "a" });
    expect(answers()).toEqual([]);
    await chat.press("Not sure");
    expect(answers()).toMatchObject([{ question: "pick-two", right: true, sure: false }]);
  });

  test("a half answered question keeps its place", async () => {
    await chat.press("Whose fault it is");
    world.clock.now += 40 * 86_400_000;
    await chat.command("menu");
    await chat.command("next");
    expect(shown().choices).toContain("✓ Whose fault it is");
  });

  test("the test opens when every unit is complete; a safety question must be right", async () => {
    await goTo(8);
    for (const label of ["Write how late you will be", "Yes I may"]) await chat.press(label);
    await chat.command("quiz");
    await chat.press("Start");
    const bank = programme.units[0]?.check.bank ?? [];
    for (let n = 0; n < 2; n += 1) {
      const question = bank.find((one) => shown().text.endsWith(toPlain(one.stem.en ?? [])));
      if (question?.kind !== "single") throw new Error("which question?");
      await chat.press(question.options.find((one) => one.id === question.right)?.text.en ?? "");
    }
    expect(shown().text).toContain("The final test is open.");
    expect(await chat.command("next")).toContain("The last test");
    await chat.press("Start");
    let heard = "";
    for (let n = 0; n < 2; n += 1) {
      if (shown().text.includes("Who must know")) {
        await chat.press("The emergency number");
        heard = await chat.press("Done");
      } else heard = await chat.press("Write a line");
    }
    expect(heard).toContain("Not passed yet");
    expect(await chat.command("progress")).toContain("Final test · check not passed yet, best 1 of 2");
  });
});

test("what was stored before there were kinds is read as a single choice", () => {
  const stored = compile(firstUnits[0] ?? never()).replaceAll('"kind":"single",', "");
  expect(parseCompiled(stored).units[0]?.check.bank[0]).toMatchObject({ kind: "single" });
});

function never(): never {
  throw new Error("no programme");
}

test("a programme of every kind is kept and read again as it was", async () => {
  const programme = await everyKind();
  const { calendar: _, ...kept } = programme;
  expect(parseCompiled(compile(programme))).toEqual(kept);
});
