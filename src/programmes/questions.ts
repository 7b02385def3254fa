import { z } from "zod";
import { decimal, each, list, name, needed, whole, words } from "./fields.ts";

const id = name("the id of the question");
/** More than these no chat can show beside other buttons. */
const mostOptions = 12;
const optionIds = list(name("the id of an option"), "the ids of the options").max(mostOptions, {
  error: `expected at most ${mostOptions} options`,
});
const order = z.enum(["shuffled", "fixed"], { error: "expected shuffled or fixed" }).default("shuffled");
/** What every question may say beside its kind. */
const common = {
  safety: z
    .enum(["yes", "no"], { error: "expected yes or no" })
    .default("no")
    .transform((text) => text === "yes"),
  lesson: name("the id of the lesson that explains the question").optional(),
};

const kinds = ["single", "true-false", "multiple", "ordering", "matching", "text", "number", "scale"] as const;

const single = z.strictObject(
  {
    kind: z.literal("single"),
    id,
    options: optionIds.default(["a", "b", "c"]),
    right: name("the id of the one right option"),
    order,
    ...common,
  },
  { error: "expected a question: id, right, and where needed kind, safety, order, options, lesson" },
);

const trueFalse = z
  .strictObject(
    {
      kind: z.literal("true-false"),
      id,
      right: z.enum(["true", "false"], { error: "expected true or false" }),
      ...common,
    },
    { error: "expected a true-or-false question: id, kind, right, and where needed safety, lesson" },
  )
  .transform((read) => ({ ...read, options: ["true", "false"], order: "fixed" as const }));

const multiple = z.strictObject(
  {
    kind: z.literal("multiple"),
    id,
    options: optionIds,
    right: list(name("the id of a right option"), "the right options"),
    order,
    ...common,
  },
  { error: "expected a multiple choice: id, kind, options, right, and where needed safety, order, lesson" },
);

const ordering = z.strictObject(
  { kind: z.literal("ordering"), id, options: optionIds, ...common },
  { error: "expected an ordering: id, kind, options in the right order, and where needed safety, lesson" },
);

const matching = z.strictObject(
  {
    kind: z.literal("matching"),
    id,
    options: optionIds,
    targets: list(name("the id of a target"), "the ids of the targets").max(mostOptions, {
      error: `expected at most ${mostOptions} targets`,
    }),
    right: z.record(z.string(), name("the id of a target"), { error: "expected the target of each option" }),
    ...common,
  },
  { error: "expected a matching: id, kind, options, targets, right, and where needed safety, lesson" },
);

const text = z.strictObject(
  { kind: z.literal("text"), id, ...common },
  { error: "expected a question of words: id, kind, and where needed safety, lesson" },
);

const number = z.strictObject(
  {
    kind: z.literal("number"),
    id,
    right: decimal("the right number"),
    within: decimal("how far off is still right")
      .refine((value) => value >= 0, { error: "expected how far off is still right: 0 or more" })
      .default(0),
    ...common,
  },
  { error: "expected a question of a number: id, kind, right, and where needed within, safety, lesson" },
);

const scale = z.strictObject(
  {
    kind: z.literal("scale"),
    id,
    right: z
      .strictObject(
        { from: whole(0, 10, "the lowest right place"), to: whole(0, 10, "the highest right place") },
        { error: "expected from and to" },
      )
      .refine(({ from, to }) => from <= to, { error: "expected from to be no more than to" })
      .optional(),
    ...common,
  },
  { error: "expected a scale: id, kind, and where needed right, safety, lesson" },
);

/** A question without a kind is a single choice; so are those that were stored before there were kinds. */
export const withKind = (value: unknown): unknown =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !("kind" in value)
    ? { ...value, kind: "single" }
    : value;

const simple = z.preprocess(
  withKind,
  z.discriminatedUnion("kind", [single, trueFalse, multiple, ordering, matching, text, number, scale], {
    error: `expected a question; its kind is one of ${kinds.join(", ")}`,
  }),
);

const caseOf = z.strictObject(
  { kind: z.literal("case"), id, steps: list(simple, "the steps of the case"), ...common },
  { error: "expected a case: id, kind, steps, and where needed safety, lesson" },
);

/** A question as the structure has it. */
export const question = z.preprocess(
  withKind,
  z.discriminatedUnion("kind", [single, trueFalse, multiple, ordering, matching, text, number, scale, caseOf], {
    error: `expected a question; its kind is one of ${[...kinds, "case"].join(", ")}`,
  }),
);

export type QuestionStructure = z.output<typeof question>;

const option = z.strictObject(
  { text: words("the words of the option"), why: words("why it is right or not, in one or two sentences") },
  { error: "expected an option: text and why" },
);
const stem = words("the question");
const why = words("why the answer is right, in one or two sentences");

/** The words of a question in one language. Absent parts are empty, so that all kinds read alike. */
export interface QuestionWords {
  readonly question: string;
  readonly options: Readonly<Record<string, { readonly text: string; readonly why: string }>>;
  readonly targets: Readonly<Record<string, string>>;
  readonly accepted: readonly string[];
  readonly why: string;
  readonly low: string;
  readonly high: string;
  readonly steps: Readonly<Record<string, QuestionWords>>;
}

const none = { options: {}, targets: {}, accepted: [], why: "", low: "", high: "", steps: {} };

/** The schema of a question's words, made from its structure. */
export function questionWords(of: QuestionStructure): z.ZodType<QuestionWords> {
  const filled = <T extends Partial<QuestionWords>>(read: T) => ({ ...none, question: "", ...read });
  switch (of.kind) {
    case "single":
    case "true-false":
    case "multiple":
    case "ordering":
      return z
        .strictObject(
          { question: stem, options: each(of.options, () => option, "the options") },
          { error: "expected a question: question and options" },
        )
        .transform(filled);
    case "matching":
      return z
        .strictObject(
          {
            question: stem,
            options: each(of.options, () => option, "the options"),
            targets: each(of.targets, () => words("the words of the target"), "the targets"),
          },
          { error: "expected a matching: question, options and targets" },
        )
        .transform(filled);
    case "text":
      return z
        .strictObject(
          {
            question: stem,
            accepted: list(needed("an answer that is right").min(1), "the answers that are right"),
            why,
          },
          { error: "expected a question of words: question, accepted and why" },
        )
        .transform(filled);
    case "number":
      return z
        .strictObject({ question: stem, why }, { error: "expected a question of a number: question and why" })
        .transform(filled);
    case "scale":
      return z
        .strictObject(
          { question: stem, low: words("what 0 means"), high: words("what 10 means"), why },
          { error: "expected a scale: question, low, high and why" },
        )
        .transform(filled);
    case "case":
      return z
        .strictObject(
          {
            question: words("what the case is about"),
            steps: z.strictObject(Object.fromEntries(of.steps.map((one) => [one.id, questionWords(one)])), {
              error: "expected the steps",
            }),
          },
          { error: "expected a case: question and steps" },
        )
        .transform(filled);
  }
}
