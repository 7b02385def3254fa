import { createGroupJobs } from "../broadcasts/group.ts";
import { createPlanner } from "../broadcasts/planner.ts";
import type { Adapter, Receive } from "../engine/adapter.ts";
import { createBroadcastJobs } from "../jobs/broadcast.ts";
import { createJobs } from "../jobs/index.ts";
import { createMailboxJobs } from "../jobs/mailbox.ts";
import { createInvitationJobs } from "../mail/invitations.ts";
import { createRosterMailJobs } from "../mail/roster.ts";
import { createHotlines } from "../people/hotlines.ts";
import { createShorterRetention } from "../people/retention.ts";
import { createGuard } from "../privacy/guard.ts";
import { createInactive } from "../privacy/inactive.ts";
import { createScheduler } from "../schedule/scheduler.ts";
import { createChance } from "../turns/chance.ts";
import { createReceive, type Receiver, type TurnObserver } from "../turns/receive.ts";
import { openCatalogue } from "./catalogue.ts";
import { laneFor } from "./lanes.ts";
import { originOf } from "./origin.ts";
import type { Foundation, Ingredients } from "./parts.ts";
import { createShared } from "./shared.ts";

/** What a server and a terminal have in common: words, content, pictures, turns and time. */
export async function createCore(foundation: Foundation, ingredients: Ingredients) {
  const { config, store, box, secret, log } = foundation;
  const { now } = config.clock;
  const [catalogue, hotlines, script] = await Promise.all([
    openCatalogue(config.programmesDir, store, now(), log),
    createHotlines(store.db, now),
    ingredients.script(),
  ]);
  const chance = createChance();
  const shared = createShared(foundation);

  return {
    shared,
    catalogue,
    chance,
    createTurns: (adapters: readonly Adapter[], observe: TurnObserver): Receiver =>
      createReceive({
        store,
        script,
        words: shared.deps.words,
        content: { ...catalogue, helpNumbers: hotlines.of },
        now,
        chance,
        publicUrl: config.publicUrl,
        guard: createGuard(
          shared.deps.words,
          ingredients.platforms.map(({ channel }) => channel),
        ),
        seal: (purpose, text) => box.seal(purpose, Buffer.from(text)),
        laneFor: laneFor(adapters),
        log,
        observe,
      }),
    createScheduler: (receive: Receive, adapters: readonly Adapter[]) => {
      const { words } = shared.deps;
      const broadcasts = { store, catalogue, words, adapters, now, secret, log };
      return createScheduler({
        store,
        receive,
        jobs: {
          ...createBroadcastJobs({ ...broadcasts, receive }),
          ...createRosterMailJobs({
            db: store.db,
            adapters,
            secret,
            publicUrl: config.publicUrl,
            seal: (purpose, text, context) => box.seal(purpose, Buffer.from(text), context),
            open: (purpose, sealed, context) => Buffer.from(box.open(purpose, sealed, context)).toString(),
            now,
          }),
          ...createGroupJobs({ db: store.db, adapters, keep: store.keep("groups"), now }),
          ...createInvitationJobs({
            db: store.db,
            adapters,
            words,
            open: (purpose, sealed, context) => Buffer.from(box.open(purpose, sealed, context)).toString(),
            now,
          }),
          ...createMailboxJobs({
            db: store.db,
            receive,
            adapters,
            words,
            secret,
            origin: originOf(config),
            publicUrl: config.publicUrl,
            now,
            seal: (purpose, text, context) => box.seal(purpose, Buffer.from(text), context),
          }),
          ...createJobs({
            store,
            receive,
            now,
            secret,
            origin: originOf(config),
            seal: (purpose, text, context) => box.seal(purpose, Buffer.from(text), context),
            open: (purpose, sealed, context) => Buffer.from(box.open(purpose, sealed, context)).toString(),
          }),
        },
        also: {
          inactive: createInactive({ db: store.db, now }).tick,
          broadcasts: createPlanner(broadcasts).tick,
          hotlines: hotlines.refresh,
          retention: createShorterRetention(store.db, now),
        },
        now,
        log,
      });
    },
  };
}
