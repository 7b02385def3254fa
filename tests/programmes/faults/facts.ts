import { type Edit, STRUCTURE } from "../sample.ts";
import type { Fault } from "./fault.ts";

const FACTS = "facts.yaml";
const one = 'F1: { source: "a book, page 3", review: 2027-11-01 }\n';
const plan = "        plan: first-plan\n";
const resting: Edit = [STRUCTURE, plan, `${plan}        facts: [F1]\n`];

/** The sample with a lesson that rests on a fact. */
export function withFacts(): readonly Edit[] {
  return [[FACTS, one], resting];
}

/** Lessons that do not say what they rest on, and facts that nobody could read again. */
export const factFaults: readonly Fault[] = [
  {
    ...{ rule: "facts", fault: "a lesson that rests on nothing", edits: [[FACTS, "{}\n"]] },
    ...{ file: STRUCTURE, at: "- id: 1.1", says: /lesson 1\.1 names no facts/ },
  },
  {
    ...{ rule: "facts", fault: "a fact without a source", edits: [resting] },
    ...{ file: STRUCTURE, at: "facts: [F1]", says: /F1 is not in facts\.yaml/ },
  },
  {
    ...{
      rule: "facts",
      fault: "a fact on which nothing rests",
      edits: [[FACTS, `${one}${one.replace("F1", "F2")}`], resting],
    },
    ...{ file: FACTS, at: "F2", says: /no lesson rests on F2/ },
  },
  {
    ...{
      rule: "structure",
      fault: "a fact whose day of review does not exist",
      edits: [[FACTS, one.replace("11-01", "02-30")], resting],
    },
    ...{ file: FACTS, at: "F1", says: /review is wrong: expected the day/ },
  },
];
