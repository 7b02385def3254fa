import { z } from "zod";
import type { Store } from "../store/types.ts";

/** What evidence can be. */
export const evidenceKinds = ["text", "file", "link", "record"] as const;
export type EvidenceKind = (typeof evidenceKinds)[number];

/** What an item can have come to. */
export const evidenceStates = ["draft", "submitted", "accepted", "returned", "destroyed", "withdrawn"] as const;
export type EvidenceState = (typeof evidenceStates)[number];

/** States in which its owner may change an item. */
export const openStates: readonly EvidenceState[] = ["draft", "returned", "destroyed"];

/** Where somebody learnt something before. */
export const earlierPlaces = ["work", "volunteer", "course", "life"] as const;

/** What earlier learning stands for: the unit (null: none), where it was, and from when to when (`2019` or `2019-03`). */
export const earlierSchema = z.object({
  unit: z.string().nullable(),
  where: z.enum(earlierPlaces),
  from: z.string(),
  to: z.string(),
});
export type Earlier = z.infer<typeof earlierSchema>;

/** What the functions of this folder work with. */
export interface EvidenceDeps {
  readonly store: Pick<Store, "db" | "sql" | "tell">;
  /** Epoch milliseconds of the product's clock. */
  readonly now: () => number;
  readonly seal: (purpose: string, text: string, context: string) => Uint8Array;
  readonly open: (purpose: string, sealed: Uint8Array, context: string) => string;
  readonly sealBytes: (purpose: string, bytes: Uint8Array, context: string) => Uint8Array;
  readonly openBytes: (purpose: string, sealed: Uint8Array, context: string) => Uint8Array;
}

/** Everything about an item that is not sealed. Instants are epoch milliseconds. */
export interface EvidenceItem {
  readonly id: string;
  readonly personId: string;
  readonly programme: string;
  readonly version: string;
  readonly organisationId: string;
  readonly kind: EvidenceKind;
  readonly prior: boolean;
  readonly competences: readonly string[];
  readonly earlier: Earlier | null;
  readonly recordKey: string | null;
  readonly state: EvidenceState;
  /** The competences that it was accepted for; null before. */
  readonly accepted: readonly string[] | null;
  readonly shared: boolean;
  readonly createdAt: number;
  readonly changedAt: number;
  readonly decidedAt: number | null;
}

/** What an item says, opened. */
export interface EvidenceTexts {
  readonly title: string | null;
  readonly text: string | null;
  readonly link: string | null;
}

/** A file that is still there. */
export interface KeptFile {
  readonly id: string;
  readonly name: string;
  readonly mime: string;
  /** Bytes. */
  readonly size: number;
  readonly tickedAt: number;
}
