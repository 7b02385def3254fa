import type { Config } from "../config.ts";
import type { Store } from "../store/types.ts";
import type { Kit } from "./kit.ts";

/** Does something with the database open and up to date, and closes it whatever happens. */
export async function withStore<T>(kit: Kit, work: (store: Store, config: Config) => Promise<T>): Promise<T> {
  const config = kit.config();
  const store = await kit.openStore(config, { migrate: true });
  try {
    return await work(store, config);
  } finally {
    await store.close();
  }
}
