import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

/**
 * Writes a small programme for an author to begin with: one lesson and one check in English, nothing wrong in it.
 * Returns the paths of its files. Throws where the id cannot be used or the folder is there already.
 */
export async function createProgramme(folder: string, id: string): Promise<readonly string[]> {
  if (!/^(?=.{1,40}$)[a-z0-9]+(?:[.-][a-z0-9]+)*$/.test(id)) {
    throw new Error(
      `"${id}" cannot be the id of a programme: use small letters, digits and hyphens, such as first-aid`,
    );
  }
  const root = join(folder, id);
  await mkdir(folder, { recursive: true });
  try {
    await mkdir(root);
  } catch (error) {
    throw new Error(`${root} cannot be made: is it there already? Choose another id`, { cause: error });
  }
  const files = { "programme.yaml": structure(id), ...WORDS };
  const paths = Object.entries(files).map(([name, text]) => ({ path: join(root, name), text }));
  for (const { path, text } of paths) {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  }
  return paths.map((one) => one.path);
}

function structure(id: string): string {
  return `# What is the same in every language. The words are in words/<language>/. The guide: docs/writing-a-programme.md
id: ${id}
version: 0.1.0
languages: [en]

units:
  - id: 1
    lessons:
      - id: 1.1
        minutes: 3
        cards:
          - first-start
          - first-why
          - first-how
          - first-plan
        plan: first-plan
        practice:
          - id: first-recall
            right: a
          - id: first-case
            right: b

    check:
      id: unit-1-check
      minutes: 2
      draw: 2
      pass: 1
      freeAttempts: 2
      pauseHours: 24
      bank:
        - id: late-by-ten
          right: c
        - id: promise-kept
          right: a
        - id: child-in-danger
          right: b
          safety: yes
        - id: form-not-ready
          right: c
`;
}

const WORDS: Readonly<Record<string, string>> = {
  "words/en/programme.yaml": "title: My programme\n",
  "words/en/unit-1.yaml": `title: My first unit

lessons:
  1.1:
    title: Being on time
    outcome: You can tell people early when you will be late.
    cards:
      first-start: |
        Read four cards and answer two questions. This takes about **3 minutes**.
      first-why: |
        Somebody who waits does not know why. A short message ends the guessing.
      first-how: |
        A good message has two parts:

        - how late you will be
        - what the others can do meanwhile
      first-plan: |
        Take this plan with you:

        **When I see that I will be late, I will write at once.**
    practice:
      first-recall:
        question: What does a good message about a delay say?
        options:
          a:
            text: How late you will be
            why: Yes. Now the others can plan.
          b:
            text: Why it is not your fault
            why: Reasons can wait. The others need to know how long it takes.
          c:
            text: Who else has been late
            why: That helps nobody who is waiting now.
      first-case:
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

check:
  late-by-ten:
    question: You will be ten minutes late for a meeting. What do you do?
    options:
      a:
        text: Hurry and say nothing
        why: The others cannot see you hurry.
      b:
        text: Call when it is over
        why: By then nobody needs to know any more.
      c:
        text: Write it right away
        why: Yes. Early news is useful news.
  promise-kept:
    question: A father asks when you will call. What do you answer?
    options:
      a:
        text: On Tuesday before six
        why: Yes. He knows what to expect, and you can keep it.
      b:
        text: As soon as possible
        why: Nobody can plan with that.
      c:
        text: When it is important
        why: He cannot know what you will think important.
  child-in-danger:
    question: On your way in you hear that a child is being hurt. What do you do first?
    options:
      a:
        text: Knock and wait
        why: In danger every minute counts. Call first.
      b:
        text: Call 112
        why: Yes. Emergency services come first.
      c:
        text: Write it down
        why: Notes come later. Call first.
  form-not-ready:
    question: You promised a form for today, and it is not ready. What do you do?
    options:
      a:
        text: Wait to be asked
        why: Silence says that promises do not count.
      b:
        text: Say you forgot it
        why: An excuse that is not true costs more than a delay.
      c:
        text: Name a new day
        why: Yes. They know where they stand.
`,
};
