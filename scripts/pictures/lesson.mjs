// A learner in the built engine, without platform and database: a turn is a pure function.
import { fileURLToPath } from "node:url";
import { script } from "../../dist/dialogs/index.js";
import { seeded } from "../../dist/src/domain/random.js";
import { emptySession } from "../../dist/src/engine/session.js";
import { takeTurn } from "../../dist/src/engine/turn.js";
import { createCatalogue } from "../../dist/src/programmes/catalogue.js";
import { loadProgrammes } from "../../dist/src/programmes/load.js";
import { loadWords } from "../../dist/src/words.js";

const folder = (name) => fileURLToPath(new URL(`../../${name}`, import.meta.url));
const programmes = (await loadProgrammes(folder("programmes"))).programmes.filter(({ id }) => id === "family-mentor");

/** The texts of the interface. */
export const words = loadWords(folder("words"));

/** The label of the right answer among the labels that a practice question shows. */
export function rightAnswer(labels) {
  for (const { practice } of programmes.flatMap((programme) => programme.units).flatMap((unit) => unit.lessons)) {
    for (const { options, right } of practice) {
      if (options.every((option) => labels.includes(option.text.en)))
        return options.find(({ id }) => id === right).text.en;
    }
  }
  throw new Error(`no practice question has the answers ${labels.join(" | ")}`);
}

/** What a learner does who has pressed "First lesson": on to the first practice question. */
export function toFirstQuestion(learner) {
  learner.send({ type: "command", name: "start", args: "" });
  for (const label of ["English", "Monday to Friday", "08:00", "First lesson"]) learner.press(label);
  while (learner.newest().choices === undefined) learner.press("Next");
}

/** Presses an answer to the open question. */
export function answer(learner, right) {
  const labels = learner.newest().choices.map((choice) => choice.label);
  const best = rightAnswer(labels);
  learner.press(right ? best : labels.find((label) => label !== best));
}

/** Somebody new. `shown` is what stands in the chat, the newest last; `send` gives what one turn says. */
export function createLearner() {
  const random = seeded(7);
  const tokens = new Map();
  let drawn = 0;
  let chat = [];
  let snapshot = { person: newcomer, session: emptySession, progress: null };

  function send(input) {
    const meaning = tokens.get(input.token);
    const token = meaning && { token: input.token, mine: true, meaning, answered: null };
    const decision = takeTurn(script, { ...snapshot, token }, input, {
      now: Date.UTC(2026, 2, 3, 9),
      random,
      id: () => `example${String(drawn++).padStart(4, "0")}`,
      words,
      content: createCatalogue(programmes, []),
      publicUrl: undefined,
    });
    snapshot = decision;
    for (const effect of decision.effects) if (effect.type === "token") tokens.set(effect.token, effect.meaning);
    for (const { reply, edits } of decision.replies) {
      const place = chat.findIndex((shown) => edits !== undefined && shown.token === edits);
      chat = place < 0 ? [...chat, reply] : chat.map((shown, index) => (index === place ? reply : shown));
    }
    return decision.replies;
  }

  return {
    send,
    shown: () => chat,
    newest: () => chat[chat.length - 1],
    /** Presses the newest button with this label. */
    press(label) {
      const found = chat.flatMap(({ token, choices = [], actions = [] }) =>
        [...choices, ...actions].filter((one) => one.label === label).map(({ option }) => ({ token, option })),
      );
      if (found.length === 0) throw new Error(`nobody shows a button "${label}"`);
      return send({ type: "press", ...found[found.length - 1] });
    },
  };
}

const newcomer = {
  id: "learner",
  name: "",
  language: null,
  secondLanguage: null,
  timeZone: "Europe/Copenhagen",
  timeZoneKnown: true,
  rhythm: null,
  pausedUntil: null,
  stopped: false,
  roles: [],
};
