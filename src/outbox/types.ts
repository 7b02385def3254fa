import type { Adapter, Log } from "../engine/adapter.ts";
import type { Address } from "../engine/types.ts";
import type { HandedRow, Lease, OutboxStore } from "../store/types.ts";
import type { LaneState, Observe } from "./observe.ts";

/** What a lane needs. */
export interface LaneDeps {
  readonly name: string;
  readonly store: Pick<OutboxStore, "step">;
  readonly holder: string;
  readonly leaseMs: number;
  /** The lane's platform, as soon as it could be switched on. */
  readonly adapter: () => Adapter | undefined;
  /** The channels that are switched on, where somebody may be reached instead, and whether messages leave there through lanes. */
  readonly channels: () => readonly { readonly channel: string; readonly lane: boolean }[];
  readonly now: () => number;
  readonly monotonic: () => number;
  readonly random: () => number;
  readonly log: Log;
  readonly observe: Observe;
  readonly onGone: (address: Address, code: string) => unknown;
}

/** One sending identity: claims what may leave now, sends it, settles it together with the next claim. */
export interface Lane {
  /** The lease is ours since a request sent at `askedAt` (monotonic). */
  hold(lease: Lease, askedAt: number): void;
  renewed(lease: Lease, askedAt: number): void;
  /** The lease is somebody else's now, or nobody's. */
  lose(): void;
  /** When the lease was taken (monotonic), undefined while it is not held. */
  heldSince(): number | undefined;
  /** A reply fresh from its commit. False where it must be claimed, after `wake`. */
  offer(handed: HandedRow): boolean;
  /** Something may wait. */
  wake(): void;
  /** Claims nothing more. Resolves when what is under way is sent and settled. */
  drain(): Promise<void>;
  /** Stops all timers. */
  close(): void;
  state(): LaneState;
}
