import type { OutgoingKind } from "../engine/types.ts";

/** What the metrics want to know, one call per event. Every hook is optional and must not throw. */
export interface Observe {
  /** One message or edit the platform took. */
  delivered?(lane: string, kind: OutgoingKind): void;
  /** The platform asked the lane to slow down. */
  throttled?(lane: string): void;
  unreachable?(lane: string): void;
  /** Given up without knowing whether it arrived. */
  unknown?(lane: string, kind: OutgoingKind): void;
  rejected?(lane: string, kind: OutgoingKind, code: string): void;
  gone?(lane: string): void;
  /** The lane waits for an operator. */
  misconfigured?(lane: string, code: string): void;
}

/** How a lane is doing, for readiness and metrics. Instants are epoch milliseconds. */
export interface LaneState {
  readonly name: string;
  /** This instance has the lease and renewed it in time. */
  readonly held: boolean;
  /** Nothing leaves before this instant; null while the lane flows. */
  readonly waitingUntil: number | null;
  /** The platform's code while an operator has to repair something, else null. */
  readonly misconfigured: string | null;
  readonly underWay: number;
}
