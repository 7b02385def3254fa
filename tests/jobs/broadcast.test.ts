import { describe, expect, test } from "vitest";
import { createBroadcasts } from "../../src/broadcasts/service.ts";
import type { Inbound } from "../../src/engine/types.ts";
import { createBroadcastJobs } from "../../src/jobs/broadcast.ts";
import { giveRole } from "../../src/people/grants.ts";
import { ensureRoot } from "../../src/people/organisations.ts";
import { rootId, standingOf } from "../../src/people/standing.ts";
import { createCatalogue } from "../../src/programmes/catalogue.ts";
import type { Store } from "../../src/store/types.ts";
import { onePart } from "../broadcasts/world.ts";
import { fakePlatform } from "../outbox/harness.ts";
import { programmes, tuesday, words } from "../support/chat.ts";
import { databaseKinds, quietLog } from "../support/databases.ts";
import { eachWithStore } from "../support/each-store.ts";
import { addressOf, firstTurn, turn } from "../support/turns.ts";

describe.each(databaseKinds)("a broadcast's job that runs again, on %s", (kind) => {
  let store: Store;
  let clock: { now: number };
  let heard: unknown[];
  let id: string;
  eachWithStore(kind, async (opened) => {
    store = opened;
    clock = { now: tuesday };
    heard = [];
    await ensureRoot(store.db, clock.now);
    await store.write([firstTurn("lead")]);
    await giveRole(
      store.db,
      { personId: "lead", role: "coordinator", organisationId: rootId, createdBy: null },
      clock.now,
    );
    const standing = await standingOf(store.db, "lead", clock.now);
    const content = { texts: { en: "Hello." }, next: false, acknowledge: false, options: [] };
    id = (await createBroadcasts(deps()).draft(standing, { audience: {}, content, timing: { kind: "now" } })) ?? "";
  });

  const deps = () => ({
    store,
    catalogue: createCatalogue(programmes, []),
    words,
    adapters: [onePart(fakePlatform(addressOf("lead").channel, { lane: false }).adapter)],
    now: () => clock.now,
    secret: "a secret for tests only, thirty-two characters",
    log: quietLog,
    receive: async ({ input }: Inbound) => {
      if (input.type === "timer") heard.push(input.data);
      return { outcome: "taken" } as const;
    },
  });

  /** What a press asks for; the job stays until it is done. */
  async function press(name: string, what: "send" | "undo"): Promise<() => Promise<void>> {
    clock.now += 1_000;
    await store.write([
      { ...turn("lead", { jobs: [{ id: name, name: "broadcast", data: { do: what, id } }] }), at: clock.now },
    ]);
    const job = { id: name, personId: "lead", name: "broadcast", data: { do: what, id }, attempts: 0 };
    return async () => {
      clock.now += 1_000;
      await createBroadcastJobs(deps()).broadcast?.(job);
    };
  }
  const state = async () => (await store.db.broadcast.findUnique({ where: { id } }))?.state;

  test("does not send again what was taken back since", async () => {
    const send = await press("send", "send");
    await send();
    await send();
    expect(await state()).toBe("scheduled");
    expect(heard).toEqual([
      { show: "sent", id },
      { show: "sent", id },
    ]);
    const undo = await press("undo", "undo");
    await undo();
    await send();
    expect(await state()).toBe("draft");
    const again = await press("again", "send");
    await again();
    expect(await state()).toBe("scheduled");
  });

  test("says of what it took back that it was taken back, also the second time", async () => {
    await (await press("send", "send"))();
    const undo = await press("undo", "undo");
    await undo();
    await undo();
    expect(heard.slice(1)).toEqual([
      { show: "undone", done: true },
      { show: "undone", done: true },
    ]);
    await store.db.broadcast.update({ where: { id }, data: { state: "done" } });
    await (await press("late", "undo"))();
    expect(heard.at(-1)).toEqual({ show: "undone", done: false });
  });
});
