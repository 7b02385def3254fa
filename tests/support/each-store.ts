import { afterEach, beforeEach } from "vitest";
import type { Store } from "../../src/store/types.ts";
import { createDatabase, type TestDatabase } from "./databases.ts";

/** Gives every test of a `describe` a store over an empty database of its own, which is dropped after the test. */
export function eachWithStore(kind: TestDatabase["kind"], prepare: (store: Store) => void | Promise<void>): void {
  let database: TestDatabase;
  beforeEach(async () => {
    database = await createDatabase(kind);
    await prepare(await database.open());
  });
  afterEach(() => database.drop());
}
