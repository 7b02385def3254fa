import type { Edit } from "../sample.ts";

export const FRAMEWORK = "framework.yaml";
export const FRAMEWORK_WORDS = "words/en/framework.yaml";

/** Two categories, three competences, two levels: the smallest framework in which every rule has something to say. */
export const structure = `id: sample-framework
version: 1.0.0
levels: [1, 2]
scales:
  - { id: doing, values: [0, 1, 2, 3], holds: 2 }
  - { id: often, values: [0, 1], holds: 1 }
stopAfter: 2
status: { gate: b, others: 1, lag: 1 }
categories:
  - id: a
    mayLag: 1
    competences:
      - id: a1
        lessons: [1.1]
      - id: a2
        scale: often
  - id: b
    competences:
      - id: b1
        lessons: [1.1]
`;

export const words = `title: What a helper can do
about: Two things that helpers learn.
levels:
  1: { name: Beginner, short: Knows the rules. }
  2: { name: Independent, short: Acts alone. }
scales:
  doing: { 0: not yet, 1: with help, 2: on my own, 3: also when it is difficult }
  often: { 0: rarely, 1: mostly }
categories:
  a: Being there
  b: Safety
competences:
  a1:
    title: Being on time
    example: On Monday I wrote before I was late.
    statements:
      1: I can say when I will be late.
      2: I can plan so that I am rarely late.
  a2:
    title: Listening
    example: Yesterday I asked one more question.
    statements:
      1: I can let somebody finish.
      2: I can say what I heard.
  b1:
    title: Calling for help
    example: Last week I looked up the number.
    statements:
      1: I can name the number to call.
      2: I can call it in time.
`;

/** The framework in the sample, in English, and in any other languages with the same words. */
export function withFramework(...languages: readonly string[]): readonly Edit[] {
  return [[FRAMEWORK, structure], ...["en", ...languages].map((one): Edit => [`words/${one}/framework.yaml`, words])];
}
