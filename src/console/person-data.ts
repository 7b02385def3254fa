import { seesAll, seesMember } from "./people-data.ts";
import type { ConsoleDeps, Visit } from "./types.ts";

/** A person with what of them one visitor may see. */
export interface SeenPerson {
  readonly id: string;
  readonly name: string;
  readonly language: string | null;
  readonly timeZone: string;
  readonly stopped: boolean;
  readonly pausedUntil: bigint | null;
  readonly addresses: readonly {
    readonly id: string;
    readonly channel: string;
    readonly state: string;
    /** Why nothing arrives there; null: not known. */
    readonly reason: string | null;
    readonly changedAt: bigint;
  }[];
  readonly memberships: readonly {
    readonly id: string;
    readonly state: string;
    readonly joinedAt: bigint;
    readonly organisationId: string;
    readonly cohort: { readonly id: string; readonly name: string; readonly programme: string };
    readonly organisation: { readonly name: string };
  }[];
  /** The programmes of these memberships; undefined: every programme may be seen. */
  readonly programmes: readonly string[] | undefined;
}

/**
 * Reads a person for whoever may see them: a member of one of the visitor's organisations in a programme of theirs, or with the top
 * anybody. Undefined where there is nobody or nobody for this visitor.
 */
export async function personSeen(
  visit: Pick<Visit, "standing">,
  deps: Pick<ConsoleDeps, "store">,
  id: string,
): Promise<SeenPerson | undefined> {
  const { standing } = visit;
  const top = seesAll(standing);
  const row = await deps.store.db.person.findUnique({
    where: { id },
    select: {
      id: true,
      name: true,
      language: true,
      timeZone: true,
      stopped: true,
      pausedUntil: true,
      addresses: { select: { id: true, channel: true, state: true, reason: true, changedAt: true } },
      memberships: {
        where: { organisationId: { in: [...standing.withinSome("people.see")] } },
        select: {
          id: true,
          state: true,
          joinedAt: true,
          organisationId: true,
          cohort: { select: { id: true, name: true, programme: true } },
          organisation: { select: { name: true } },
        },
      },
    },
  });
  if (row === null) return undefined;
  const memberships = row.memberships.filter((one) => seesMember(standing, one.organisationId, one.cohort));
  if (!top && memberships.length === 0) return undefined;
  const programmes = top ? undefined : [...new Set(memberships.map(({ cohort }) => cohort.programme))];
  return { ...row, memberships, programmes };
}
