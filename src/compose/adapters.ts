import type { Connections } from "../config/connections.ts";
import type { Adapter, AdapterDeps, Platform } from "../engine/adapter.ts";
import type { Store } from "../store/types.ts";

/** What every adapter gets, but for its own part of the store. */
export type SharedDeps = Omit<AdapterDeps, "keep">;

/** Creates the adapters of all platforms that are switched on; the libraries of the others are never loaded. */
export async function createAdapters(
  platforms: readonly Platform[],
  connections: Connections,
  shared: SharedDeps,
  store: Pick<Store, "keep">,
): Promise<readonly Adapter[]> {
  const on = platforms.flatMap((platform) => {
    const own = connections.get(platform.channel);
    return own === undefined ? [] : [{ platform, own }];
  });
  return Promise.all(
    on.map(({ platform, own }) => platform.create(own, { ...shared, keep: store.keep(platform.channel) })),
  );
}
