import type { Framework } from "../domain/framework.ts";
import type { Catalogue, Programme } from "../domain/programme.ts";
import { type CasePackage, casePackage } from "../programmes/framework-exchange.ts";
import type { Database } from "../store/client.ts";

/** One version of a framework, as it can be asked for. */
export interface KeptFramework {
  readonly framework: Framework;
  /** What stands behind an address below the service, such as `CFItems/<uuid>`; the ids are the same in every language. */
  parts(language: string): ReadonlyMap<string, object>;
  readonly document: (language: string) => CasePackage["CFDocument"];
}

/** When a version of a programme was first taught here, epoch milliseconds: its framework has been the same since. */
export async function taughtSince(
  db: Pick<Database, "programmeVersion">,
  { id, version }: Pick<Programme, "id" | "version">,
): Promise<number> {
  const row = await db.programmeVersion.findUnique({ where: { id_version: { id, version } }, select: { at: true } });
  return Number(row?.at ?? 0);
}

/** Every version of every framework that is kept, of one framework the newest first. */
export async function keptFrameworks(
  catalogue: Pick<Catalogue, "versions">,
  db: Pick<Database, "programmeVersion">,
  publicUrl: string | undefined,
): Promise<readonly KeptFramework[]> {
  const kept = new Map<string, KeptFramework>();
  for (const programme of catalogue.versions) {
    const { framework } = programme;
    const key = `${framework?.id}@${framework?.version}`;
    // Several versions of a programme may rest on one of its framework.
    if (framework === undefined || kept.has(key)) continue;
    const changedAt = await taughtSince(db, programme);
    const made = remembered((language) => casePackage(programme, framework, { publicUrl, language, changedAt }));
    const parts = remembered((language) => partsOf(made(language)));
    kept.set(key, { framework, parts, document: (language) => made(language).CFDocument });
  }
  return [...kept.values()];
}

/** The same again for the same language: there are as many as a framework has. */
function remembered<T>(make: (language: string) => T): (language: string) => T {
  const known = new Map<string, T>();
  return (language) => {
    const found = known.get(language) ?? make(language);
    known.set(language, found);
    return found;
  };
}

/** Everything in a package that has an address. */
function partsOf(file: CasePackage): ReadonlyMap<string, object> {
  const { CFDocument, CFItems, CFAssociations, CFDefinitions, CFRubrics } = file;
  const criteria = CFRubrics.flatMap(({ CFRubricCriteria }) => CFRubricCriteria);
  const each = (name: string, parts: readonly { readonly identifier: string }[]): [string, object][] =>
    parts.map((one) => [`${name}/${one.identifier}`, one]);
  return new Map<string, object>([
    [`CFPackages/${CFDocument.CFPackageURI.identifier}`, file],
    // The service asks for a package by its document.
    [`CFPackages/${CFDocument.identifier}`, file],
    ...each("CFDocuments", [CFDocument]),
    ...each("CFItems", CFItems),
    ...each("CFAssociations", CFAssociations),
    ...CFItems.map((item): [string, object] => [
      `CFItemAssociations/${item.identifier}`,
      { CFItem: item, CFAssociations: CFAssociations.filter((one) => touches(one, item.identifier)) },
    ]),
    // A set, of which the first is the one that was asked for.
    ...CFDefinitions.CFItemTypes.map((one): [string, object] => [
      `CFItemTypes/${one.identifier}`,
      { CFItemTypes: [one] },
    ]),
    ...each("CFRubrics", CFRubrics),
    ...each("CFRubricCriterions", criteria),
    ...each(
      "CFRubricCriterionLevels",
      criteria.flatMap(({ CFRubricCriterionLevels }) => CFRubricCriterionLevels),
    ),
  ]);
}

function touches(
  { originNodeURI, destinationNodeURI }: CasePackage["CFAssociations"][number],
  identifier: string,
): boolean {
  return originNodeURI.identifier === identifier || destinationNodeURI.identifier === identifier;
}
