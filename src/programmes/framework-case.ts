import { createHash } from "node:crypto";
import { competencesOf, type Framework, frameworkLanguage, statementId } from "../domain/framework.ts";
import { inLanguage, type Localised } from "../domain/programme.ts";
import { rulesOf } from "./framework-rules.ts";

/** A namespace of our own, so that the ids of frameworks meet nobody else's. */
const namespace = Buffer.from("b1f6c7a05d0e4f0f9c0e5a3d7b9a4c21", "hex");

/**
 * The UUID of a part of a framework: the same part has the same one in every export, whatever the version or the deployment.
 * `kind` is a type of CASE such as `CFItem`. https://www.rfc-editor.org/rfc/rfc9562#section-5.5
 */
export function caseId(framework: string, kind: string, part: string): string {
  const hash = createHash("sha1").update(namespace).update(`${framework}/${kind}/${part}`).digest();
  hash[6] = ((hash[6] ?? 0) & 0x0f) | 0x50;
  hash[8] = ((hash[8] ?? 0) & 0x3f) | 0x80;
  const hex = hash.toString("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join("-");
}

/** The address of a part, below the product's public address where it has one. */
export function caseUri(publicUrl: string | undefined, kind: string, id: string): string {
  return publicUrl === undefined ? `urn:uuid:${id}` : `${publicUrl}/ims/case/v1p0/${kind}s/${id}`;
}

export interface CaseOptions {
  readonly publicUrl: string | undefined;
  /** One file holds one language. */
  readonly language: string;
  /** Who stands behind the framework. */
  readonly creator: string;
  /** When it last changed, epoch milliseconds. */
  readonly changedAt: number;
}

/**
 * A framework as CASE 1.0 CFPackage: categories, competences and statements are items, what they belong to are associations, and
 * levels and scales are rubrics. https://www.imsglobal.org/sites/default/files/CASE/casev1p0/information_model/caseservicev1p0_infomodelv1p0.html
 */
export function toCase(framework: Framework, options: CaseOptions) {
  const { language } = frameworkLanguage(framework, [options.language]);
  const read = (text: Localised<string>): string => inLanguage(text, language);
  const lastChangeDateTime = new Date(options.changedAt).toISOString();
  const ids = (kind: string, part: string) => {
    const identifier = caseId(framework.id, kind, part);
    return { identifier, uri: caseUri(options.publicUrl, kind, identifier), lastChangeDateTime };
  };
  const link = (kind: string, part: string, title: string) => {
    const { identifier, uri } = ids(kind, part);
    return { title, identifier, uri };
  };
  const title = read(framework.title);
  const document = link("CFDocument", "", title);
  const itemType = (name: string) => ({ CFItemType: name, CFItemTypeURI: link("CFItemType", name, name) });
  const items = framework.categories.flatMap((category) => [
    {
      ...ids("CFItem", category.id),
      ...itemType("Category"),
      fullStatement: read(category.title),
      humanCodingScheme: category.id.toUpperCase(),
      language,
    },
    ...category.competences.flatMap((competence) => [
      {
        ...ids("CFItem", competence.id),
        ...itemType("Competence"),
        fullStatement: read(competence.title),
        humanCodingScheme: competence.id.toUpperCase(),
        notes: read(competence.example),
        language,
      },
      ...competence.statements.map(({ level, text }) => ({
        ...ids("CFItem", statementId(competence.id, level)),
        ...itemType("Statement"),
        fullStatement: read(text),
        humanCodingScheme: statementId(competence.id, level).toUpperCase(),
        listEnumeration: String(level),
        language,
      })),
    ]),
  ]);
  const belongs = (part: string, name: string, to: ReturnType<typeof link>, sequenceNumber: number) => ({
    ...ids("CFAssociation", part),
    associationType: "isChildOf",
    sequenceNumber,
    originNodeURI: link("CFItem", part, name),
    destinationNodeURI: to,
  });
  const associations = framework.categories.flatMap((category, place) => [
    belongs(category.id, read(category.title), document, place + 1),
    ...category.competences.flatMap((competence, index) => [
      belongs(competence.id, read(competence.title), link("CFItem", category.id, read(category.title)), index + 1),
      ...competence.statements.map(({ level, text }) =>
        belongs(
          statementId(competence.id, level),
          read(text),
          link("CFItem", competence.id, read(competence.title)),
          level,
        ),
      ),
    ]),
  ]);
  const rubricLevel = (criterion: string, position: number, given: RubricLevel) => ({
    ...ids("CFRubricCriterionLevel", `${criterion}/${position}`),
    ...given,
    position,
    rubricCriterionId: caseId(framework.id, "CFRubricCriterion", criterion),
  });
  const criterion = (rubric: string, part: string, position: number, levels: readonly RubricLevel[], more = {}) => ({
    ...ids("CFRubricCriterion", `${rubric}/${part}`),
    ...more,
    position,
    rubricId: caseId(framework.id, "CFRubric", rubric),
    CFRubricCriterionLevels: levels.map((one, index) => rubricLevel(`${rubric}/${part}`, index + 1, one)),
  });
  const levelNames = framework.levels.map(({ level, name, short }) => ({
    quality: read(name),
    description: read(short),
    score: level,
  }));
  const rubrics = [
    {
      ...ids("CFRubric", "levels"),
      title: "levels",
      CFRubricCriteria: [criterion("levels", "levels", 1, levelNames)],
    },
    ...framework.scales.map((scale) => ({
      ...ids("CFRubric", `scale/${scale.id}`),
      title: scale.id,
      CFRubricCriteria: [
        criterion(
          `scale/${scale.id}`,
          scale.id,
          1,
          scale.values.map(({ value, text }) => ({ quality: read(text), score: value })),
        ),
      ],
    })),
    {
      ...ids("CFRubric", "competences"),
      title,
      CFRubricCriteria: competencesOf(framework).map((one, index) =>
        criterion(
          "competences",
          one.id,
          index + 1,
          one.statements.map(({ level, text }) => ({
            quality: levelNames[level - 1]?.quality ?? String(level),
            description: read(text),
            score: level,
          })),
          { description: read(one.title), CFItemURI: link("CFItem", one.id, read(one.title)) },
        ),
      ),
    },
  ];
  return {
    CFDocument: {
      ...ids("CFDocument", ""),
      creator: options.creator,
      title,
      description: read(framework.about),
      version: framework.version,
      language,
      adoptionStatus: "Adopted",
      // How answers become levels has no place of its own in the format.
      notes: rulesOf(framework),
      CFPackageURI: link("CFPackage", "", title),
    },
    CFItems: items.map((one) => ({ ...one, CFDocumentURI: document })),
    CFAssociations: associations.map((one) => ({ ...one, CFDocumentURI: document })),
    CFDefinitions: {
      CFItemTypes: ["Category", "Competence", "Statement"].map((name, index) => ({
        ...ids("CFItemType", name),
        title: name,
        description: name,
        hierarchyCode: String(index + 1),
      })),
    },
    CFRubrics: rubrics,
  };
}

interface RubricLevel {
  readonly quality: string;
  readonly description?: string;
  readonly score: number;
}
