import { createAppointments } from "../appointments/appointments.ts";
import { assessmentTalks } from "../assessments/talks.ts";
import { talkKind } from "../assessments/types.ts";
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
import { createAppointmentJobs } from "../jobs/appointments.ts";
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
  const kinds = { [talkKind]: assessmentTalks({ db: store.db, catalogue, now }) };
  const appointments = createAppointments({ db: store.db, now, seal, open }, kinds);
  const guard = createGuard(
    shared.deps.words,
    ingredients.platforms.map(({ channel }) => channel),
  );

  return {
    shared,
    seal,
    open,
    certificates,
    appointments,
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
          get versions() {
            return catalogue.versions;
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
      const origin = originOf(config);
      const { publicUrl } = config;
      // What jobs work with; each takes of it what it names.
      const common = {
        ...{ store, db: store.db, receive, catalogue, words, adapters, now, log },
        ...{ secret, seal, open, origin, publicUrl },
      };
      return createScheduler({
        store,
        receive,
        jobs: {
          ...createBroadcastJobs(common),
          ...createRosterMailJobs(common),
          ...createCertificateJobs({ ...common, sign: shared.deps.sign }),
          ...createAwardJobs({
            ...common,
            certificates,
            decided: decisions(common),
            itemUri: ({ id }, competence) => caseUri(publicUrl, "CFItem", caseId(id, "CFItem", competence)),
          }),
          ...createGroupJobs({ ...common, keep: store.keep("groups") }),
          ...createInvitationJobs(common),
          ...createMailboxJobs(common),
          ...createEvidenceJobs({ ...common, sealBytes: box.seal, openBytes: box.open }),
          ...createAppointmentJobs({ ...common, appointments }),
          ...createAssessmentJobs({ ...common, evidenceFor }),
          ...createJobs(common),
        },
        also: {
          inactive: createInactive(common).tick,
          events: createEventsTick(common),
          broadcasts: createPlanner(common).tick,
          hotlines: hotlines.refresh,
          programmes: () => catalogue.refresh(),
          retention: createShorterRetention(store.db, now),
          certificates: createSweep(common).tick,
          evidence: createEvidenceRetention(common),
        },
        now,
        log,
      });
    },
  };
}

export type Core = Awaited<ReturnType<typeof createCore>>;
