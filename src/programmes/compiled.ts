import { z } from "zod";
import type { Programme } from "../domain/programme.ts";
import { qualityAims, qualityOwners } from "../domain/quality.ts";
import type { Rule } from "../domain/requirements.ts";
import type { Block, Inline } from "../engine/markup.ts";
import { withKind } from "./questions.ts";

/** A programme as one text: kept in the database so that every version that was ever taught stays playable. */
export function compile(programme: Programme): string {
  return JSON.stringify(programme);
}

/** Reads what `compile` wrote. Throws where the text is something else. */
export function parseCompiled(text: string): Programme {
  return programmeSchema.parse(JSON.parse(text));
}

const inlineSchema: z.ZodType<Inline> = z.lazy(() =>
  z.discriminatedUnion("type", [
    z.object({ type: z.literal("text"), value: z.string() }),
    z.object({ type: z.literal("strong"), children: z.array(inlineSchema) }),
    z.object({ type: z.literal("emphasis"), children: z.array(inlineSchema) }),
    z.object({ type: z.literal("link"), url: z.string(), children: z.array(inlineSchema) }),
    z.object({ type: z.literal("break") }),
  ]),
);

const blockSchema: z.ZodType<Block> = z.discriminatedUnion("type", [
  z.object({ type: z.literal("paragraph"), children: z.array(inlineSchema) }),
  z.object({ type: z.literal("list"), ordered: z.boolean(), items: z.array(z.array(inlineSchema)) }),
]);

const markup = z.record(z.string(), z.array(blockSchema));
const line = z.record(z.string(), z.string());

const common = { id: z.string(), stem: markup, safety: z.boolean(), lesson: z.string().optional() };
const options = z.array(z.object({ id: z.string(), text: line, feedback: markup }));
const order = z.enum(["shuffled", "fixed"]);

const simple = [
  z.object({ kind: z.literal("single"), ...common, options, right: z.string(), order }),
  z.object({ kind: z.literal("multiple"), ...common, options, right: z.array(z.string()), order }),
  z.object({ kind: z.literal("ordering"), ...common, options }),
  z.object({
    kind: z.literal("matching"),
    ...common,
    options,
    targets: z.array(z.object({ id: z.string(), text: line })),
    right: z.record(z.string(), z.string()),
  }),
  z.object({
    kind: z.literal("text"),
    ...common,
    accepted: z.record(z.string(), z.array(z.string())),
    feedback: markup,
  }),
  z.object({ kind: z.literal("number"), ...common, right: z.number(), within: z.number(), feedback: markup }),
  z.object({
    kind: z.literal("scale"),
    ...common,
    ends: z.object({ low: line, high: line }),
    right: z.object({ from: z.number(), to: z.number() }).optional(),
    feedback: markup,
  }),
] as const;

const steps = z.array(z.discriminatedUnion("kind", simple));
const questionSchema = z.preprocess(
  withKind,
  z.discriminatedUnion("kind", [...simple, z.object({ kind: z.literal("case"), ...common, steps })]),
);

const lessonSchema = z.object({
  id: z.string(),
  title: line,
  outcome: line,
  minutes: z.number(),
  cards: z.array(z.object({ id: z.string(), text: markup })),
  practice: z.array(questionSchema),
});

const checkSchema = z.object({
  id: z.string(),
  minutes: z.number(),
  bank: z.array(questionSchema),
  draw: z.number(),
  blueprint: z.array(z.object({ lessons: z.array(z.string()), draw: z.number() })).optional(),
  pass: z.number(),
  freeAttempts: z.number(),
  pauseHours: z.number(),
});

const frameworkSchema = z.object({
  id: z.string(),
  version: z.string(),
  languages: z.array(z.string()),
  unreviewed: z.array(z.string()),
  title: line,
  about: line,
  levels: z.array(z.object({ level: z.number(), name: line, short: line })),
  scales: z.array(
    z.object({ id: z.string(), values: z.array(z.object({ value: z.number(), text: line })), holds: z.number() }),
  ),
  stopAfter: z.number(),
  required: z.number(),
  status: z.object({ gate: z.string(), others: z.number(), lag: z.number() }),
  categories: z.array(
    z.object({
      id: z.string(),
      title: line,
      mayLag: z.number(),
      competences: z.array(
        z.object({
          id: z.string(),
          title: line,
          example: line,
          scale: z.string(),
          lessons: z.array(z.string()),
          statements: z.array(z.object({ level: z.number(), text: line })),
        }),
      ),
    }),
  ),
});

const within = z.enum(["ever", "year", "term"]);
const atLeast = z.number();
const ruleSchema: z.ZodType<Rule> = z.lazy(() =>
  z.discriminatedUnion("is", [
    z.object({
      is: z.literal("hours"),
      kind: z.string().optional(),
      unit: z.string().optional(),
      minutes: z.number(),
      within,
    }),
    z.object({ is: z.literal("attendance"), days: z.array(z.string()), atLeast, share: z.number(), within }),
    z.object({ is: z.literal("passed"), units: z.array(z.string()) }),
    z.object({ is: z.literal("level"), atLeast: atLeast.optional(), within }),
    z.object({ is: z.literal("evidence"), per: z.enum(["all", "category", "competence"]), atLeast, within }),
    z.object({ is: z.literal("rating"), atLeast, assessors: z.number(), within }),
    z.object({ is: z.literal("meeting"), atLeast, within }),
    z.object({ is: z.literal("check"), check: z.string(), within }),
    z.object({ is: z.literal("agreement"), agreement: z.string(), within }),
    z.object({ is: z.literal("consultation"), atLeast, within }),
    z.object({ is: z.literal("stage"), stage: z.string() }),
    z.object({ is: z.literal("all"), of: z.array(ruleSchema) }),
    z.object({ is: z.literal("any"), atLeast, of: z.array(ruleSchema) }),
  ]),
);

const source = z.object({ kind: z.string(), minutes: z.number() }).optional();
const hoursSchema = z.object({
  minutesPerHour: z.number(),
  yearStarts: z.number(),
  yearly: z.boolean(),
  kinds: z.array(z.object({ id: z.string(), title: line })),
  targets: z.array(z.object({ kind: z.string(), minutes: z.number() })),
  sources: z.object({
    lesson: source,
    check: source,
    selfAssessment: source,
    evidence: source,
    plan: z.object({ kind: z.string() }).optional(),
  }),
});

const certificationSchema = z.object({
  stages: z.array(z.object({ id: z.string(), title: line, requires: ruleSchema })),
  agreements: z.array(z.object({ id: z.string(), version: z.string(), title: line, text: markup })),
  checks: z.array(z.object({ id: z.string(), title: line })),
  certificates: z.array(
    z.object({
      id: z.string(),
      title: line,
      neutralTitle: line.optional(),
      level: z.number().optional(),
      requires: ruleSchema,
      decision: z.object({ assessors: z.number(), external: z.boolean(), countersign: z.boolean() }),
      validity: z.object({
        months: z.number(),
        windowDays: z.number(),
        graceDays: z.number(),
        extensionMonths: z.number(),
        reminders: z.array(z.number()),
        renewal: ruleSchema,
      }),
    }),
  ),
});

const eventSchema = z.object({
  id: z.string(),
  title: line,
  unit: z.string().optional(),
  kind: z.string(),
  minutes: z.number(),
  form: z.enum(["in-person", "online", "either"]),
  overnight: z.boolean(),
  required: z.boolean(),
  makeUp: z.enum(["any", "same"]),
});

const qualitySchema = z.object({
  owner: z.enum(qualityOwners),
  review: z.object({ on: z.string(), everyMonths: z.number() }),
  criteria: z.array(z.object({ id: z.string(), aim: z.enum(qualityAims), text: line })),
});

const programmeSchema: z.ZodType<Programme> = z.object({
  id: z.string(),
  version: z.string(),
  hash: z.string(),
  languages: z.array(z.string()),
  unreviewed: z.array(z.string()),
  title: line,
  units: z.array(z.object({ id: z.string(), title: line, lessons: z.array(lessonSchema), check: checkSchema })),
  events: z.array(eventSchema).optional(),
  test: z.object({ title: line, check: checkSchema }).optional(),
  confidence: z.boolean().optional(),
  reviewsPerDay: z.number().optional(),
  plans: z.object({ minutes: z.number() }).optional(),
  framework: frameworkSchema.optional(),
  hours: hoursSchema.optional(),
  certification: certificationSchema.optional(),
  quality: qualitySchema.optional(),
  selfCheck: z.boolean().optional(),
  calendar: z.array(z.object({ from: z.string(), to: z.string() })).optional(),
});
