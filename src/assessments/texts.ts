import type { AssessmentDeps } from "./types.ts";

const purpose = "assessment";
/** Characters of one reason: what every platform takes in one message, with room around it. */
export const mostCharacters = 1_000;

/** Seals a text of an assessment. `of` names the row and the field; never a person, whose id a merge may change. */
export function sealText(deps: Pick<AssessmentDeps, "seal">, text: string, of: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(deps.seal(purpose, text.trim().slice(0, mostCharacters), of));
}

/** Opens it; empty where there is none, or where it does not open any more. */
export function openText(deps: Pick<AssessmentDeps, "open">, sealed: Uint8Array | null, of: string): string {
  if (sealed === null) return "";
  try {
    return deps.open(purpose, sealed, of);
  } catch {
    return "";
  }
}

export const reasonOf = (id: string): string => `${id}:reason`;
export const appealReasonOf = (id: string): string => `${id}:appeal`;
export const ratingOf = (id: string, role: string, competence: string, at: number): string =>
  `${id}:${role}:${competence}:${at}`;
