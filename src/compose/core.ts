import type { Adapter, Receive } from "../engine/adapter.ts";
import { createJobs } from "../jobs/index.ts";
import { createScheduler } from "../schedule/scheduler.ts";
import { createChance } from "../turns/chance.ts";
import { createReceive, type Receiver, type TurnObserver } from "../turns/receive.ts";
import { openCatalogue } from "./catalogue.ts";
import { laneFor } from "./lanes.ts";
import type { Foundation, Ingredients } from "./parts.ts";
import { createShared } from "./shared.ts";

/** What a server and a terminal have in common: words, content, pictures, turns and time. */
export async function createCore(foundation: Foundation, ingredients: Ingredients) {
  const { config, store, box, secret, log } = foundation;
  const { now } = config.clock;
  const [catalogue, script] = await Promise.all([
    openCatalogue(config.programmesDir, store, now(), log),
    ingredients.script(),
  ]);
  const chance = createChance();
  const shared = createShared(foundation);

  return {
    shared,
    chance,
    createTurns: (adapters: readonly Adapter[], observe: TurnObserver): Receiver =>
      createReceive({
        store,
        script,
        words: shared.deps.words,
        content: catalogue,
        now,
        chance,
        publicUrl: config.publicUrl,
        seal: (purpose, text) => box.seal(purpose, Buffer.from(text)),
        laneFor: laneFor(adapters),
        log,
        observe,
      }),
    createScheduler: (receive: Receive) =>
      createScheduler({ store, receive, jobs: createJobs({ store, receive, now, secret }), now, log }),
  };
}
