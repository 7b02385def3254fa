import {
  type AssessmentStand,
  type AssessmentState,
  asksRating,
  type Need,
  type Next,
  needOf,
  nextOf,
  type Verdict,
} from "../domain/assessment.ts";
import { aimOf, type CertificateKind } from "../domain/certification.ts";
import { localDay } from "../domain/clock.ts";
import type { Programme } from "../domain/programme.ts";
import { progressIn } from "../domain/progress.ts";
import type { Circumstances, Rule } from "../domain/requirements.ts";
import type { Json } from "../engine/types.ts";
import type { AssessmentDeps } from "./types.ts";

/** An assessment as it is stored, instants as numbers. */
export interface Stored extends AssessmentStand {
  readonly id: string;
  readonly personId: string;
  readonly programme: string;
  readonly version: string;
  readonly certificate: string;
  readonly organisationId: string;
  readonly cohortId: string | null;
  readonly claimedAt: number | null;
  readonly firstOutside: boolean;
  readonly countersignedBy: string | null;
  readonly decidedBy: string | null;
  readonly decidedAt: number | null;
  readonly reason: Uint8Array | null;
  readonly appeal: Uint8Array | null;
  readonly createdAt: number;
  readonly changedAt: number;
}

/** One assessment with everything that its next step depends on. */
export interface Case {
  readonly row: Stored;
  readonly programme: Programme;
  readonly kind: CertificateKind;
  readonly rule: Rule;
  readonly need: Need;
  readonly next: Next;
  /** The assessment whose record this is: of an appeal the first one. */
  readonly root: string;
  readonly name: string;
  readonly at: Circumstances;
  /** How the person sees themselves, where they let others know. */
  readonly self: { readonly [competence: string]: number } | null;
}

type Row = Awaited<ReturnType<AssessmentDeps["db"]["assessment"]["findFirstOrThrow"]>>;

/** A row with instants as numbers. */
export function storedOf(row: Row): Stored {
  const number = (value: bigint | null): number | null => (value === null ? null : Number(value));
  return {
    ...row,
    state: row.state as AssessmentState,
    decision: row.decision as Verdict | null,
    claimedAt: number(row.claimedAt),
    firstAt: number(row.firstAt),
    secondAt: number(row.secondAt),
    decidedAt: number(row.decidedAt),
    createdAt: Number(row.createdAt),
    changedAt: Number(row.changedAt),
  };
}

/** Reads one assessment; undefined where it, its person, its programme or its certificate is not there any more. */
export async function caseOf(deps: Pick<AssessmentDeps, "db" | "catalogue" | "now">, id: string) {
  const row = await deps.db.assessment.findUnique({ where: { id } });
  return row === null ? undefined : caseFrom(deps, storedOf(row));
}

/** The same for a row that was read already. */
export async function caseFrom(
  { db, catalogue, now }: Pick<AssessmentDeps, "db" | "catalogue" | "now">,
  row: Stored,
): Promise<Case | undefined> {
  const programme = catalogue.get(row.programme, row.version) ?? catalogue.get(row.programme);
  const kind = programme?.certification?.certificates.find((one) => one.id === row.certificate);
  const person = await db.person.findUnique({ where: { id: row.personId }, select: { name: true, timeZone: true } });
  if (programme === undefined || kind === undefined || person === null) return undefined;
  const at = await circumstancesOf({ db, now }, row.personId, person.timeZone, programme);
  const aim = programme.certification && aimOf(programme.certification, at.progress.facts ?? {}, at.today);
  const own = aim?.certificate.id === kind.id ? aim : undefined;
  const rule = own?.requires ?? kind.requires;
  const need = needOf(kind, asksRating(rule, programme.certification?.stages ?? []), row.appealOf !== null);
  const shared = at.progress.self?.filter(({ sharedAt }) => sharedAt !== null).at(-1);
  return {
    row,
    programme,
    kind,
    rule,
    need,
    next: nextOf(row, need),
    root: row.appealOf ?? row.id,
    name: person.name,
    at: own?.renews === undefined ? at : { ...at, termFrom: own.renews.term.from },
    self: shared?.levels ?? null,
  };
}

/** What rules about a person are decided from. */
export async function circumstancesOf(
  { db, now }: Pick<AssessmentDeps, "db" | "now">,
  personId: string,
  timeZone: string,
  programme: Programme,
): Promise<Circumstances> {
  const stored = await db.progress.findUnique({ where: { personId } });
  const state = stored === null ? null : (JSON.parse(stored.state) as Json);
  return { programme, progress: progressIn(state, programme.id), timeZone, today: localDay(now(), timeZone) };
}
