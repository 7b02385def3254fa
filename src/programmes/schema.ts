import { z } from "zod";
import { factId } from "./facts.ts";
import { day, each, list, name, needed, whole, words } from "./fields.ts";
import { language } from "./language.ts";
import { type QuestionStructure, question, questionWords } from "./questions.ts";

/** yes or no; no where it is left out. */
const yes = z
  .enum(["yes", "no"], { error: "expected yes or no" })
  .default("no")
  .transform((text) => text === "yes");

const lesson = z.strictObject(
  {
    id: name("the id of the lesson, such as 1.3"),
    minutes: whole(1, 15, "the minutes the lesson takes"),
    cards: list(name("the id of a card"), "the ids of the cards, in order"),
    plan: name("the id of the card with the if-then plan"),
    /** What it rests on: ids of `facts.yaml`. */
    facts: list(factId("the id of a fact"), "the facts that the lesson rests on").optional(),
    practice: list(question, "the practice questions"),
  },
  { error: "expected a lesson: id, minutes, cards, plan, practice, and where there is facts.yaml facts" },
);

const check = z.strictObject(
  {
    id: name("the id of the unit check"),
    minutes: whole(1, 15, "the minutes the check takes"),
    draw: whole(1, 50, "how many questions one attempt asks"),
    pass: whole(1, 50, "how many must be right"),
    freeAttempts: whole(1, 10, "how many attempts may follow each other at once"),
    pauseHours: whole(1, 168, "the hours between later attempts"),
    blueprint: z
      .array(
        z.strictObject(
          {
            lessons: list(name("the id of a lesson"), "the lessons"),
            draw: whole(1, 50, "how many questions come from these lessons"),
          },
          { error: "expected a line of the blueprint: lessons and draw" },
        ),
        { error: "expected the blueprint: a list of lessons and draw" },
      )
      .optional(),
    bank: list(question, "the questions of the bank"),
  },
  { error: "expected the check: id, minutes, draw, pass, freeAttempts, pauseHours, bank, and where needed blueprint" },
);

const period = z.strictObject(
  { from: day("the first day"), to: day("the last day") },
  { error: "expected a period of the calendar: from and to" },
);

const event = z.strictObject(
  {
    id: name("the id of the training day"),
    unit: name("the id of the unit it belongs to").optional(),
    kind: name("the kind of hours it counts as").default("live"),
    minutes: whole(1, 1440, "the minutes that count"),
    form: z
      .enum(["in-person", "online", "either"], { error: "expected in-person, online or either" })
      .default("either"),
    overnight: yes,
    required: z
      .enum(["yes", "no"], { error: "expected yes or no" })
      .default("yes")
      .transform((text) => text === "yes"),
    makeUp: z.enum(["any", "same"], { error: "expected any or same" }).default("same"),
  },
  { error: "expected a training day: id, minutes, and where needed unit, kind, form, overnight, required, makeUp" },
);

/** What `programme.yaml` holds: everything that is the same in every language. */
export const structureSchema = z.strictObject(
  {
    id: name("the id of the programme"),
    version: needed("a version such as 1.0.0").regex(/^(?:0|[1-9]\d*)(?:\.(?:0|[1-9]\d*)){2}$/, {
      error: "expected a version such as 1.0.0",
    }),
    languages: list(language, "the languages, the programme's own first"),
    unreviewed: z.array(language, { error: "expected a list of languages" }).default([]),
    publicLines: z.array(needed("a phone number"), { error: "expected a list of phone numbers" }).default([]),
    calendar: z.array(period, { error: "expected the calendar: a list of periods" }).default([]),
    events: z.array(event, { error: "expected the training days: a list" }).default([]),
    units: list(
      z.strictObject(
        { id: name("the id of the unit"), lessons: list(lesson, "the lessons"), check },
        { error: "expected a unit: id, lessons, check" },
      ),
      "the units",
    ),
    test: check.optional(),
    confidence: yes,
    plans: z
      .strictObject(
        { minutes: whole(0, 600, "the minutes of practice that a plan counts for") },
        { error: "expected plans: minutes" },
      )
      .optional(),
    reviewsPerDay: whole(1, 20, "how many earlier questions a day asks again").optional(),
    selfCheck: yes,
  },
  { error: "expected the programme: id, version, languages, units" },
);

export type Structure = z.output<typeof structureSchema>;
export type UnitStructure = Structure["units"][number];
export type CheckStructure = UnitStructure["check"];
export type LessonStructure = UnitStructure["lessons"][number];

function questions(of: readonly QuestionStructure[], what: string) {
  const byId = new Map(of.map((one) => [one.id, questionWords(one)]));
  return z.strictObject(Object.fromEntries(byId), { error: `expected ${what}` });
}

function lessonWords(of: LessonStructure) {
  return z.strictObject(
    {
      title: words("the title of the lesson"),
      outcome: words("what the learner can do afterwards, in one line"),
      cards: each(of.cards, () => words("the text of the card"), "the cards"),
      practice: questions(of.practice, "the practice questions"),
    },
    { error: "expected a lesson: title, outcome, cards, practice" },
  );
}

/** The schema of one unit's words in one language, made from the structure: what is missing and what is too much both fail. */
export function unitWordsSchema(unit: UnitStructure) {
  const lessons = new Map(unit.lessons.map((one) => [one.id, lessonWords(one)]));
  return z.strictObject(
    {
      title: words("the title of the unit"),
      lessons: z.strictObject(Object.fromEntries(lessons), { error: "expected the lessons" }),
      check: questions(unit.check.bank, "the questions of the check"),
    },
    { error: "expected the words of a unit: title, lessons, check" },
  );
}

/** The schema of `words/<language>/test.yaml`: the test over all units. */
export function testWordsSchema(bank: readonly QuestionStructure[]) {
  return z.strictObject(
    { title: words("the title of the test"), check: questions(bank, "the questions of the test") },
    { error: "expected the words of the test: title, check" },
  );
}

export type TestWords = z.output<ReturnType<typeof testWordsSchema>>;
export type UnitWords = z.output<ReturnType<typeof unitWordsSchema>>;

/** The schema of `words/<language>/programme.yaml`: the title, and that of each training day where there are any. */
export function programmeWordsSchema({ events }: Structure) {
  const titles = each(
    events.map(({ id }) => id),
    () => words("the title of the training day"),
    "the titles of the training days",
  );
  return z.strictObject(
    { title: words("the title of the programme"), events: events.length === 0 ? titles.optional() : titles },
    { error: "expected the words of the programme: title, and where there are training days events" },
  );
}
