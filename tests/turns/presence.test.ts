import { describe, expect, test } from "vitest";
import type { Input } from "../../src/engine/types.ts";
import type { Store } from "../../src/store/types.ts";
import { createWorld } from "../cohorts/world.ts";
import { databaseKinds } from "../support/databases.ts";
import { eachWithStore } from "../support/each-store.ts";

describe.each(databaseKinds)("a person who can be reached no more, on %s", (kind) => {
  let store: Store;
  eachWithStore(kind, (opened) => {
    store = opened;
  });

  test("is kept with the platform's reason, which the next word from them heals", async () => {
    const world = createWorld(store);
    const anna = await world.learner("anna");
    const place = async () => {
      const { state, reason } = await store.db.address.findFirstOrThrow();
      return { state, reason };
    };
    const presence = (more: Partial<Extract<Input, { type: "presence" }>>) =>
      anna.send({ type: "presence", state: "gone", ...more });
    await presence({ reason: "blocked" });
    expect(await place()).toEqual({ state: "gone", reason: "blocked" });
    // Said again without a reason: what is known stays.
    await presence({});
    expect(await place()).toEqual({ state: "gone", reason: "blocked" });
    await anna.type("menu");
    expect(await place()).toEqual({ state: "reachable", reason: null });
    await presence({ reason: "uninstalled" });
    await presence({ state: "reachable" });
    expect(await place()).toEqual({ state: "reachable", reason: null });
  });
});
