import { createFindings } from "../authoring/findings.ts";
import { createGroupJobs } from "../broadcasts/group.ts";
import { createPlanner } from "../broadcasts/planner.ts";
import { decisions } from "../certificates/decisions.ts";
import { createSweep } from "../certificates/sweep.ts";
import type { Catalogue } from "../domain/programme.ts";
import type { Adapter, Receive } from "../engine/adapter.ts";
import { createEventsTick } from "../events/tick.ts";
import { evidenceForAssessors } from "../evidence/assessed.ts";
import { createEvidenceRetention } from "../evidence/retention.ts";
import { createAssessmentJobs } from "../jobs/assessments.ts";
import { createAwardJobs } from "../jobs/award.ts";
import { createBroadcastJobs } from "../jobs/broadcast.ts";
import { createCertificateJobs } from "../jobs/certificates.ts";
import { createEvidenceJobs } from "../jobs/evidence.ts";
import { createJobs } from "../jobs/index.ts";
import { createMailboxJobs } from "../jobs/mailbox.ts";
import { createInvitationJobs } from "../mail/invitations.ts";
import { createRosterMailJobs } from "../mail/roster.ts";
import { createHotlines } from "../people/hotlines.ts";
import { createShorterRetention } from "../people/retention.ts";
import { createGuard } from "../privacy/guard.ts";
import { createInactive } from "../privacy/inactive.ts";
import { caseId, caseUri } from "../programmes/framework-case.ts";
import { createScheduler } from "../schedule/scheduler.ts";
import { createChance } from "../turns/chance.ts";
import { createReceive, type Receiver, type TurnObserver } from "../turns/receive.ts";
import { openCatalogue } from "./catalogue.ts";
import { certificatesFor } from "./certificates.ts";
import { laneFor } from "./lanes.ts";
import { originOf } from "./origin.ts";
import type { Foundation, Ingredients } from "./parts.ts";
import { createShared } from "./shared.ts";
import { createSources } from "./sources.ts";
import { createStage } from "./stage.ts";

/** What a server and a terminal have in common: words, content, pictures, turns and time. */
export async function createCore(foundation: Foundation, ingredients: Ingredients) {
  const { config, store, box, secret, log } = foundation;
  const { now } = config.clock;
  const [catalogue, hotlines, script] = await Promise.all([
    openCatalogue(config.programmesDir, store, now, log),
    createHotlines(store.db, now),
    ingredients.script(),
  ]);
  const chance = createChance();
  const shared = createShared(foundation);
  const seal = (purpose: string, text: string, context: string) => box.seal(purpose, Buffer.from(text), context);
  const open = (purpose: string, sealed: Uint8Array, context: string) =>
    Buffer.from(box.open(purpose, sealed, context)).toString();
  const evidenceFor = evidenceForAssessors({ store, open, origin: originOf(config) });
  const certificates = certificatesFor(config, store, box);
  const guard = createGuard(
    shared.deps.words,
    ingredients.platforms.map(({ channel }) => channel),
  );

  return {
    shared,
    seal,
    open,
    certificates,
    evidenceFor,
    catalogue,
    authoring: {
      findIn: createFindings(store.db, now),
      stage: createStage({ script, words: shared.deps.words, guard, log }),
      source: createSources(store, config.programmesDir),
      refresh: () => catalogue.refresh("at once"),
    },
    chance,
    createTurns: (adapters: readonly Adapter[], observe: TurnObserver): Receiver =>
      createReceive({
        store,
        script,
        words: shared.deps.words,
        content: {
          // Read with every turn: what is taught changes while it runs.
          get programmes() {
            return catalogue.programmes;
          },
          get: catalogue.get,
          holidays: catalogue.holidays,
          helpNumbers: hotlines.of,
        } satisfies Catalogue,
        now,
        chance,
        publicUrl: config.publicUrl,
        guard,
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
            seal,
            open,
            now,
          }),
          ...createCertificateJobs({
            db: store.db,
            receive,
            now,
            origin: originOf(config),
            sign: shared.deps.sign,
            seal,
          }),
          ...createAwardJobs({
            db: store.db,
            receive,
            catalogue,
            now,
            words,
            certificates,
            publicUrl: config.publicUrl,
            origin: originOf(config),
            decided: decisions({ db: store.db, catalogue, now }),
            itemUri: ({ id }, competence) => caseUri(config.publicUrl, "CFItem", caseId(id, "CFItem", competence)),
          }),
          ...createGroupJobs({ db: store.db, adapters, keep: store.keep("groups"), now }),
          ...createInvitationJobs({
            db: store.db,
            adapters,
            words,
            open,
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
            seal,
          }),
          ...createEvidenceJobs({
            store,
            receive,
            now,
            secret,
            origin: originOf(config),
            seal,
            open,
            sealBytes: box.seal,
            openBytes: box.open,
          }),
          ...createAssessmentJobs({ db: store.db, receive, catalogue, now, seal, open, evidenceFor }),
          ...createJobs({
            store,
            receive,
            now,
            secret,
            origin: originOf(config),
            seal,
            open,
          }),
        },
        also: {
          inactive: createInactive({ db: store.db, now }).tick,
          events: createEventsTick({ db: store.db, now }),
          broadcasts: createPlanner(broadcasts).tick,
          hotlines: hotlines.refresh,
          programmes: () => catalogue.refresh(),
          retention: createShorterRetention(store.db, now),
          certificates: createSweep({ db: store.db, receive, catalogue, now, log }).tick,
          evidence: createEvidenceRetention({ store, now }),
        },
        now,
        log,
      });
    },
  };
}

export type Core = Awaited<ReturnType<typeof createCore>>;
