import type { PersonState, Session } from "../engine/session.ts";
import type { Json } from "../engine/types.ts";

/** What one person is after two became one. */
export interface MergedPerson<Person = PersonState> {
  readonly session: Session;
  readonly person: Person;
  readonly progress?: Json;
}

/** What is written in the same transaction as a merge. */
export interface MergeExtras {
  /** What there was before, kept sealed under this id for thirty days. */
  readonly undo?: { readonly id: string; readonly actor: string };
  /** The hash of the link code that asked for it; conflict where it has been used. */
  readonly code?: string;
}
