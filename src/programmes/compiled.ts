import { z } from "zod";
import type { Programme } from "../domain/programme.ts";
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

const programmeSchema: z.ZodType<Programme> = z.object({
  id: z.string(),
  version: z.string(),
  hash: z.string(),
  languages: z.array(z.string()),
  unreviewed: z.array(z.string()),
  title: line,
  units: z.array(z.object({ id: z.string(), title: line, lessons: z.array(lessonSchema), check: checkSchema })),
  test: z.object({ title: line, check: checkSchema }).optional(),
  confidence: z.boolean().optional(),
  reviewsPerDay: z.number().optional(),
  plans: z.object({ minutes: z.number() }).optional(),
});
