import { type Adapter, laneOf } from "../engine/adapter.ts";
import type { Address } from "../engine/types.ts";

/** The lane of an address; empty where the channel's messages are streamed. A channel nobody knows waits in its lane. */
export function laneFor(adapters: readonly Pick<Adapter, "channel" | "capabilities">[]): (address: Address) => string {
  const streamed = new Set(adapters.filter((one) => !one.capabilities.lane).map((one) => one.channel));
  return (address) => (streamed.has(address.channel) ? "" : laneOf(address));
}
