import { competencesOf, type Framework } from "../../src/domain/framework.ts";
import type { Programme } from "../../src/domain/programme.ts";
import { programmes } from "./chat.ts";

const lines = (en: string) => ({ en, bg: `${en} (на български)` });

/** Two categories with two competences of three levels, in English and Bulgarian; `b` is the gate. */
export const framework: Framework = {
  id: "small",
  version: "1.0.0",
  languages: ["en", "bg"],
  unreviewed: ["bg"],
  title: lines("What a mentor can do"),
  about: lines("Four things."),
  levels: ["Beginner", "Independent", "Guiding"].map((name, index) => ({
    level: index + 1,
    name: lines(name),
    short: lines(`${name}.`),
  })),
  scales: [
    {
      id: "doing",
      values: ["not yet", "with help", "on my own", "also when it is difficult"].map((text, value) => ({
        value,
        text: lines(text),
      })),
      holds: 2,
    },
  ],
  stopAfter: 2,
  required: 1,
  status: { gate: "b", others: 1, lag: 1 },
  categories: [
    {
      id: "a",
      title: lines("My role"),
      mayLag: 1,
      competences: [competence("a1", "Limits"), competence("a2", "Growth")],
    },
    {
      id: "b",
      title: lines("Safety"),
      mayLag: 0,
      competences: [competence("b1", "Silence"), competence("b2", "Alarm")],
    },
  ],
};

function competence(id: string, title: string) {
  return {
    id,
    title: lines(title),
    example: lines(`An example of ${title.toLowerCase()}`),
    scale: "doing",
    lessons: [id === "b2" ? "1.5" : "1.1"],
    statements: [1, 2, 3].map((level) => ({ level, text: lines(`I can do ${id} at level ${level}.`) })),
  };
}

/** The first programme with this framework. */
export const assessed: readonly Programme[] = programmes.slice(0, 1).map((programme) => ({ ...programme, framework }));

/** The levels that all answers "on my own" give. */
export const top = Object.fromEntries(competencesOf(framework).map(({ id }) => [id, framework.levels.length]));
