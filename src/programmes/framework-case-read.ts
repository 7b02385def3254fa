import { z } from "zod";
import type { Category, Competence, Framework } from "../domain/framework.ts";
import { caseId } from "./framework-case.ts";
import { FrameworkFileError, type FrameworkRules, parseRules } from "./framework-rules.ts";

const link = z.object({ identifier: z.string() });
const text = z.string().nullish();
const criterionLevel = z.object({
  quality: text,
  description: text,
  score: z.number().nullish(),
  position: z.number().nullish(),
});

/** As much of a CFPackage as is read; what else is in it is left out. */
const packageSchema = z.object({
  CFDocument: z.object({
    identifier: z.string(),
    title: z.string(),
    description: text,
    version: text,
    language: text,
    notes: text,
  }),
  CFItems: z.array(
    z.object({
      identifier: z.string(),
      fullStatement: z.string(),
      abbreviatedStatement: text,
      humanCodingScheme: text,
      notes: text,
    }),
  ),
  CFAssociations: z.array(
    z.object({
      associationType: z.string(),
      sequenceNumber: z.number().nullish(),
      originNodeURI: link,
      destinationNodeURI: link,
    }),
  ),
  CFRubrics: z
    .array(
      z.object({
        identifier: z.string(),
        CFRubricCriteria: z.array(z.object({ CFRubricCriterionLevels: z.array(criterionLevel).nullish() })).nullish(),
      }),
    )
    .nullish(),
});
type Package = z.infer<typeof packageSchema>;
type Item = Package["CFItems"][number];

/**
 * Reads a CASE 1.0 CFPackage: the first three steps of its tree become categories, competences and statements, one for each level. A file
 * that was written here comes back whole; one of others gets the rules that are usual here, for an author to look at. Throws
 * `FrameworkFileError` where it is no framework.
 */
export function fromCase(json: unknown): Framework {
  const parsed = packageSchema.safeParse(json);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new FrameworkFileError(
      `this is no CASE 1.0 package: ${issue?.path.join(".") || "the file"}: ${issue?.message ?? "unreadable"}`,
    );
  }
  const { CFDocument: document, CFRubrics } = parsed.data;
  const rules = parseRules(document.notes ?? undefined);
  const language = (document.language ?? "en").slice(0, 2);
  const local = (words: string) => ({ [language]: words });
  const categories = tree(parsed.data, rules, local);
  const statements = categories.flatMap((one) => one.competences.map((each) => each.statements.length));
  const most = Math.max(0, ...statements);
  const uneven = categories
    .flatMap((one) => one.competences)
    .find((one) => one.statements.length !== most || most === 0);
  if (categories.length === 0 || uneven !== undefined) {
    const where = uneven === undefined ? "nothing stands below the document" : `"${uneven.id}" has not ${most || 1}`;
    throw new FrameworkFileError(
      `expected categories, competences and one statement for each level, each below the other: ${where}`,
    );
  }
  const rubric = (part: string) =>
    CFRubrics?.find(({ identifier }) => identifier === caseId(rules?.id ?? "", "CFRubric", part))?.CFRubricCriteria?.[0]
      ?.CFRubricCriterionLevels ?? [];
  const names = rubric("levels");
  const scales = (rules?.scales ?? [usualScale]).map((scale) => ({
    ...scale,
    values: scale.values.map((value) => {
      const found = rubric(`scale/${scale.id}`).find(({ score }) => score === value);
      return { value, text: local(found?.quality ?? usualTexts[value] ?? String(value)) };
    }),
  }));
  return {
    id: rules?.id ?? `case-${document.identifier.slice(0, 8)}`,
    version: /^\d+\.\d+\.\d+$/.test(document.version ?? "") ? (document.version ?? "1.0.0") : "1.0.0",
    languages: [language],
    unreviewed: rules?.unreviewed ?? [],
    title: local(document.title),
    about: local(document.description || document.title),
    levels: Array.from({ length: most }, (_, index) => ({
      level: index + 1,
      name: local(names[index]?.quality ?? String(index + 1)),
      short: local(names[index]?.description ?? String(index + 1)),
    })),
    scales,
    stopAfter: rules?.stopAfter ?? 2,
    required: rules?.required ?? 1,
    status: rules?.status ?? { gate: categories[0]?.id ?? "", others: categories.length - 1, lag: 1 },
    categories,
  };
}

const usualScale = { id: "doing", values: [0, 1, 2, 3], holds: 2 };
const usualTexts = ["not yet", "with help", "on my own", "also when it is difficult"];

function tree(
  { CFDocument, CFItems, CFAssociations }: Package,
  rules: FrameworkRules | undefined,
  local: (words: string) => Record<string, string>,
): Category[] {
  const byId = new Map(CFItems.map((item) => [item.identifier, item]));
  const below = (parent: string): Item[] =>
    CFAssociations.filter((one) => one.associationType === "isChildOf" && one.destinationNodeURI.identifier === parent)
      .sort((one, other) => (one.sequenceNumber ?? 0) - (other.sequenceNumber ?? 0))
      .flatMap(({ originNodeURI }) => byId.get(originNodeURI.identifier) ?? []);
  const letter = (index: number): string => String.fromCharCode("a".charCodeAt(0) + (index % 26));
  return below(CFDocument.identifier).map((category, index): Category => {
    const id = codeOf(category, letter(index));
    const competences = below(category.identifier).map((item, place): Competence => {
      const own = codeOf(item, `${id}${place + 1}`);
      const rule = rules?.competences[own];
      return {
        id: own,
        title: local(item.abbreviatedStatement || item.fullStatement),
        example: local(item.notes || item.fullStatement),
        scale: rule?.scale ?? usualScale.id,
        lessons: rule?.lessons ?? [],
        statements: below(item.identifier).map((one, level) => ({ level: level + 1, text: local(one.fullStatement) })),
      };
    });
    return { id, title: local(category.fullStatement), mayLag: rules?.mayLag[id] ?? 0, competences };
  });
}

/** An id as packs have them, from the code of an item where it can be one. */
function codeOf({ humanCodingScheme }: Item, otherwise: string): string {
  const code = (humanCodingScheme ?? "").toLowerCase().replace(/[^a-z0-9]/g, "");
  return /^[a-z][a-z0-9]{0,9}$/.test(code) ? code : otherwise;
}
