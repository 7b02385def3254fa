import { describe, expect, test } from "vitest";
import { createSilentJobs } from "../../src/jobs/silent.ts";
import { giveRole } from "../../src/people/grants.ts";
import { createOrganisation, ensureRoot } from "../../src/people/organisations.ts";
import { rootId } from "../../src/people/standing.ts";
import type { Store } from "../../src/store/types.ts";
import { databaseKinds } from "../support/databases.ts";
import { eachWithStore } from "../support/each-store.ts";

const now = Date.UTC(2026, 2, 3, 9);

describe.each(databaseKinds)("who hears of a learner who is silent, on %s", (kind) => {
  let store: Store;
  let world: Awaited<ReturnType<typeof createWorld>>;
  eachWithStore(kind, async (opened) => {
    store = opened;
    world = await createWorld(store);
  });

  test("the coordinator who looks after them, and nobody else", async () => {
    await world.coordinator("lead", world.town);
    await world.coordinator("own", world.town);
    await world.learner("anna", world.town, "own");
    expect(await world.silent("anna")).toEqual([
      { to: "own", data: { person: "anna", name: "Name of anna", since: 7 } },
    ]);
  });

  test("else every coordinator and deputy of their organisation, not those of its neighbours or above", async () => {
    for (const name of ["one", "two"]) await world.coordinator(name, world.town);
    await world.deputy("late", world.town, now - 1);
    await world.deputy("deputy", world.town, now + 1);
    await world.coordinator("other", world.city);
    await world.coordinator("above", rootId);
    await world.learner("anna", world.town);
    expect((await world.silent("anna")).map(({ to }) => to).sort()).toEqual(["deputy", "one", "two"]);
  });

  test("where the organisation has nobody who can be reached, those above it", async () => {
    await world.coordinator("gone", world.town, { address: false });
    await world.coordinator("above", rootId);
    await world.learner("anna", world.town, "gone");
    expect((await world.silent("anna")).map(({ to }) => to)).toEqual(["above"]);
  });

  test("without any organisation, those at the top; and where nobody was given a role, whoever is called coordinator", async () => {
    await world.person("anna");
    await world.person("invited", { roles: ["coordinator"] });
    expect((await world.silent("anna")).map(({ to }) => to)).toEqual(["invited"]);
    await world.coordinator("other", world.city);
    expect(await world.silent("anna")).toEqual([]);
    await world.coordinator("top", rootId);
    expect((await world.silent("anna")).map(({ to }) => to)).toEqual(["top"]);
  });

  test("whoever looked after them hears nothing more once the role has ended or is in another place", async () => {
    await world.coordinator("ended", world.town, { until: now - 1 });
    await world.coordinator("elsewhere", world.city);
    await world.coordinator("taken", world.town);
    await world.coordinator("lead", world.town);
    for (const name of ["ended", "elsewhere", "taken"]) await world.learner(`learner-of-${name}`, world.town, name);
    await world.takeRole("taken");
    for (const name of ["ended", "elsewhere", "taken"])
      expect((await world.silent(`learner-of-${name}`)).map(({ to }) => to)).toEqual(["lead"]);
  });

  test("a role that has ended is not found by its name either", async () => {
    await world.coordinator("ended", world.town, { until: now - 1, roles: ["coordinator"] });
    await world.learner("anna", world.town, "ended");
    expect(await world.silent("anna")).toEqual([]);
  });

  test("a coordinator of another programme hears nothing, and a deputy only of what the coordinator had there", async () => {
    await world.coordinator("own", world.town);
    await world.coordinator("other-programme", world.town, { programme: "pairs" });
    await world.learner("anna", world.town, "own");
    await world.deputy("elsewhere", world.city, now + 1, { deputyFor: "own" });
    await world.deputy("wrong", world.town, now + 1, { deputyFor: "own", programme: "pairs" });
    expect((await world.silent("anna")).map(({ to }) => to)).toEqual(["own"]);
    await world.deputy("deputy", world.town, now + 1, { deputyFor: "own", programme: "family-mentor" });
    expect((await world.silent("anna")).map(({ to }) => to)).toEqual(["deputy"]);
    await world.learner("bo", world.town, "other-programme");
    expect((await world.silent("bo")).map(({ to }) => to)).toEqual(["deputy"]);
  });

  test("nobody is told about themselves, and a person who is gone is no reason to tell anybody", async () => {
    await world.coordinator("lead", rootId);
    expect(await world.silent("lead")).toEqual([]);
    expect(await world.silent("nobody")).toEqual([]);
  });

  test("the country is the organisation's, or that of the one above it", async () => {
    await world.learner("anna", world.town);
    await world.learner("bo", world.city);
    await world.person("cy");
    expect(await world.country("anna")).toEqual([{ to: "anna", data: { country: "FI" } }]);
    expect(await world.country("bo")).toEqual([{ to: "bo", data: { country: "SE" } }]);
    expect(await world.country("cy")).toEqual([{ to: "cy", data: { country: "" } }]);
  });
});

/** A region in Finland with a town below it that names no country of its own, and a city in Sweden. */
async function createWorld({ db }: Store) {
  await ensureRoot(db, now);
  const organisation = (name: string, parentId: string, country: string) =>
    createOrganisation(db, { name, kind: "municipality", parentId, country }, now);
  const region = await organisation("Region", rootId, "FI");
  const town = await organisation("Town", region, "");
  const city = await organisation("City", rootId, "SE");
  await db.cohort.create({
    data: {
      id: "c",
      name: "Spring",
      programme: "family-mentor",
      version: "1.0.0",
      languages: "[]",
      pace: `{"kind":"own"}`,
      state: "running",
      joining: "code",
      ticks: "{}",
      createdAt: BigInt(now),
    },
  });
  let told: { to: string; data: unknown }[] = [];
  const jobs = createSilentJobs({
    db,
    now: () => now,
    report: async (_id, to, _name, data) => void told.push({ to: to.person.id, data }),
  });
  const run = async (name: "silent" | "country", personId: string) => {
    told = [];
    await jobs[name]({ id: `j-${personId}`, personId, name, data: { since: 7 }, attempts: 0 });
    return told;
  };

  async function person(id: string, options: { roles?: readonly string[]; address?: boolean } = {}): Promise<void> {
    const address = { id: `chat:bot:${id}`, channel: "chat", tenant: "bot", user: id, ref: "{}" };
    await db.person.create({
      data: {
        id,
        name: `Name of ${id}`,
        timeZone: "Europe/Copenhagen",
        timeZoneKnown: false,
        stopped: false,
        roles: JSON.stringify(options.roles ?? []),
        addressId: address.id,
        createdAt: BigInt(now),
        ...(options.address === false
          ? {}
          : { addresses: { create: [{ ...address, state: "reachable", changedAt: BigInt(now) }] } }),
      },
    });
  }

  return {
    town,
    city,
    person,
    silent: (id: string) => run("silent", id),
    country: (id: string) => run("country", id),
    async coordinator(
      id: string,
      organisationId: string,
      options: { address?: boolean; until?: number; programme?: string; roles?: readonly string[] } = {},
    ): Promise<void> {
      const { until, programme = null } = options;
      await person(id, options);
      const grant = { personId: id, role: "coordinator", organisationId, programme, createdBy: null } as const;
      await giveRole(db, { ...grant, ...(until === undefined ? {} : { until }) }, now);
    },
    async takeRole(id: string): Promise<void> {
      await db.grant.deleteMany({ where: { personId: id } });
    },
    async deputy(
      id: string,
      organisationId: string,
      until: number,
      more: { deputyFor?: string; programme?: string } = {},
    ): Promise<void> {
      await person(id);
      await giveRole(db, { personId: id, role: "deputy", organisationId, until, createdBy: null, ...more }, now);
    },
    async learner(id: string, organisationId: string, caredBy: string | null = null): Promise<void> {
      await person(id);
      const at = BigInt(now);
      await db.membership.create({
        data: {
          id: `m-${id}`,
          cohortId: "c",
          personId: id,
          organisationId,
          state: "active",
          caredBy,
          ticks: "[]",
          joinedAt: at,
          changedAt: at,
        },
      });
    },
  };
}
