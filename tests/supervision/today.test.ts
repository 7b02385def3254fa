import { describe, expect, test } from "vitest";
import { giveRole } from "../../src/people/grants.ts";
import { createOrganisation, ensureRoot } from "../../src/people/organisations.ts";
import { rootId, standingOf } from "../../src/people/standing.ts";
import { outboxStatus, type Store } from "../../src/store/types.ts";
import { countOf, todayFor } from "../../src/supervision/today.ts";
import { tuesday } from "../support/chat.ts";
import { databaseKinds } from "../support/databases.ts";
import { eachWithStore } from "../support/each-store.ts";

const dayMs = 86_400_000;
const many = 60;

describe.each(databaseKinds)("what waits for a coordinator, on %s", (kind) => {
  let store: Store;
  eachWithStore(kind, async (opened) => {
    store = opened;
    await ensureRoot(store.db, tuesday);
    const given = { name: "Town", kind: "municipality", parentId: rootId, country: "DK" } as const;
    const town = await createOrganisation(store.db, given, tuesday);
    await members(town);
  });

  /** Sixty silent learners of two programmes, a coordinator of one, and messages that did not arrive. */
  async function members(town: string): Promise<void> {
    const { db } = store;
    const at = BigInt(tuesday);
    const cohort = { name: "", version: "1", languages: "[]", pace: '{"kind":"own"}', joining: "code", ticks: "{}" };
    for (const programme of ["pairs", "family-mentor"])
      await db.cohort.create({ data: { id: programme, programme, ...cohort, state: "running", createdAt: at } });
    const ids = Array.from({ length: many }, (_, index) => `learner-${String(index).padStart(2, "0")}`);
    const settings = { timeZone: "UTC", timeZoneKnown: false, stopped: false, roles: "[]", createdAt: at };
    await db.person.createMany({
      data: [...ids, "lead"].map((id) => ({ id, name: id, addressId: `chat:bot:${id}`, ...settings })),
    });
    await db.address.createMany({
      data: ids.map((id) => ({
        id: `chat:bot:${id}`,
        personId: id,
        channel: "chat",
        tenant: "bot",
        user: id,
        ref: "{}",
        state: "reachable",
        changedAt: at,
      })),
    });
    const dates = { ticks: "[]", joinedAt: at, changedAt: at };
    await db.membership.createMany({
      data: ids.map((id, index) => ({
        id,
        personId: id,
        cohortId: index === 0 ? "pairs" : "family-mentor",
        organisationId: town,
        state: "active",
        ...dates,
      })),
    });
    const grant = { personId: "lead", role: "coordinator", organisationId: town, createdBy: null } as const;
    await giveRole(db, { ...grant, programme: "family-mentor" }, tuesday);
  }

  const message = (personId: string, status: number, code: string | null) =>
    store.db.outbox.create({
      data: {
        lane: "",
        addressId: `chat:bot:${personId}`,
        personId,
        class: 1,
        status,
        payload: "[]",
        notBefore: 0n,
        attempts: 1,
        mayBeSent: false,
        code,
        createdAt: BigInt(tuesday),
      },
    });
  const today = async (now: number) => todayFor(store.db, await standingOf(store.db, "lead", now), now, new Set());

  test("is counted whole where the lists show the first fifty, and is of one's own programme alone", async () => {
    const found = await today(tuesday + 20 * dayMs);
    expect(found.silent).toHaveLength(50);
    expect(found.counts.silent).toBe(many - 1);
    expect(countOf(found)).toBe(many - 1);
    expect(found.silent.some(({ personId }) => personId === "learner-00")).toBe(false);
  });

  test("names messages that did not arrive and why somebody cannot be reached", async () => {
    const { unknown, rejected, gone, waiting, streamed } = outboxStatus;
    await message("learner-01", unknown, "timeout");
    await message("learner-02", rejected, "400");
    await message("learner-03", gone, "410 older");
    await message("learner-03", gone, "403 bot was blocked by the user");
    await message("learner-04", waiting, null);
    await message("learner-05", streamed, null);
    await message("learner-00", unknown, "of another programme");
    await store.db.address.update({ where: { id: "chat:bot:learner-03" }, data: { state: "gone" } });
    const found = await today(tuesday);
    expect(found.unsent.map(({ personId, state, code, at }) => [personId, state, code, at])).toEqual([
      ["learner-02", "rejected", "400", tuesday],
      ["learner-01", "unknown", "timeout", tuesday],
    ]);
    expect(found.unreachable.map(({ personId, reason }) => [personId, reason])).toEqual([["learner-03", "blocked"]]);
  });
});
