import { type BroadcastDeps, createPlanner } from "../../src/broadcasts/planner.ts";
import { createBroadcasts, type Written } from "../../src/broadcasts/service.ts";
import type { Adapter } from "../../src/engine/adapter.ts";
import { giveRole } from "../../src/people/grants.ts";
import { createOrganisation, ensureRoot } from "../../src/people/organisations.ts";
import { rootId, standingOf } from "../../src/people/standing.ts";
import { createCatalogue } from "../../src/programmes/catalogue.ts";
import type { Store } from "../../src/store/types.ts";
import { fakePlatform } from "../outbox/harness.ts";
import { programmes, words } from "../support/chat.ts";
import { quietLog } from "../support/databases.ts";

/** Thursday, 5 March 2026, 11:00 in Copenhagen. */
export const thursday = Date.UTC(2026, 2, 5, 10);

/** A plain text for everybody. */
export const hello: Written = {
  audience: {},
  content: { texts: { en: "Dear {name}, welcome." }, next: false, acknowledge: false, options: [] },
  timing: { kind: "now" },
};

/** Somebody in the database, with what differs from everybody else. */
export interface Somebody {
  readonly channel?: string;
  readonly name?: string;
  readonly language?: string | null;
  readonly timeZone?: string;
  readonly stopped?: boolean;
  readonly pausedUntil?: number | null;
  readonly gone?: boolean;
  readonly addressless?: boolean;
}

/** Broadcasts over a real store, with fake platforms and a clock that stands. */
export async function createWorld(store: Store, adapters?: readonly Adapter[]) {
  const clock = { now: thursday };
  const deps: BroadcastDeps = {
    store,
    catalogue: createCatalogue(programmes, []),
    words,
    adapters: adapters ?? [onePart(fakePlatform("x").adapter)],
    now: () => clock.now,
    secret: "a secret for tests only, thirty-two characters",
    log: quietLog,
  };
  const broadcasts = createBroadcasts(deps);
  await ensureRoot(store.db, clock.now);

  /** Adds one person; the number is part of the id, so that ids have an order. */
  async function person(id: string, more: Somebody = {}): Promise<string> {
    const { channel = "x", gone = false, addressless = false, ...rest } = more;
    const address = `${channel}:bot:${id}`;
    await store.db.person.create({
      data: {
        id,
        name: `Ann${id} Example`,
        language: "en",
        timeZone: "Europe/Copenhagen",
        timeZoneKnown: true,
        stopped: false,
        roles: "[]",
        addressId: address,
        createdAt: BigInt(clock.now),
        ...rest,
        pausedUntil: rest.pausedUntil == null ? null : BigInt(rest.pausedUntil),
      },
    });
    if (addressless) return id;
    await store.db.address.create({
      data: {
        id: address,
        personId: id,
        channel,
        tenant: "bot",
        user: id,
        ref: "{}",
        state: gone ? "gone" : "reachable",
        changedAt: BigInt(clock.now),
      },
    });
    return id;
  }

  /** Adds people in one go: `p00000`, `p00001` … in turn on these channels. */
  async function crowd(count: number, channels: readonly string[] = ["x"]): Promise<void> {
    const rows = Array.from({ length: count }, (_, index) => {
      const id = `p${String(index).padStart(5, "0")}`;
      return { id, channel: channels[index % channels.length] ?? "x" };
    });
    const at = BigInt(clock.now);
    for (let from = 0; from < rows.length; from += 500) {
      const some = rows.slice(from, from + 500);
      await store.db.person.createMany({
        data: some.map(({ id, channel }) => ({
          id,
          name: `Ann${id} Example`,
          language: "en",
          timeZone: "Europe/Copenhagen",
          timeZoneKnown: true,
          stopped: false,
          roles: "[]",
          addressId: `${channel}:bot:${id}`,
          createdAt: at,
        })),
      });
      await store.db.address.createMany({
        data: some.map(({ id, channel }) => ({
          id: `${channel}:bot:${id}`,
          personId: id,
          channel,
          tenant: "bot",
          user: id,
          ref: "{}",
          state: "reachable",
          changedAt: at,
        })),
      });
    }
  }

  /** A coordinator of an organisation, who is no member of anything and cannot be written to. */
  async function coordinator(id: string, organisationId: string = rootId) {
    await person(id, { stopped: true });
    await giveRole(store.db, { personId: id, role: "coordinator", organisationId, createdBy: null }, clock.now);
    return standingOf(store.db, id, clock.now);
  }

  const organisation = (name: string, region?: string): Promise<string> =>
    createOrganisation(
      store.db,
      { name, kind: "municipality", parentId: rootId, country: "DK", ...(region === undefined ? {} : { region }) },
      clock.now,
    );

  async function cohort(id: string, members: readonly (readonly [person: string, organisation: string])[]) {
    await store.db.cohort.create({
      data: {
        id,
        name: `Cohort ${id}`,
        programme: programmes[0]?.id ?? "",
        version: "1.0.0",
        languages: `["en"]`,
        pace: `{"kind":"own"}`,
        state: "running",
        joining: "code",
        ticks: "{}",
        createdAt: BigInt(clock.now),
      },
    });
    for (const [personId, organisationId] of members) {
      await store.db.membership.create({
        data: {
          id: `${id}-${personId}`,
          cohortId: id,
          personId,
          organisationId,
          state: "active",
          ticks: "{}",
          joinedAt: BigInt(clock.now),
          changedAt: BigInt(clock.now),
        },
      });
    }
  }

  return {
    store,
    clock,
    deps,
    broadcasts,
    person,
    crowd,
    coordinator,
    organisation,
    cohort,
    planner: (more: Partial<BroadcastDeps> = {}) => createPlanner({ ...deps, ...more }),
    /** Writes and sends a broadcast, and lets its ten seconds pass. */
    async sent(standing: Awaited<ReturnType<typeof standingOf>>, written: Written = hello): Promise<string> {
      const id = await broadcasts.draft(standing, written);
      if (id === undefined) throw new Error("this coordinator may not send");
      await broadcasts.send(standing, id, "Europe/Copenhagen");
      clock.now += 10_000;
      return id;
    },
    /** How many deliveries are in each state. */
    async states(id: string): Promise<Record<string, number>> {
      const rows = await store.db.broadcastDelivery.groupBy({
        by: ["state"],
        where: { broadcastId: id },
        _count: { personId: true },
      });
      return Object.fromEntries(rows.map((row) => [row.state, row._count.personId]));
    },
    /** Claims up to `limit` rows of a lane and settles them as this, else as sent. */
    async step(
      lane: string,
      limit: number,
      code?: { readonly outcome: "unknown" | "rejected" | "gone"; readonly code: string },
      delivered?: true,
    ) {
      const [lease] = await store.outbox.take("test", [lane], 60_000, 10);
      if (lease === undefined) throw new Error(`the lane ${lane} is not free`);
      const rows = await store.outbox.step(lease, "test", clock.now, [], { limit, busy: [] });
      const settle = rows.map((row) => {
        const [, broadcast = "", one = ""] = row.parts[0]?.id.split(":") ?? [];
        const of = { broadcast, person: one };
        const token = row.parts[0]?.reply.token ?? "";
        if (code !== undefined) return { seq: row.seq, of, ...code };
        const sent = { seq: row.seq, of, outcome: "sent" as const, messages: [{ token, messageId: `m-${token}` }] };
        return delivered === true ? { ...sent, delivered } : sent;
      });
      return {
        rows,
        settle: async () => {
          await store.outbox.step(lease, "test", clock.now, settle, { limit: 0, busy: [] });
          await store.outbox.release("test");
        },
      };
    },
  };
}

/** A platform whose messages are one part up to 200 characters, as its preview says. */
export function onePart(adapter: Adapter): Adapter {
  return {
    ...adapter,
    preview: (reply) => {
      const length = JSON.stringify(reply.text).length;
      return { parts: Array.from({ length: Math.ceil(length / 400) }, (_, index) => index) };
    },
  };
}
