import type { Edit } from "../sample.ts";
import type { Fault } from "./fault.ts";

const QUALITY = "quality.yaml";
const QUALITY_WORDS = "words/en/quality.yaml";

const structure = `owner: house
review: { on: 2026-11-01, everyMonths: 12 }
criteria:
  - { id: asked, aim: check }
  - { id: changed, aim: improve }
`;

const words = `criteria:
  asked: Learners were asked.
  changed: Something was changed.
`;

/** The sample with a quality framework. */
export function withQuality(): readonly Edit[] {
  return [
    [QUALITY, structure],
    [QUALITY_WORDS, words],
  ];
}

function fault(rule: "quality" | "structure", what: string, from: string, to: string, at: string, says: RegExp): Fault {
  if (structure.split(from).length !== 2) throw new Error(`"${from}" does not stand once in ${QUALITY}`);
  const edits: readonly Edit[] = [...withQuality(), [QUALITY, structure.replace(from, to)]];
  return { rule, fault: what, edits, file: QUALITY, at, says };
}

/** A quality framework that nobody could report on. */
export const qualityFaults: readonly Fault[] = [
  fault(
    "quality",
    "a criterion twice",
    "  - { id: changed, aim: improve }\n",
    "  - { id: changed, aim: improve }\n  - { id: asked, aim: do }\n",
    "  - { id: asked, aim: do }",
    /another criterion has the id "asked"/,
  ),
  fault("structure", "a review on no day", "2026-11-01", "2026-02-30", "on: 2026-02-30", /a day such as/),
  fault("structure", "a review that holds for ever", "everyMonths: 12", "everyMonths: 0", "everyMonths", /1 to 60/),
  fault(
    "structure",
    "no criteria",
    structure.slice(structure.indexOf("criteria:")),
    "criteria: []\n",
    "criteria: []",
    /at least one line/,
  ),
  fault(
    "structure",
    "an owner who is a person",
    "owner: house",
    "owner: maria",
    "owner: maria",
    /a role and no person/,
  ),
  fault("structure", "an unknown aim", "aim: check", "aim: money", "aim: money", /expected what it is about: body/),
  {
    rule: "words",
    fault: "a criterion without words",
    edits: [...withQuality(), [QUALITY_WORDS, words.replace("  changed: Something was changed.\n", "")]],
    file: QUALITY_WORDS,
    at: "criteria:",
    says: /changed is missing: expected the criterion/,
  },
];
