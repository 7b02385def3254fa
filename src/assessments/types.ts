import type { Catalogue } from "../domain/programme.ts";
import type { Receive } from "../engine/adapter.ts";
import type { Database } from "../store/client.ts";

/** An item of evidence as whoever assesses sees it. */
export interface EvidenceForAssessor {
  readonly id: string;
  readonly title: string;
  readonly kind: string;
  readonly competences: readonly string[];
  readonly state: string;
  /** Where it can be looked at, in the console. */
  readonly url: string;
}

/** The evidence of one person in a programme. Without this part of the product there is none. */
export type EvidenceFor = (personId: string, programme: string) => Promise<readonly EvidenceForAssessor[]>;

/** What assessments work with. */
export interface AssessmentDeps {
  readonly db: Database;
  /** Epoch milliseconds of the product's clock. */
  readonly now: () => number;
  readonly seal: (purpose: string, text: string, context: string) => Uint8Array;
  readonly open: (purpose: string, sealed: Uint8Array, context: string) => string;
  readonly catalogue: Catalogue;
  readonly evidenceFor?: EvidenceFor | undefined;
}

/** What the jobs behind them work with: they report through turns. */
export interface AssessmentJobDeps extends AssessmentDeps {
  readonly receive: Receive;
}

/** What is written inside one transaction. */
export type Inside = Omit<Database, "$connect" | "$disconnect" | "$on" | "$transaction" | "$extends">;

/** Why something was not done. The words for each are in `words/assessments`, under `assess.no.`. */
export const refusals = [
  "gone",
  "notyours",
  "own",
  "conflict",
  "cares",
  "rated",
  "external",
  "taken",
  "submitted",
  "scale",
  "competence",
  "incomplete",
  "reason",
  "turn",
  "over",
  "missing",
  "below",
  "running",
  "none",
  "late",
] as const;
export type Refusal = (typeof refusals)[number];

/** What became of a step. */
export type Outcome = { readonly ok: true } | { readonly ok: false; readonly why: Refusal };

export const done: Outcome = { ok: true };
export const no = (why: Refusal): Outcome => ({ ok: false, why });

/** What talks of an assessment are called among appointments; they are about its id. */
export const talkKind = "assessment";
