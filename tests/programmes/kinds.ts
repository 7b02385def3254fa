import { type Edit, STRUCTURE, WORDS } from "./sample.ts";

const structure = `        practice:
          - id: pick-two
            kind: multiple
            options: [a, b, c, d]
            right: [a, c]
          - id: is-it-so
            kind: true-false
            right: "false"
          - id: in-order
            kind: ordering
            options: [see, write, arrive]
          - id: who-does-what
            kind: matching
            options: [call, plan]
            targets: [mentor, family]
            right: { call: mentor, plan: family }
          - id: in-a-word
            kind: text
          - id: how-many
            kind: number
            right: 2.5
            within: 0.5
          - id: how-easy
            kind: scale
          - id: a-late-bus
            kind: case
            steps:
              - id: bus-first
                right: b
              - id: bus-then
                kind: true-false
                right: "true"
`;

const words = `    practice:
      pick-two:
        question: What belongs into a message about a delay?
        options:
          a: { text: How late you will be, why: They can plan. }
          b: { text: Whose fault it is, why: That helps nobody now. }
          c: { text: What they can do, why: Nobody waits in vain. }
          d: { text: How you feel about it, why: That can wait. }
      is-it-so:
        question: Somebody who waits always knows why.
        options:
          "true": { text: That is so, why: They cannot see your bus. }
          "false": { text: That is not so, why: They cannot see your bus. }
      in-order:
        question: What comes first?
        options:
          see: { text: See that you are late, why: It begins here. }
          write: { text: Write a line, why: Early news is useful news. }
          arrive: { text: Arrive and greet, why: Now you are there. }
      who-does-what:
        question: Who does what?
        options:
          call: { text: Calls ahead, why: Whoever is late calls. }
          plan: { text: Plans anew, why: It is their evening. }
        targets: { mentor: The mentor, family: The family }
      in-a-word:
        question: What do you write? One word.
        accepted: [message, a message]
        why: A short message ends the guessing.
      how-many:
        question: How many lines does it need?
        why: Two or three lines are enough.
      how-easy:
        question: How easy is it for you to write early?
        low: hard
        high: easy
        why: Wherever you stand, one step up is enough.
      a-late-bus:
        question: Your bus stands still, and a family waits for you at five.
        steps:
          bus-first:
            question: What do you do?
            options:
              a: { text: Explain it when you arrive, why: Until then they wait. }
              b: { text: Write how late you will be, why: One line ends the guessing. }
              c: { text: Go home and call tomorrow, why: Ask first. }
          bus-then:
            question: They offer half past five. You may say yes.
            options:
              "true": { text: Yes I may, why: It is their offer. }
              "false": { text: No I may not, why: It is their offer. }

`;

const test = `
test:
  id: last-test
  minutes: 2
  draw: 2
  pass: 2
  freeAttempts: 1
  pauseHours: 24
  blueprint:
    - lessons: ["1.1"]
      draw: 2
  bank:
    - id: test-one
      right: a
      lesson: "1.1"
    - id: test-two
      kind: multiple
      options: [a, b, c, d]
      right: [b, d]
      lesson: "1.1"
      safety: yes
    - id: test-three
      right: a
      lesson: "1.1"
    - id: test-four
      right: a
      lesson: "1.1"
`;

const single = (id: string) => `  ${id}:
    question: The bus is late, ${id}. What now?
    options:
      a: { text: Write a line, why: It helps. }
      b: { text: Say nothing, why: They wait. }
      c: { text: Turn around, why: Ask first. }
`;

const testWords = `title: The last test
check:
${["test-one", "test-three", "test-four"].map(single).join("")}  test-two:
    question: Who must know of a danger?
    options:
      a: { text: The neighbours, why: It is not theirs. }
      b: { text: The emergency number, why: It is there for that. }
      c: { text: Nobody at all, why: Danger is never private. }
      d: { text: Your coordinator, why: The same day. }
`;

/** Makes the sample a programme with every kind of question and a test at the end. */
export function kindsEdits(before: { readonly structure: string; readonly words: string }): readonly Edit[] {
  const practice = /^ {8}practice:\n[\s\S]*?(?=\n {4}check:)/mu;
  const wordsOf = /^ {4}practice:\n[\s\S]*?(?=^check:)/mu;
  return [
    [STRUCTURE, `${before.structure.replace(practice, structure)}${test}`],
    [WORDS, before.words.replace(wordsOf, words)],
    ["words/en/test.yaml", testWords],
  ];
}
