import { expect } from "vitest";
import type { Programme, Question } from "../../src/domain/programme.ts";
import { toPlain } from "../../src/engine/markup.ts";
import { loadProgrammes } from "../../src/programmes/load.ts";
import { familyMentor } from "../support/packs.ts";
import type { Player, Shown } from "../support/players.ts";
import { single } from "../support/questions.ts";

const [found] = (await loadProgrammes(familyMentor())).programmes;
if (found === undefined) throw new Error("there is no programme to play");
/** The programme that is played; what a learner knows who has studied it. */
export const programme: Programme = found;
const unit = first(programme.units);

export { unit };

/** How long an answer may take on a busy machine, with the pace at which platforms take messages. */
const patienceMs = 60_000;

export interface LearnerOptions {
  /** Whether this platform can show a picture on loopback. */
  readonly picture: boolean;
}

/** Somebody who reads what stands there and answers it, whatever the platform. */
export function createLearner(player: Player) {
  /** Waits until a message that came after the first `from` ones fits, and gives it. */
  async function sees(what: RegExp, from: number): Promise<Shown> {
    const until = performance.now() + patienceMs;
    for (;;) {
      const messages = await player.messages();
      const fits = messages.slice(from).findLast(({ text }) => what.test(flat(text)));
      if (fits) return fits;
      if (performance.now() > until) {
        const last = messages.slice(-3).map(({ text, buttons }) => `${flat(text)} [${buttons.join(" | ")}]`);
        throw new Error(`waited for ${what} and saw:\n${last.join("\n")}`);
      }
      await player.change();
    }
  }
  const after = async (act: () => Promise<void>, what: RegExp): Promise<Shown> => {
    const from = (await player.messages()).length;
    await act();
    return sees(what, from);
  };
  return {
    player,
    begin: (what: RegExp) => after(player.begin, what),
    say: (text: string, what: RegExp) => after(() => player.say(text), what),
    press: (label: string, what: RegExp) => after(() => player.press(label), what),
    /** Waits for the newest message to have a button. */
    async button(label: string): Promise<void> {
      const until = performance.now() + patienceMs;
      while (!(await player.messages()).at(-1)?.buttons.includes(label)) {
        if (performance.now() > until) throw new Error(`the button "${label}" does not come`);
        await player.change();
      }
    },
    /** The last few messages, as one text. */
    lately: async (count: number) =>
      (await player.messages())
        .slice(-count)
        .map(({ text }) => flat(text))
        .join(" "),
  };
}

export type Learner = ReturnType<typeof createLearner>;

/** A text in one line. */
export function flat(text: string): string {
  return text.replace(/\s+/gu, " ").trim();
}

/** Letters and digits only: how a text is known again on every platform. */
function bare(text: string): string {
  return text.replace(/[^\p{L}\p{N}]+/gu, "");
}

export function first<T>(list: readonly T[]): T {
  const [one] = list;
  if (one === undefined) throw new Error("an empty list");
  return one;
}

/** The question that a message asks. */
export function questionIn(shown: Pick<Shown, "text">, among: readonly Question[]): Question {
  const text = bare(shown.text);
  const known = among.filter((question) => text.includes(bare(toPlain(question.stem.en ?? []))));
  if (known.length !== 1) throw new Error(`${known.length} questions are asked by: ${flat(shown.text)}`);
  return first(known);
}

/** The label of the right option, or of the first wrong one as the programme lists them. */
export function labelOf(question: Question, right: boolean): string {
  return optionOf(question, right).text.en ?? "";
}

export function optionOf(question: Question, right: boolean) {
  return first(single(question).options.filter((option) => (option.id === single(question).right) === right));
}

/** The mark in front of an answer, read from the buttons or from the printed lines. */
export function markOf(shown: Pick<Shown, "text" | "buttons">, label: string): string {
  const places = [...shown.buttons, flat(shown.text)];
  for (const place of places) {
    const at = place.lastIndexOf(label);
    const mark = at < 0 ? undefined : /(?:^|\s)([A-H]|[1-9])\)?\s*$/u.exec(place.slice(0, at))?.[1];
    if (mark !== undefined) return mark;
  }
  throw new Error(`no mark stands before "${label}" in: ${places.join(" // ")}`);
}

/** How an answer is given: pressed, typed as its mark, or typed in its own words. */
export type Way = "press" | "mark" | "words";

export async function answer(
  learner: Learner,
  shown: Shown,
  question: Question,
  right: boolean,
  way: Way,
  then: RegExp,
): Promise<Shown> {
  const label = labelOf(question, right);
  const mark = markOf(shown, label);
  if (way === "press") return learner.press(mark, then);
  return learner.say(way === "mark" ? mark : label, then);
}

/** The whole journey of one learner: from the first word to the passed check, stop and start. */
export async function playJourney(player: Player, options: LearnerOptions): Promise<void> {
  const learner = createLearner(player);
  const welcome = await learner.begin(/Which language shall we use\?/);
  for (const line of [/Fadder/, /coordinator/, /how often/, /stop/]) expect(flat(welcome.text)).toMatch(line);
  await learner.press(markOf(welcome, "English"), /On which days/);
  const days = await learner.say("monday to friday", /At what time\?/);
  await learner.press(markOf(days, "08:00"), /Your first lesson is ready/);
  for (const index of unit.lessons.keys()) await playLesson(learner, index);
  await browse(learner, options);
  await takeCheck(learner, 4);
  await takeCheck(learner, 0);
  const progress = await learner.say("progress", /Your progress/);
  expect(flat(progress.text)).toMatch(/6 of 6 lessons · check passed, 8 of 8 right/);
  await learner.say("stop", /You will get no more messages/);
  await learner.say("start", /Welcome back\. Your place and your results are here/);
}

async function playLesson(learner: Learner, index: number): Promise<void> {
  const lesson = unit.lessons[index];
  if (!lesson) throw new Error(`there is no lesson ${index + 1}`);
  const where = `Lesson ${index + 1} of 6 · about ${lesson.minutes} minutes`;
  const cards = lesson.cards.length;
  const opening = new RegExp(`${where} Card 1 of ${cards}`);
  await (index === 0
    ? learner.press("First lesson", opening)
    : index % 2 === 0
      ? learner.say("next", opening)
      : learner.press("Next lesson", opening));
  for (let card = 2; card <= cards; card += 1) {
    const shown = new RegExp(`${where} Card ${card} of ${cards}`);
    await (card % 3 === 0 ? learner.say("Next", shown) : learner.press("Next", shown));
    if (index === 0 && card === 2) {
      await learner.player.press("Save card");
      await learner.button("Remove card");
    }
  }
  const one = await learner.press("Next", /Practice 1 of 2/);
  const wrong = questionIn(one, lesson.practice);
  const two = await answer(learner, one, wrong, false, index % 2 === 0 ? "press" : "mark", /Practice 2 of 2/);
  expect(await learner.lately(3)).toContain("Not quite.");
  const right = questionIn(two, lesson.practice);
  await answer(learner, two, right, true, index % 3 === 0 ? "words" : "press", /When will you try it\?/);
  const done = new RegExp(`Lesson ${index + 1} of 6 is done`);
  await (index % 2 === 0 ? learner.press("Not this one", done) : learner.say("in a week", done));
}

/** Between lessons and check: what was saved, what can be found, where one stands. */
async function browse(learner: Learner, options: LearnerOptions): Promise<void> {
  const card = first(first(unit.lessons).cards.slice(1));
  const saved = await learner.say("saved", /Your saved cards: 1/);
  expect(bare(saved.text)).toContain(bare(toPlain(card.text.en ?? [])).slice(0, 60));
  const word = first([...toPlain(card.text.en ?? []).matchAll(/\p{L}{7,}/gu)])[0];
  await learner.say(`find ${word}`, new RegExp(`“${word}” stands in \\d lesson`));
  const progress = await learner.say("progress", /Your progress.*6 of 6 lessons · check not taken yet/);
  if (!options.picture) return;
  const until = performance.now() + patienceMs;
  while (!(await learner.player.messages()).slice(-2).some(({ picture }) => picture)) {
    if (performance.now() > until) throw new Error(`no picture came with: ${flat(progress.text)}`);
    await learner.player.change();
  }
}

/** The unit check with so many wrong answers at its beginning. */
async function takeCheck(learner: Learner, wrong: number): Promise<void> {
  const { draw, bank } = unit.check;
  await learner.say("quiz", /You pass with 6 right/);
  let shown = await learner.press("Start", new RegExp(`Question 1 of ${draw}`));
  for (let n = 1; n <= draw; n += 1) {
    const right = n > wrong;
    const then =
      n < draw ? new RegExp(`Question ${n + 1} of ${draw}`) : wrong > 0 ? /Not passed yet/ : /Passed: 8 of 8/;
    shown = await answer(learner, shown, questionIn(shown, bank), right, n % 2 === 0 ? "mark" : "press", then);
    expect(await learner.lately(3)).toContain(right ? "Right." : "Not quite.");
  }
}
