import { describe, expect, test } from "vitest";
import { rootId } from "../../src/people/standing.ts";
import type { Store } from "../../src/store/types.ts";
import { createWorld } from "../inbox/world.ts";
import { databaseKinds } from "../support/databases.ts";
import { eachWithStore } from "../support/each-store.ts";

describe.each(databaseKinds)("a reply to a broadcast, on %s", (kind) => {
  let store: Store;
  let world: Awaited<ReturnType<typeof createWorld>>;
  eachWithStore(kind, async (opened) => {
    store = opened;
    world = await createWorld(store);
  });

  async function broadcast(receivers: readonly string[]): Promise<string> {
    // Typed below, where a button would carry it: a random one may look like a number that nobody may type.
    const id = "we-meet-on-monday";
    const at = BigInt(world.clock.now);
    await store.db.broadcast.create({
      data: {
        id,
        organisationId: rootId,
        author: "lead",
        state: "done",
        audience: "{}",
        content: JSON.stringify({ texts: { en: "We meet on Monday." }, reply: true }),
        timing: '{"kind":"now"}',
        planned: true,
        createdAt: at,
        changedAt: at,
        deliveries: { create: receivers.map((personId) => ({ personId, state: "sent" })) },
      },
    });
    return id;
  }

  test("opens the way to a human, becomes a question of that broadcast, and its answer comes back", async () => {
    const ida = await world.staff("ida", "coordinator");
    const anna = await world.learner("anna");
    const id = await broadcast([await anna.id()]);
    expect(await anna.command("noted", `${id} reply`)).toContain("What would you like to reply?");
    expect(await anna.type("I come half an hour later.")).toContain("Sent.");
    await world.work();
    expect(await store.db.question.findMany()).toMatchObject([{ broadcastId: id, state: "open" }]);
    expect(await ida.news()).toContain("I come half an hour later.");
    await ida.press("Answer");
    await ida.type("That is fine.");
    await world.work();
    expect(await anna.news()).toContain("That is fine.");
    // Another question of the same person is a thread of its own.
    await world.ask(anna, "How do I change the language?");
    expect((await store.db.question.findMany()).map((one) => one.broadcastId).sort()).toEqual([id, null].sort());
  });

  test("that is cancelled sends nothing; of somebody who never got it, it is a question like any other", async () => {
    await world.staff("ida", "coordinator");
    const [anna, bo] = [await world.learner("anna"), await world.learner("bo")];
    const id = await broadcast([await anna.id()]);
    await anna.command("noted", `${id} reply`);
    expect(await anna.press("Cancel")).toContain("Nothing was sent.");
    await world.work();
    expect(await store.db.question.count()).toBe(0);
    await bo.command("noted", `${id} reply`);
    await bo.type("May I come too?");
    await world.work();
    expect(await store.db.question.findMany()).toMatchObject([{ broadcastId: null }]);
  });
});
