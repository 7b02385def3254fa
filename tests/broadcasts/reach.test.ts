import { describe, expect, test } from "vitest";
import { giveRole } from "../../src/people/grants.ts";
import { standingOf } from "../../src/people/standing.ts";
import type { Store } from "../../src/store/types.ts";
import { databaseKinds } from "../support/databases.ts";
import { eachWithStore } from "../support/each-store.ts";
import { createWorld, hello } from "./world.ts";

const corrected = { ...hello.content, texts: { en: "Dear {name}, welcome at ten." } };

describe.each(databaseKinds)("who may do what with a broadcast, on %s", (kind) => {
  let store: Store;
  let world: Awaited<ReturnType<typeof createWorld>>;
  let odense: string;
  let aarhus: string;
  eachWithStore(kind, async (opened) => {
    store = opened;
    world = await createWorld(store);
    odense = await world.organisation("Odense");
    aarhus = await world.organisation("Aarhus");
    await world.person("a-odense");
    await world.person("b-aarhus");
    await world.cohort("c", [
      ["a-odense", odense],
      ["b-aarhus", aarhus],
    ]);
  });

  /** A coordinator of both, whose grants were given in this order. */
  async function ofBoth(id: string, first: string, second: string) {
    await world.coordinator(id, first);
    await giveRole(store.db, { personId: id, role: "coordinator", organisationId: second, createdBy: null }, 0);
    return standingOf(store.db, id, world.clock.now);
  }

  async function delivered(standing: Awaited<ReturnType<typeof ofBoth>>): Promise<string> {
    const id = await world.sent(standing);
    await world.planner().tick();
    await (await world.step("x:bot", 10)).settle();
    await world.planner().tick();
    return id;
  }

  test("what went to two organisations is changed, stopped and sent again by whoever answers for both", async () => {
    const author = await ofBoth("y-author", odense, aarhus);
    const [one, other] = [await world.coordinator("z-odense", odense), await world.coordinator("z-aarhus", aarhus)];
    const id = await delivered(author);
    expect(await world.states(id)).toMatchObject({ sent: 2 });
    for (const alone of [one, other]) {
      expect(await world.broadcasts.correct(alone, id, corrected)).toBeUndefined();
      expect(await world.broadcasts.again(alone, id, "unknown")).toBe(0);
      expect(await world.broadcasts.cancel(alone, id)).toBe(false);
    }
    expect(await world.broadcasts.correct(author, id, corrected)).toEqual(expect.any(String));
    const second = await ofBoth("z-second", aarhus, odense);
    expect(await world.broadcasts.correct(second, id, corrected)).toEqual(expect.any(String));
  });

  test("a draft for everybody is filed at the top of the sender's reach, whatever order their roles were given in", async () => {
    const root = await world.coordinator("z-root");
    expect(root.may("broadcasts.send", { organisationId: odense })).toBe(true);
    await giveRole(store.db, { personId: "z-root", role: "admin", organisationId: odense, createdBy: null }, 0);
    const id = (await world.broadcasts.draft(await standingOf(store.db, "z-root", world.clock.now), hello)) ?? "";
    expect((await world.broadcasts.find(root, id))?.organisationId).toBe("root");
    const [one, other] = [await ofBoth("y-one", odense, aarhus), await ofBoth("y-other", aarhus, odense)];
    const places = await Promise.all(
      [one, other].map(async (standing) => {
        const draft = (await world.broadcasts.draft(standing, hello)) ?? "";
        return (await world.broadcasts.find(standing, draft))?.organisationId;
      }),
    );
    expect(places[0]).toBe(places[1]);
  });

  test("a draft that is rewritten for another organisation is filed there, and nowhere outside the reach", async () => {
    const author = await ofBoth("y-author", odense, aarhus);
    const there = await world.coordinator("z-aarhus", aarhus);
    const id = (await world.broadcasts.draft(author, { ...hello, audience: { organisation: odense } })) ?? "";
    expect(await world.broadcasts.find(there, id)).toBeUndefined();
    expect(await world.broadcasts.rewrite(author, id, { ...hello, audience: { organisation: aarhus } })).toBe(true);
    expect(await world.broadcasts.find(there, id)).toMatchObject({ organisationId: aarhus });
    const billund = await world.organisation("Billund");
    expect(await world.broadcasts.rewrite(author, id, { ...hello, audience: { organisation: billund } })).toBe(false);
    const kept = await world.broadcasts.find(author, id);
    expect(kept).toMatchObject({ organisationId: aarhus, audience: { organisation: aarhus } });
  });

  test("what somebody rewrites while it is checked does not leave unchecked", async () => {
    const author = await ofBoth("y-author", odense, aarhus);
    const id = (await world.broadcasts.draft(author, hello)) ?? "";
    const { sql } = store;
    let looked = false;
    // Rewritten while the audience is looked at.
    const checking = await createWorld({
      ...store,
      sql: {
        ...sql,
        async all(text, values) {
          if (!looked) {
            looked = true;
            world.clock.now += 1;
            await world.broadcasts.rewrite(author, id, { ...hello, content: corrected });
          }
          return sql.all(text, values);
        },
      },
    });
    const refusal = { problems: [{ code: "state" }] };
    await expect(checking.broadcasts.send(author, id, "Europe/Copenhagen")).rejects.toMatchObject(refusal);
    expect((await world.broadcasts.find(author, id))?.state).toBe("draft");
    expect(await world.broadcasts.send(author, id, "Europe/Copenhagen")).toBeDefined();
  });

  test("deputies are those whose coordinator still is one, there or above", async () => {
    const lead = await world.coordinator("z-lead");
    await world.coordinator("y-away", odense);
    for (const id of ["c-one", "d-two", "e-three"]) await world.person(id);
    const deputy = { role: "deputy", organisationId: odense, createdBy: null } as const;
    await giveRole(store.db, { ...deputy, personId: "c-one", deputyFor: "y-away" }, 0);
    await giveRole(store.db, { ...deputy, personId: "d-two", deputyFor: "z-lead" }, 0);
    await giveRole(store.db, { ...deputy, personId: "e-three" }, 0);
    const deputies = async () =>
      (await world.broadcasts.review(lead, { ...hello, audience: { role: "deputy" } })).people;
    expect(await deputies()).toBe(3);
    await store.db.grant.deleteMany({ where: { personId: "y-away" } });
    expect(await deputies()).toBe(2);
  });

  test("a correction reaches nobody outside its sender's reach", async () => {
    const author = await ofBoth("y-author", odense, aarhus);
    const id = await delivered(author);
    await store.db.grant.deleteMany({ where: { personId: "y-author", organisationId: aarhus } });
    const left = await standingOf(store.db, "y-author", world.clock.now);
    // The author's own broadcast, filed where they still are or not: what they send reaches their own people alone.
    await store.db.broadcast.update({ where: { id }, data: { organisationId: odense } });
    const correction = (await world.broadcasts.correct(left, id, corrected)) ?? "";
    await world.broadcasts.send(left, correction, "Europe/Copenhagen");
    world.clock.now += 10_000;
    await world.planner().tick();
    const rows = await store.db.broadcastDelivery.findMany({ where: { broadcastId: correction } });
    expect(rows.map((row) => row.personId)).toEqual(["a-odense"]);
  });
});
