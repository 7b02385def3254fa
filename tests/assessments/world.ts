import { createAppointments } from "../../src/appointments/appointments.ts";
import { assessmentTalks } from "../../src/assessments/talks.ts";
import { talkKind } from "../../src/assessments/types.ts";
import type { CertificateKind } from "../../src/domain/certification.ts";
import type { Catalogue, Programme } from "../../src/domain/programme.ts";
import { project } from "../../src/domain/progress.ts";
import type { Rule } from "../../src/domain/requirements.ts";
import type { Json } from "../../src/engine/types.ts";
import { createAppointmentJobs } from "../../src/jobs/appointments.ts";
import { createAssessmentJobs } from "../../src/jobs/assessments.ts";
import type { Store } from "../../src/store/types.ts";
import { createWorld as createInboxWorld } from "../inbox/world.ts";
import { programmes } from "../support/chat.ts";

const [first] = programmes;
if (first?.certification === undefined || first.framework === undefined) throw new Error("there is no framework");
const [kind] = first.certification.certificates;
if (kind === undefined) throw new Error("there is no certificate");
export const framework = first.framework;

/** The programme with one certificate that asks for little beside these people. */
export function asking(
  decision: Partial<CertificateKind["decision"]>,
  more: { readonly rating?: boolean } = {},
): Programme {
  const whole = { assessors: 1, external: false, countersign: false, ...decision };
  const check: Rule = { is: "check", check: "identity", within: "ever" };
  const rating: Rule = { is: "rating", atLeast: 1, assessors: whole.assessors, within: "ever" };
  const requires: Rule = { is: "all", of: more.rating === false ? [check] : [check, rating] };
  const certification = first?.certification;
  if (first === undefined || certification === undefined || kind === undefined) throw new Error("no programme");
  return { ...first, certification: { ...certification, certificates: [{ ...kind, requires, decision: whole }] } };
}

/** Learners and assessors in chats over a real database. */
export async function createWorld(store: Store, programme: Programme) {
  const awarded: string[] = [];
  const kinds = (deps: { readonly catalogue: Catalogue; readonly now: () => number }) => ({
    [talkKind]: assessmentTalks({ ...deps, db: store.db }),
  });
  const world = await createInboxWorld(store, {
    programmes: [programme],
    jobs: (deps) => ({
      ...createAssessmentJobs({ ...deps, db: store.db }),
      ...createAppointmentJobs({
        ...{ ...deps, db: store.db },
        appointments: createAppointments({ ...deps, db: store.db }, kinds(deps)),
      }),
      /** What comes after is another part's. */
      async award(job) {
        awarded.push(String((job.data as { assessment?: string }).assessment));
      },
    }),
  });
  const { db } = store;
  const deps = { db, now: () => world.clock.now, seal: world.seal, open: world.open, catalogue: world.catalogue };
  type Chat = Awaited<ReturnType<typeof world.learner>>;

  /** Puts entries into somebody's record, as their turns would. */
  async function remember(who: Chat, entries: readonly { type: string; key: string; data: Json }[]): Promise<void> {
    const personId = await who.id();
    const at = world.clock.now;
    const whole = entries.map((one) => ({ ...one, programme: programme.id, version: programme.version, at }));
    const before = await db.progress.findUnique({ where: { personId } });
    const state = JSON.stringify(project(before === null ? null : JSON.parse(before.state), whole));
    await db.progress.upsert({ where: { personId }, create: { personId, state }, update: { state } });
    for (const one of whole)
      await db.record.create({ data: { ...one, personId, data: JSON.stringify(one.data), at: BigInt(at) } });
  }

  /** A learner in a cohort who has everything but the ratings. */
  async function candidate(user: string, organisationId: string, given: { caredBy?: string; self?: number } = {}) {
    const who = await world.learner(user);
    await world.member(who, organisationId, given.caredBy === undefined ? {} : { caredBy: given.caredBy });
    await remember(who, [
      { type: "checked", key: "checked:1", data: { check: "identity", day: "2026-03-01", by: "x" } },
    ]);
    if (given.self !== undefined) {
      const levels = Object.fromEntries(ids.map((id) => [id, given.self ?? 0]));
      await remember(who, [
        { type: "self.done", key: "self:1", data: { attempt: "1", framework: framework.version, levels } },
        { type: "self.shared", key: "self.shared:1:1", data: { attempt: "1", shared: true } },
      ]);
    }
    return who;
  }

  /** Types or presses, does the work behind it, and gives what the chat heard. */
  const after = async (who: Chat, said: Promise<string>): Promise<string> => {
    world.clock.now += 1_000;
    const first = await said;
    await world.work();
    return `${first}\n${await who.news()}`;
  };
  return {
    ...world,
    deps,
    appointments: createAppointments(deps, kinds(deps)),
    remember,
    candidate,
    awards: async (): Promise<readonly string[]> => awarded,
    press: (who: Chat, label: string) => after(who, who.press(label)),
    type: (who: Chat, text: string) => after(who, who.type(text)),
    command: (who: Chat, name: string, args = "") => after(who, who.command(name, args)),
  };
}

export const ids = framework.categories.flatMap((category) => category.competences.map(({ id }) => id));
