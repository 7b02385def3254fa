import type { Json } from "../engine/types.ts";
import type { Database } from "../store/client.ts";

/** Somebody looked at personal data or changed it. Ids and counts only: no name, no text. */
export interface Entry {
  /** A person's id, or `command` for the command line, or `system`. */
  readonly actor: string;
  /** What was done: a noun and a verb, such as `person.see`. */
  readonly action: string;
  readonly subject?: string;
  readonly organisationId?: string;
  readonly detail?: Json;
}

/** Writes the audit trail. */
export type WriteAudit = (entry: Entry) => Promise<void>;

/** The audit trail of a database; `now` is epoch milliseconds. */
export function createAudit(db: Pick<Database, "audit">, now: () => number): WriteAudit {
  return async ({ actor, action, subject, organisationId, detail }) => {
    await db.audit.create({
      data: {
        at: BigInt(now()),
        actor,
        action,
        subject: subject ?? null,
        organisationId: organisationId ?? null,
        detail: JSON.stringify(detail ?? {}),
      },
    });
  };
}
