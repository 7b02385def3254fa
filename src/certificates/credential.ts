import { type CertificateFacts, inFirst } from "./facts.ts";
import { badgeContexts, instant } from "./names.ts";

/** What a credential needs beside the facts; instants are epoch milliseconds. */
export interface CredentialPlace {
  readonly id: string;
  /** Who the certificate is about, as an address that says nothing. */
  readonly subject: string;
  /** Where people reach the pages, without a trailing slash. */
  readonly origin: string;
  readonly issuer: string;
  readonly issuedAt: number;
  readonly validFrom: number;
  readonly validUntil: number | null;
  readonly status?: { readonly list: string; readonly index: number };
}

/** Where the schema of Open Badges 3.0 stands. */
const schema = {
  id: "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json",
  type: "1EdTechJsonSchemaValidator2019",
};

/** An unsigned Open Badges 3.0 credential. https://www.imsglobal.org/spec/ob/v3p0 */
export function badgeCredential(facts: CertificateFacts, place: CredentialPlace): Record<string, unknown> {
  const text = (given: Parameters<typeof inFirst>[0]) => inFirst(given, facts.language);
  const { certificate, programme } = facts;
  const achievement = `${place.origin}/certificates/check#${programme.id}:${certificate.id}:${programme.version}`;
  const results = [...levelResult(facts, achievement), ...hourResults(facts, achievement)];
  return {
    ...envelope(facts.issuer, place, text(certificate.title)),
    credentialSubject: {
      ...subjectOf(place.subject, facts.name),
      achievement: {
        id: achievement,
        type: ["Achievement"],
        achievementType: "Certification",
        name: text(certificate.title),
        description: text(certificate.description),
        criteria: { narrative: text(certificate.criteria) },
        inLanguage: facts.language,
        version: programme.version,
        fieldOfStudy: text(programme.title),
        ...listed(
          "alignment",
          facts.competences.map((one) => alignment(one, text(one.name))),
        ),
        ...listed(
          "resultDescription",
          results.map(({ description }) => description),
        ),
      },
      ...listed(
        "result",
        results.map(({ result }) => result),
      ),
    },
    ...statusOf(place),
  };
}

/** What all credentials of this house have in common. */
export function envelope(
  issuer: CertificateFacts["issuer"],
  place: CredentialPlace,
  name: string,
): Record<string, unknown> {
  return {
    "@context": badgeContexts,
    id: place.id,
    type: ["VerifiableCredential", "OpenBadgeCredential"],
    name,
    issuer: {
      id: place.issuer,
      type: ["Profile"],
      name: issuer.name,
      ...(issuer.url === undefined ? {} : { url: issuer.url }),
      ...(issuer.logo === undefined ? {} : { image: { id: issuer.logo, type: "Image" } }),
    },
    awardedDate: instant(place.issuedAt),
    validFrom: instant(place.validFrom),
    ...(place.validUntil === null ? {} : { validUntil: instant(place.validUntil) }),
    credentialSchema: [schema],
  };
}

/** Who the credential is about: an address that says nothing, and the name as it was confirmed. */
export function subjectOf(id: string, name: string): Record<string, unknown> {
  const named = { type: "IdentityObject", hashed: false, identityHash: name, identityType: "name" };
  return { id, type: ["AchievementSubject"], identifier: [named] };
}

/** A list under its name where there is something in it: an empty one says nothing and some schemas refuse it. */
export function listed(name: string, items: readonly unknown[]): Record<string, readonly unknown[]> {
  return items.length === 0 ? {} : { [name]: items };
}

/** What was reached, and the description that says how to read it. */
export interface ResultPair {
  readonly description: Record<string, unknown>;
  readonly result: Record<string, unknown>;
}

/** A result in words or numbers under a name. */
export function plainResult(id: string, name: string, value: string, resultType = "Result"): ResultPair {
  return {
    description: { id, type: ["ResultDescription"], name, resultType },
    result: { type: ["Result"], resultDescription: id, value },
  };
}

function levelResult({ level, language }: CertificateFacts, achievement: string): readonly ResultPair[] {
  const own = level?.all.find(({ number }) => number === level.number);
  if (level === undefined || own === undefined) return [];
  const id = `${achievement}:level`;
  const levels = level.all.map(({ number, name }) => ({
    id: `${id}:${number}`,
    type: ["RubricCriterionLevel"],
    name: inFirst(name, language),
    level: String(number),
  }));
  const description = { id, type: ["ResultDescription"], name: inFirst(own.name, language) };
  return [
    {
      description: { ...description, resultType: "RubricCriterionLevel", rubricCriterionLevel: levels },
      result: { type: ["Result"], resultDescription: id, achievedLevel: `${id}:${level.number}` },
    },
  ];
}

function hourResults({ hours, language }: CertificateFacts, achievement: string): readonly ResultPair[] {
  return hours.map(({ kind, name, minutes }) =>
    plainResult(`${achievement}:hours:${kind}`, inFirst(name, language), inHours(minutes)),
  );
}

/** Minutes as hours with at most one decimal and a unit that every language reads: `12.5 h`. */
export function inHours(minutes: number): string {
  return `${Math.round(minutes / 6) / 10} h`;
}

function alignment(of: CertificateFacts["competences"][number], name: string): Record<string, unknown> {
  return {
    type: ["Alignment"],
    targetName: name,
    targetUrl: of.uri,
    targetType: "CFItem",
    ...(of.code === undefined ? {} : { targetCode: of.code }),
    ...(of.framework === undefined ? {} : { targetFramework: of.framework }),
    ...(of.level === undefined ? {} : { targetDescription: of.level }),
  };
}

/** https://www.w3.org/TR/vc-bitstring-status-list/#bitstringstatuslistentry */
function statusOf({ status }: CredentialPlace): Record<string, unknown> {
  if (status === undefined) return {};
  return {
    credentialStatus: {
      id: `${status.list}#${status.index}`,
      type: "BitstringStatusListEntry",
      statusPurpose: "revocation",
      statusListIndex: String(status.index),
      statusListCredential: status.list,
    },
  };
}
