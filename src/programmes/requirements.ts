import { z } from "zod";
import type { Within } from "../domain/requirements.ts";
import { decimal, each, list, name, needed, whole, words } from "./fields.ts";
import type { PartKind } from "./part.ts";

const within = z
  .enum(["ever", "year", "term"], { error: "expected ever, year or term" })
  .default("ever" satisfies Within);

/** A number of hours, such as 12 or 12.5. */
const hours = (what: string) => decimal(what).refine((value) => value > 0, { error: `expected ${what}: more than 0` });

const source = (what: string) =>
  z
    .strictObject(
      { kind: name("the kind of hours"), minutes: whole(1, 1_440, `the nominal minutes of ${what}`) },
      { error: `expected what ${what} counts: kind and minutes` },
    )
    .optional();

const hoursSchema = z.strictObject(
  {
    minutesPerHour: z
      .enum(["45", "60"], { error: "expected how many minutes are an hour: 45 or 60" })
      .transform(Number),
    yearStarts: whole(1, 12, "the month in which the programme's year begins"),
    yearly: z
      .enum(["yes", "no"], { error: "expected whether the hours are asked for in each year: yes or no" })
      .default("no")
      .transform((text) => text === "yes"),
    kinds: list(name("the id of a kind of hours"), "the kinds of hours, in the order shown"),
    targets: z
      .array(
        z.strictObject(
          { kind: name("the kind of hours"), hours: hours("how many are asked for") },
          { error: "expected a target: kind and hours" },
        ),
        { error: "expected the targets: a list of kind and hours" },
      )
      .default([]),
    sources: z.strictObject(
      {
        lesson: source("a lesson"),
        check: source("a passed check"),
        selfAssessment: source("a self-assessment"),
        evidence: source("an accepted item of evidence"),
        plan: z
          .strictObject({ kind: name("the kind of hours") }, { error: "expected what a plan counts as: kind" })
          .optional(),
      },
      { error: "expected what counts how long: lesson, check, selfAssessment, evidence, plan" },
    ),
  },
  { error: "expected hours: minutesPerHour, yearStarts, kinds, sources" },
);

const atLeast = (most: number, what: string) => whole(1, most, what);

/** The rules by their names; in the file each is one key with its settings. */
const ruleKinds = {
  hours: z.strictObject({
    kind: name("the kind of hours").optional(),
    unit: name("the id of a unit").optional(),
    atLeast: hours("how many hours"),
    within,
  }),
  attendance: z.strictObject({
    days: z.union([z.literal("all"), list(name("the id of a training day"), "the training days")], {
      error: "expected the training days: a list, or all",
    }),
    atLeast: atLeast(100, "how many of the days"),
    share: whole(1, 100, "how much of a day makes it count, in percent").default(100),
    within,
  }),
  passed: z.strictObject({
    units: z.union([z.literal("all"), list(name("the id of a unit, or test"), "the units")], {
      error: "expected the units: a list, or all",
    }),
  }),
  level: z.strictObject({ atLeast: atLeast(10, "the level").optional(), within }),
  evidence: z.strictObject({
    per: z.enum(["all", "category", "competence"], { error: "expected all, category or competence" }).default("all"),
    atLeast: atLeast(100, "how many items"),
    within,
  }),
  rating: z.strictObject({
    atLeast: atLeast(10, "the level"),
    assessors: atLeast(5, "how many assessors").default(1),
    within,
  }),
  meeting: z.strictObject({ atLeast: atLeast(1_000, "how many meetings"), within }),
  check: z.strictObject({ id: name("the id of the check"), within }),
  agreement: z.strictObject({ id: name("the id of the agreement"), within }),
  consultation: z.strictObject({ atLeast: atLeast(100, "how many consultations"), within }),
  stage: z.strictObject({ id: name("the id of the stage") }),
} as const;

/** A rule as it is written: exactly one of these. */
export interface WrittenRule {
  readonly hours?: z.output<typeof ruleKinds.hours> | undefined;
  readonly attendance?: z.output<typeof ruleKinds.attendance> | undefined;
  readonly passed?: z.output<typeof ruleKinds.passed> | undefined;
  readonly level?: z.output<typeof ruleKinds.level> | undefined;
  readonly evidence?: z.output<typeof ruleKinds.evidence> | undefined;
  readonly rating?: z.output<typeof ruleKinds.rating> | undefined;
  readonly meeting?: z.output<typeof ruleKinds.meeting> | undefined;
  readonly check?: z.output<typeof ruleKinds.check> | undefined;
  readonly agreement?: z.output<typeof ruleKinds.agreement> | undefined;
  readonly consultation?: z.output<typeof ruleKinds.consultation> | undefined;
  readonly stage?: z.output<typeof ruleKinds.stage> | undefined;
  readonly any?: { readonly atLeast: number; readonly of: readonly WrittenRule[] } | undefined;
}

const names = [...Object.keys(ruleKinds), "any"].join(", ");

const rule: z.ZodType<WrittenRule> = z.lazy(() =>
  z
    .strictObject(
      {
        ...Object.fromEntries(Object.entries(ruleKinds).map(([key, schema]) => [key, schema.optional()])),
        any: z.strictObject({ atLeast: atLeast(20, "how many of them"), of: list(rule, "the rules") }).optional(),
      },
      { error: `expected a rule: one of ${names}` },
    )
    .refine((written) => Object.values(written).filter((one) => one !== undefined).length === 1, {
      error: `expected exactly one of ${names}`,
    }),
) as z.ZodType<WrittenRule>;

const rules = (what: string) => list(rule, what);

/** How long a certificate is valid and what comes then; the file says it once for all, or for one. */
const validity = z.strictObject(
  {
    months: whole(1, 240, "how many months it is valid"),
    windowDays: whole(1, 730, "how many days before the end renewal opens"),
    graceDays: whole(0, 730, "how many days after the end it still counts while it is renewed"),
    extensionMonths: whole(0, 24, "how many months it may be extended").default(0),
    reminders: list(whole(1, 730, "days before the end"), "the days before the end on which to remind"),
    renewal: rules("what renewal asks for"),
  },
  { error: "expected validity: months, windowDays, graceDays, reminders, renewal" },
);

const certificate = z.strictObject(
  {
    id: name("the id of the certificate"),
    level: whole(1, 10, "the level that it attests").optional(),
    neutral: z
      .enum(["yes", "no"], { error: "expected whether it has a neutral title: yes or no" })
      .default("no")
      .transform((text) => text === "yes"),
    requires: rules("what it asks for"),
    decision: z.strictObject(
      {
        assessors: whole(1, 2, "how many people rate"),
        external: z
          .enum(["yes", "no"])
          .default("no")
          .transform((text) => text === "yes"),
        countersign: z
          .enum(["yes", "no"])
          .default("no")
          .transform((text) => text === "yes"),
      },
      { error: "expected decision: assessors, and where needed external, countersign" },
    ),
    validity: validity.optional(),
  },
  { error: "expected a certificate: id, requires, decision, and where it differs validity" },
);

/** What `requirements.yaml` holds: hours, and the way to a certificate. */
const requirementsSchema = z.strictObject(
  {
    hours: hoursSchema,
    agreements: z
      .array(
        z.strictObject(
          { id: name("the id of the agreement"), version: needed("its version, such as 1") },
          { error: "expected an agreement: id and version" },
        ),
        { error: "expected the agreements: a list of id and version" },
      )
      .default([]),
    checks: z.array(name("the id of a check"), { error: "expected the checks: a list of ids" }).default([]),
    stages: z
      .array(
        z.strictObject(
          { id: name("the id of the stage"), requires: rules("what the stage asks for") },
          { error: "expected a stage: id and requires" },
        ),
        { error: "expected the stages: a list of id and requires" },
      )
      .default([]),
    validity: validity.optional(),
    certificates: z.array(certificate, { error: "expected the certificates: a list" }).default([]),
  },
  {
    error:
      "expected the requirements: hours, and where there are certificates stages, agreements, checks, certificates",
  },
);

export type RequirementsStructure = z.output<typeof requirementsSchema>;
export type ValidityStructure = z.output<typeof validity>;

/** How long a certificate is valid: as it says itself, else as the file says for all. */
export function validityOf(
  structure: RequirementsStructure,
  certificate: RequirementsStructure["certificates"][number],
): ValidityStructure | undefined {
  return certificate.validity ?? structure.validity;
}

/** The schema of `words/<language>/requirements.yaml`, made from the structure. */
function requirementsWordsSchema({
  hours,
  agreements,
  checks,
  stages,
  certificates,
}: RequirementsStructure): z.ZodType<RequirementsWords> {
  const title = (what: string) => () => words(`the title of ${what}`);
  const agreement = () =>
    z.strictObject(
      { title: words("the title of the agreement"), text: words("what is agreed to") },
      { error: "expected an agreement: title and text" },
    );
  const ids = (of: readonly { readonly id: string }[]) => of.map((one) => one.id);
  const neutral = certificates.filter((one) => one.neutral);
  return z.strictObject(
    {
      hours: each(hours.kinds, title("the kind of hours"), "the kinds of hours"),
      ...(agreements.length > 0 ? { agreements: each(ids(agreements), agreement, "the agreements") } : {}),
      ...(checks.length > 0 ? { checks: each(checks, title("the check"), "the checks") } : {}),
      ...(stages.length > 0 ? { stages: each(ids(stages), title("the stage"), "the stages") } : {}),
      ...(certificates.length > 0
        ? { certificates: each(ids(certificates), title("the certificate"), "the certificates") }
        : {}),
      ...(neutral.length > 0
        ? { neutral: each(ids(neutral), title("it without its subject"), "the neutral titles") }
        : {}),
    },
    { error: "expected the words of the requirements: hours, agreements, checks, stages, certificates" },
  ) as unknown as z.ZodType<RequirementsWords>;
}

/** The words of the requirements in one language; what the structure has none of is absent. */
export interface RequirementsWords {
  readonly hours: Readonly<Record<string, string>>;
  readonly agreements?: Readonly<Record<string, { readonly title: string; readonly text: string }>>;
  readonly checks?: Readonly<Record<string, string>>;
  readonly stages?: Readonly<Record<string, string>>;
  readonly certificates?: Readonly<Record<string, string>>;
  readonly neutral?: Readonly<Record<string, string>>;
}

/** How the requirements are written. */
export const requirementsPart: PartKind<RequirementsStructure, RequirementsWords> = {
  file: "requirements.yaml",
  structure: requirementsSchema,
  words: requirementsWordsSchema,
};
