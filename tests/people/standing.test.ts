import { describe, expect, test } from "vitest";
import { giveRole, rolesOf } from "../../src/people/grants.ts";
import { createOrganisation, ensureRoot } from "../../src/people/organisations.ts";
import { rootId, standingOf } from "../../src/people/standing.ts";
import type { Store } from "../../src/store/types.ts";
import { databaseKinds } from "../support/databases.ts";
import { eachWithStore } from "../support/each-store.ts";

const now = Date.UTC(2026, 2, 3, 9);

describe.each(databaseKinds)("what somebody may do, on %s", (kind) => {
  let store: Store;
  let town: string;
  eachWithStore(kind, async (opened) => {
    store = opened;
    await ensureRoot(store.db, now);
    town = await createOrganisation(
      store.db,
      { name: "Town", kind: "municipality", parentId: rootId, country: "DK" },
      now,
    );
    const person = { name: "Ida", timeZone: "UTC", timeZoneKnown: false, stopped: false, roles: "[]", addressId: "" };
    await store.db.person.create({ data: { id: "ida", ...person, createdAt: BigInt(now) } });
  });

  const give = (more: { programme?: string; until?: number } = {}) =>
    giveRole(store.db, { personId: "ida", role: "coordinator", organisationId: town, createdBy: null, ...more }, now);

  test("a role for one programme opens its organisation for that programme and not for every one", async () => {
    await give({ programme: "pairs" });
    const standing = await standingOf(store.db, "ida", now);
    expect(standing.within("people.see")).toEqual([]);
    expect(standing.withinSome("people.see")).toEqual([town]);
    const where = (programme: string | null) => ({ organisationId: town, programme });
    expect(standing.may("people.see", where("pairs"))).toBe(true);
    expect(standing.may("people.see", where("family-mentor"))).toBe(false);
    expect(standing.may("people.see", where(null))).toBe(false);
    expect(standing.may("people.see", { organisationId: rootId, programme: "pairs" })).toBe(false);
    await give();
    expect((await standingOf(store.db, "ida", now)).within("people.see")).toEqual([town]);
  });

  test("who stands in for a coordinator may do so only as long as that person is coordinator there or above", async () => {
    const person = { name: "Per", timeZone: "UTC", timeZoneKnown: false, stopped: false, roles: "[]", addressId: "" };
    await store.db.person.create({ data: { id: "per", ...person, createdAt: BigInt(now) } });
    const deputy = {
      personId: "ida",
      role: "deputy",
      organisationId: town,
      deputyFor: "per",
      createdBy: null,
    } as const;
    await giveRole(store.db, { ...deputy, until: now + 100 }, now);
    const opens = async (at = now) => {
      const may = (await standingOf(store.db, "ida", at)).may("people.see", { organisationId: town });
      const roles = await rolesOf(store.db, "ida", at);
      expect(roles).toEqual(may ? ["deputy"] : []);
      return may;
    };
    const coordinator = async (more: { organisationId?: string; programme?: string; until?: number } = {}) => {
      await store.db.grant.deleteMany({ where: { personId: "per" } });
      const given = { personId: "per", role: "coordinator", organisationId: town, createdBy: null, ...more } as const;
      await giveRole(store.db, given, now);
    };
    expect(await opens()).toBe(false);
    await coordinator();
    expect(await opens()).toBe(true);
    await coordinator({ organisationId: rootId });
    expect(await opens()).toBe(true);
    await coordinator({ programme: "pairs" });
    expect(await opens()).toBe(false);
    await coordinator({ until: now + 10 });
    expect([await opens(now + 9), await opens(now + 10)]).toEqual([true, false]);
    await store.db.grant.deleteMany({ where: { personId: "per" } });
    expect(await opens()).toBe(false);
    // Who stands in for nobody in particular needs nobody.
    await giveRole(store.db, { personId: "ida", role: "deputy", organisationId: town, createdBy: null }, now);
    expect(await opens()).toBe(true);
  });

  test("only a later end replaces an earlier one, and for good is the latest", async () => {
    const untilOf = async () => Number((await store.db.grant.findFirstOrThrow()).until ?? 0n);
    await give({ until: now + 10 });
    await give({ until: now + 20 });
    expect(await untilOf()).toBe(now + 20);
    await give({ until: now + 5 });
    expect(await untilOf()).toBe(now + 20);
    await give();
    expect(await untilOf()).toBe(0);
    await give({ until: now + 30 });
    expect(await untilOf()).toBe(0);
    expect(await store.db.grant.count()).toBe(1);
  });
});
