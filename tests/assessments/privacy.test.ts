import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { claim, rate, submit } from "../../src/assessments/steps.ts";
import { loadPerson } from "../../src/people/loaded.ts";
import { mergeTwo } from "../../src/people/merge.ts";
import { rootId } from "../../src/people/standing.ts";
import { everythingAbout } from "../../src/privacy/about.ts";
import { eraseEverything } from "../../src/privacy/erase.ts";
import type { Store } from "../../src/store/types.ts";
import { databaseKinds } from "../support/databases.ts";
import { eachWithStore } from "../support/each-store.ts";
import { asking, createWorld, ids } from "./world.ts";

describe.each(databaseKinds)("what is kept about an assessment, on %s", (kind) => {
  let store: Store;
  eachWithStore(kind, (opened) => {
    store = opened;
  });

  /** An assessment that `eva` decided. */
  async function decided() {
    const world = await createWorld(store, asking({ assessors: 1 }));
    const anna = await world.candidate("anna", rootId, { self: 1 });
    const eva = await world.staff("eva", "assessor");
    await world.command(anna, "assessment", "ask");
    const { id } = await store.db.assessment.findFirstOrThrow();
    const me = await eva.id();
    await claim(world.deps, me, id);
    for (const competence of ids) await rate(world.deps, me, { id, competence, level: 1, reason: "Seen in a talk." });
    const finish = async () => {
      await submit(world.deps, me, id);
      await world.command(eva, "queue");
      await world.press(eva, "Open 1");
      await world.press(eva, "Award");
      await world.type(eva, "All of it was seen.");
    };
    return { world, anna, eva, id, me, finish };
  }

  test("is in the data a person may take along, what was found from the decision on", async () => {
    const { world, anna, me, finish } = await decided();
    const before = await everythingAbout(store, await anna.id(), world.open);
    expect(before?.assessments).toMatchObject([{ state: "claimed", ratings: [] }]);
    await finish();
    const after = await everythingAbout(store, await anna.id(), world.open);
    expect(after?.assessments).toMatchObject([{ decision: "awarded", reason: "All of it was seen." }]);
    expect(JSON.stringify(after?.assessments)).toContain("Seen in a talk.");
    expect(JSON.stringify(after?.assessments)).not.toContain(me);
    expect((await everythingAbout(store, me, world.open))?.ratings).toHaveLength(ids.length);
  });

  test("goes with the person it is about", async () => {
    const { anna, finish } = await decided();
    await finish();
    await eraseEverything(store, await anna.id(), 1);
    expect([await store.db.assessment.count(), await store.db.rating.count()]).toEqual([0, 0]);
  });

  test("stays without the assessor who is erased; what was not handed in goes back to the queue", async () => {
    const { id, me, anna, finish } = await decided();
    await finish();
    await eraseEverything(store, me, 1);
    expect(await store.db.rating.count({ where: { by: "erased" } })).toBe(ids.length);
    expect(await store.db.assessment.findUnique({ where: { id } })).toMatchObject({
      state: "decided",
      claimedBy: "erased",
      decidedBy: "erased",
    });
    const kept = [await store.db.record.findMany(), await store.db.progress.findMany()];
    expect(JSON.stringify(kept, (_key, value) => (typeof value === "bigint" ? String(value) : value))).not.toContain(
      me,
    );
    expect(await store.db.record.count({ where: { personId: await anna.id(), type: "rating" } })).toBe(ids.length);
  });

  test("is in the queue again where the assessor went before handing it in", async () => {
    const { id, me } = await decided();
    await eraseEverything(store, me, 1);
    expect(await store.db.assessment.findUnique({ where: { id } })).toMatchObject({ state: "open", claimedBy: null });
  });

  test("belongs to the person whom somebody became part of, and is given back", async () => {
    const { world, anna, me, id } = await decided();
    const other = await world.staff("other", "assessor");
    const [from, into] = [await loadPerson(store.db, me), await loadPerson(store.db, await other.id())];
    if (from === undefined || into === undefined) throw new Error("nobody there");
    const undo = { id: randomUUID(), actor: "command" };
    await mergeTwo(store, from, into, world.clock.now, { undo });
    expect(await store.db.assessment.findUnique({ where: { id } })).toMatchObject({ claimedBy: await other.id() });
    expect(await store.db.rating.count({ where: { by: await other.id() } })).toBe(ids.length);
    await store.undoMerge(undo.id, world.clock.now);
    expect(await store.db.assessment.findUnique({ where: { id } })).toMatchObject({
      claimedBy: me,
      personId: await anna.id(),
    });
  });
});
