import type { RuleName } from "../../../src/programmes/problem.ts";
import type { Fault } from "./fault.ts";
import { FRAMEWORK, FRAMEWORK_WORDS, structure, withFramework, words } from "./framework-sample.ts";

function inFile(file: string, whole: string) {
  return (rule: RuleName, fault: string, from: string, to: string, at: string, says: RegExp): Fault => {
    if (whole.split(from).length !== 2) throw new Error(`"${from}" does not stand once in ${file}`);
    return { rule, fault, edits: [...withFramework(), [file, whole.replace(from, to)]], file, at, says };
  };
}
const inFramework = inFile(FRAMEWORK, structure);
const inItsWords = inFile(FRAMEWORK_WORDS, words);

/** What nobody could be assessed by. */
export const frameworkFaults: readonly Fault[] = [
  {
    rule: "levels",
    fault: "levels with a hole",
    edits: [
      ...withFramework(),
      [FRAMEWORK, structure.replace("levels: [1, 2]", "levels: [1, 3]")],
      [FRAMEWORK_WORDS, words.replace(/^( +)2: /gm, "$13: ")],
    ],
    file: FRAMEWORK,
    at: "levels:",
    says: /level 2 is missing/,
  },
  {
    rule: "levels",
    fault: "levels from 2 on",
    edits: [
      ...withFramework(),
      [FRAMEWORK, structure.replace("levels: [1, 2]", "levels: [2]")],
      [FRAMEWORK_WORDS, words.replace(/^ +1: .*\n/gm, "")],
    ],
    file: FRAMEWORK,
    at: "levels:",
    says: /level 1 is missing/,
  },
  inFramework(
    "levels",
    "a required level that is not there",
    "stopAfter: 2",
    "stopAfter: 2\nrequired: 3",
    "required",
    /no level 3/,
  ),
  inFramework(
    "scales",
    "a value outside the scale",
    "values: [0, 1, 2, 3], holds: 2",
    "values: [0, 1, 2, 3], holds: 4",
    "holds: 4",
    /expected one of 1, 2, 3/,
  ),
  inFramework(
    "scales",
    "a scale on which everything counts as held",
    "values: [0, 1], holds: 1",
    "values: [0, 1], holds: 0",
    "holds: 0",
    /0 is no value/,
  ),
  inFramework("scales", "values out of order", "[0, 1, 2, 3]", "[0, 2, 1, 3]", "[0, 2, 1, 3]", /lowest value first/),
  inFramework("scales", "an unknown scale", "scale: often", "scale: seldom", "seldom", /no scale "seldom"/),
  inFramework(
    "framework-ids",
    "a competence twice",
    "- id: a2",
    "- id: a1\n        scale: doing\n      - id: a2",
    "- id: a1\n        scale",
    /second time/,
  ),
  inFramework(
    "framework-lessons",
    "an unknown lesson",
    "- id: b1\n        lessons: [1.1]",
    "- id: b1\n        lessons: [1.9]",
    "lessons: [1.9]",
    /no lesson 1\.9: expected one of 1\.1/,
  ),
  inFramework("status", "an unknown gate", "gate: b", "gate: d", "gate: d", /no category "d": expected one of a, b/),
  inFramework("status", "more categories than there are", "others: 1", "others: 2", "others: 2", /at most 1/),
  inFramework(
    "structure",
    "a slip in a key",
    "stopAfter: 2",
    "stopAfter: 2\nstopafter: 2",
    "stopafter",
    /stopafter is not known/,
  ),
  inItsWords(
    "words",
    "a forgotten statement",
    "      2: I can say what I heard.\n",
    "",
    "statements:\n      1: I can let",
    /2 is missing: expected the statement of level 2/,
  ),
  inItsWords("words", "a value without a text", "0: rarely, ", "", "often:", /0 is missing: expected what the value/),
  inItsWords(
    "plain",
    "stars on a card",
    "I can call it in time.",
    "I can **call** it.",
    "**call**",
    /one line without/,
  ),
  inItsWords(
    "personal-data",
    "a number in an example",
    "I looked up the number.",
    "I called 41 74 90 90.",
    "41 74",
    /phone number/,
  ),
  {
    rule: "files",
    fault: "no words in the first language",
    edits: [[FRAMEWORK, structure]],
    file: FRAMEWORK_WORDS,
    says: /missing/,
  },
];
