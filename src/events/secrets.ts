import { type CheckInTimes, usualReminders, usualTimes } from "../domain/check-in.ts";
import { loadSettings } from "../people/settings.ts";
import type { Database } from "../store/client.ts";
import type { Coded } from "./codes.ts";
import { secretPurpose, type TrainingEvent } from "./events.ts";

/** How long settings are remembered, milliseconds: two thousand people check in within two minutes. */
const knownMs = 30_000;

/** What codes are made and read with. */
export interface CodingDeps {
  readonly db: Database;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly open: (purpose: string, sealed: Uint8Array, context: string) => string;
}

/** What an organisation decided about sessions. */
export interface EventRules {
  readonly times: CheckInTimes;
  readonly reminders: readonly number[];
}

/** Opens the secrets of sessions and knows their organisations' rules, remembering both for a while. */
export function createCoding({ db, now, open }: CodingDeps) {
  const secrets = new Map<string, string>();
  const known = new Map<string, { readonly at: number; readonly rules: EventRules }>();

  async function rulesOf(cohortId: string): Promise<EventRules> {
    const found = known.get(cohortId);
    if (found !== undefined && Math.abs(now() - found.at) < knownMs) return found.rules;
    const lead = await db.cohortPart.findFirst({ where: { cohortId }, orderBy: { lead: "desc" } });
    const { sessions = {} } = lead === null ? {} : (await loadSettings(db)).of(lead.organisationId);
    const { reminders = usualReminders, ...times } = sessions;
    const rules = { times: { ...usualTimes, ...times }, reminders };
    if (known.size > 1_000) known.clear();
    known.set(cohortId, { at: now(), rules });
    return rules;
  }

  return {
    rulesOf,
    async codedOf(event: TrainingEvent): Promise<Coded> {
      const { id, startsAt, endsAt, cohortId } = event;
      const secret = secrets.get(id) ?? open(secretPurpose, event.secret, id);
      if (secrets.size > 1_000) secrets.clear();
      secrets.set(id, secret);
      return { startsAt, endsAt, secret, times: (await rulesOf(cohortId)).times };
    },
  };
}
export type Coding = ReturnType<typeof createCoding>;
