import type { appointmentPlaces } from "../domain/appointment.ts";
import type { Database } from "../store/client.ts";

/** What appointments work with. */
export interface AppointmentDeps {
  readonly db: Database;
  /** Epoch milliseconds of the product's clock. */
  readonly now: () => number;
  readonly seal: (purpose: string, text: string, context: string) => Uint8Array;
  readonly open: (purpose: string, sealed: Uint8Array, context: string) => string;
}

/** How an appointment stands: `moved` is proposed again after it was agreed. */
export const appointmentStates = ["proposed", "moved", "fixed", "cancelled", "held"] as const;
export type AppointmentState = (typeof appointmentStates)[number];

/** States in which one of the two still has something to do. */
export const openStates: readonly AppointmentState[] = ["proposed", "moved", "fixed"];

/** An appointment as both see it; instants are epoch milliseconds. */
export interface Appointment {
  readonly id: string;
  /** Why they meet: a name in `AppointmentKinds`. */
  readonly kind: string;
  /** What it is about, by its id; null: nothing that is stored. */
  readonly about: string | null;
  /** Who picks. */
  readonly personId: string;
  /** Who proposes. */
  readonly withId: string;
  readonly proposed: readonly number[];
  /** When it is; of one that is being moved or was cancelled, when it was to be. Null: never agreed. */
  readonly startsAt: number | null;
  readonly minutes: number;
  /** One of `appointmentPlaces`; empty where it cannot be read any more. */
  readonly place: string;
  readonly state: AppointmentState;
  /** One more with every change. */
  readonly sequence: number;
  readonly changedAt: number;
}

/** Why something was not done. The words for each are in `words/appointments`, under `appointment.no.`. */
export const appointmentRefusals = ["gone", "notyours", "over", "times", "changed", "early"] as const;
export type AppointmentRefusal = (typeof appointmentRefusals)[number];

/** What became of a step; `id` is the appointment's. */
export type AppointmentOutcome =
  | { readonly ok: true; readonly id: string }
  | { readonly ok: false; readonly why: AppointmentRefusal };

/** One reason to meet, and who may propose times for it. */
export interface AppointmentKind {
  /** How long is planned for. */
  readonly minutes: number;
  /** Whom this person may meet about it, or why they may not. */
  whom(me: string, about: string): Promise<{ readonly personId: string } | { readonly refused: AppointmentRefusal }>;
}

/** Every reason for which people meet. */
export type AppointmentKinds = Readonly<Record<string, AppointmentKind>>;

/** Times that somebody proposes. */
export interface Proposal {
  /** The id of a new appointment, so that the same proposal twice is one. */
  readonly id: string;
  readonly kind: string;
  readonly about: string;
  readonly times: readonly number[];
  readonly place: (typeof appointmentPlaces)[number];
  /** The `sequence` of what they looked at; without it, of what is there now. */
  readonly seen?: number | undefined;
}
