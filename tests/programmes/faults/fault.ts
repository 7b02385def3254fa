import type { RuleName } from "../../../src/programmes/problem.ts";
import { type Edit, STRUCTURE, WORDS } from "../sample.ts";

/** One fault in the sample and how it must be named. */
export interface Fault {
  readonly rule: RuleName;
  readonly fault: string;
  readonly edits: readonly Edit[];
  readonly file: string;
  /** The line that must be named: the first one that holds this text. Without it line 1. */
  readonly at?: string;
  readonly says: RegExp;
}

/** A fault in the words of the unit. */
export function inWords(rule: RuleName, fault: string, from: string, to: string, at: string, says: RegExp): Fault {
  return { rule, fault, edits: [[WORDS, from, to]], file: WORDS, at, says };
}

/** A fault in `programme.yaml`. */
export function inStructure(rule: RuleName, fault: string, from: string, to: string, at: string, says: RegExp): Fault {
  return { rule, fault, edits: [[STRUCTURE, from, to]], file: STRUCTURE, at, says };
}

// Parts of the sample that several faults change.
export const HOW = `      first-how: |
        A good message has two parts:

        - how late you will be
        - what the others can do meanwhile
`;
export const BANK_B = `      b:
        text: Call when it is over
        why: By then nobody needs to know any more.
`;
export const CASE = `      first-case:
        question: Your bus stands still. A family waits for you at five. What do you do?
        options:
          a:
            text: Explain it when you arrive
            why: Until then they wait without knowing why.
          b:
            text: Write how late you will be
            why: Yes. One line ends the guessing.
          c:
            text: Go home and call tomorrow
            why: A late visit can still be a good one. Ask first.
`;
export const WHY = "Somebody who waits does not know why. A short message ends the guessing.";
