import type { Lease } from "./types.ts";

/** The rows of one lane that were handed out and are not settled yet, under one epoch. */
export interface Flight {
  readonly epoch: number;
  readonly seqs: Set<number>;
  /** A step ended without an answer: rows may be marked in the table that were never handed out. */
  unsure: boolean;
  /** Steps of one lane go one after another. */
  last: Promise<unknown>;
}

/**
 * Which rows are under way, in memory. A reply is repeated after a crash anyway, so a claim writes nothing for it: this is what
 * keeps it from being claimed twice. Reminders and broadcasts are marked in the table too.
 */
export function createFlights(): (lease: Lease) => Flight {
  const flights = new Map<string, Flight>();
  return ({ name, epoch }) => {
    const known = flights.get(name);
    if (known?.epoch === epoch) return known;
    const flight: Flight = { epoch, seqs: new Set(), unsure: false, last: Promise.resolve() };
    flights.set(name, flight);
    return flight;
  };
}

/** Notes a row that leaves without a claim; false where it is under way already. */
export function noteHanded(flight: Flight, seq: number): boolean {
  if (flight.seqs.has(seq)) return false;
  flight.seqs.add(seq);
  return true;
}

/** Notes what a step that succeeded has settled and handed out. */
export function noteStep(
  flight: Flight,
  settled: readonly { readonly seq: number }[],
  claimed: readonly { readonly seq: number }[],
) {
  for (const { seq } of settled) flight.seqs.delete(seq);
  for (const { seq } of claimed) flight.seqs.add(seq);
}
