import { type Adapter, DeliveryError, type Log } from "../engine/adapter.ts";
import type { Address, Outgoing } from "../engine/types.ts";
import { deliveryOf } from "../store/delivery.ts";
import type { ClaimedRow, OutboxPart, Settlement } from "../store/types.ts";
import type { Observe } from "./observe.ts";
import { afterCrash, afterFailure, type Verdict } from "./retry.ts";
import type { LaneDeps } from "./types.ts";

/** What a row needs of its lane while its parts leave. */
export interface SendRights {
  /** Asked before every send; counts it. False: lease, limits, a stop of the lane or the shutdown say no. */
  maySend(isEdit: boolean): boolean;
  /** The platform took a message sent at `startedAt` (monotonic). */
  reached(startedAt: number): void;
  /** How many failures of this kind came in a row before this one. */
  inARow(error: DeliveryError, startedAt: number): number;
  failed(error: DeliveryError, verdict: Verdict, startedAt: number): void;
}

interface SendDeps {
  readonly lane: string;
  readonly adapter: Adapter;
  readonly now: () => number;
  readonly monotonic: () => number;
  readonly random: () => number;
  readonly log: Log;
  readonly observe: Observe;
  readonly onGone: (address: Address, code: string) => unknown;
}

type Part = ClaimedRow["parts"][number];

/** An adapter has its own, shorter limit; this one only keeps a lost promise from holding a chat for ever. */
const noAnswerMs = 60_000;

/**
 * Sends the parts of one row in order and says what to settle. Never throws.
 * A part that is given up is left out and the rest still goes: a learner must never be left without the next question.
 */
export async function sendRow(row: ClaimedRow, rights: SendRights, deps: SendDeps): Promise<Settlement> {
  const { log, observe, lane } = deps;
  if (row.mayBeSent && afterCrash(row.kind) === "unknown") {
    observe.unknown?.(lane, row.kind);
    return { seq: row.seq, outcome: "unknown", code: "interrupted" };
  }
  const parts = whatCanBeSent(row, deps.adapter);
  const messages: { token: string; messageId: string }[] = [];
  const lost: { outcome: "unknown" | "rejected"; code: string; part: Part }[] = [];
  // Kept in the count as well, since the mark is gone once the row waits again.
  let attempts = row.mayBeSent ? Math.max(1, row.attempts) : row.attempts;

  for (const [index, part] of parts.entries()) {
    const again = (afterMs: number, tried: number): Settlement => ({
      seq: row.seq,
      outcome: "again",
      // Zero: in front of everything of its class that waits, since it was there first.
      notBefore: afterMs === 0 ? 0 : deps.now() + afterMs,
      attempts: tried,
      parts: parts.slice(index).map(storedPart),
      messages,
    });
    const isEdit = part.edits !== undefined || part.home === true;
    if (!rights.maySend(isEdit)) return again(0, attempts);
    const startedAt = deps.monotonic();
    const error = await attempt(part, row, deps, messages);
    if (error === undefined) {
      rights.reached(startedAt);
      observe.delivered?.(lane, row.kind);
      attempts = 0;
      continue;
    }
    const verdict = afterFailure({
      failure: error.failure,
      kind: row.kind,
      isEdit,
      moreBehind: index < parts.length - 1,
      attempts,
      mayBeSent: row.mayBeSent,
      retryAfterMs: error.retryAfterMs,
      inARow: rights.inARow(error, startedAt),
      ageMs: Math.max(0, deps.now() - row.createdAt),
      random: deps.random(),
    });
    rights.failed(error, verdict, startedAt);
    const facts = { lane, seq: row.seq, kind: row.kind, failure: error.failure, code: error.code };
    if (verdict.part === "again") {
      log.info(facts, "a message waits and is tried again");
      return again(verdict.afterMs, verdict.attempts);
    }
    attempts = 0;
    if (verdict.part === "drop") {
      log.info(facts, "an edit was left out");
      continue;
    }
    log.warn(facts, "a message was given up");
    if (verdict.outcome === "gone") {
      observe.gone?.(lane);
      tell(row, error.code, deps);
      const left = parts.slice(index).map(storedPart);
      const reason = error.reason === undefined ? {} : { reason: error.reason };
      return { seq: row.seq, outcome: "gone", code: error.code, ...reason, parts: left, messages };
    }
    if (verdict.outcome === "unknown") observe.unknown?.(lane, row.kind);
    else observe.rejected?.(lane, row.kind, error.code);
    lost.push({ outcome: verdict.outcome, code: error.code, part });
  }

  const first = lost[0];
  if (first === undefined) return { seq: row.seq, outcome: "sent", messages };
  const { outcome, code } = first;
  return { seq: row.seq, outcome, code, parts: lost.map(({ part }) => storedPart(part)), messages };
}

/**
 * An edit needs the platform's id of the message it replaces. Where that is not known (the message never left, or the
 * person moved to another platform) there is nothing to replace, and the new message behind it says what is needed: the edit
 * is left out. Where edits are all a row has, they go as new messages: somebody pressed a button and must see an answer.
 */
function whatCanBeSent(row: ClaimedRow, adapter: Adapter): readonly Part[] {
  const canGo = (part: Part) =>
    part.edits === undefined || (part.messageId !== undefined && adapter.capabilities.edits);
  const rest = row.parts.filter(canGo);
  return rest.length > 0 ? rest : row.parts.map(({ edits: _, messageId: __, ...part }) => part);
}

/** The error of one send, or undefined where the platform took it. */
async function attempt(
  part: Part,
  row: ClaimedRow,
  deps: SendDeps,
  messages: { token: string; messageId: string }[],
): Promise<DeliveryError | undefined> {
  const { channel, tenant, user, ref } = row.address;
  const outgoing: Outgoing = {
    id: part.id,
    address: { channel, tenant, user, ref },
    kind: row.kind,
    reply: part.reply,
    ...(part.messageId === undefined ? {} : { edits: part.messageId }),
    ...(part.home === undefined ? {} : { home: part.home }),
  };
  try {
    if (deps.adapter.deliver === undefined) throw new DeliveryError("misconfigured", "no-way-to-send");
    const { messageId } = await inTime(deps.adapter.deliver(outgoing));
    if (part.reply.token !== undefined) messages.push({ token: part.reply.token, messageId });
    return undefined;
  } catch (error) {
    if (error instanceof DeliveryError) return error;
    // A fault of the adapter. Whether it came before or after the request is not known.
    const name = error instanceof Error ? error.name : typeof error;
    deps.log.error(
      { lane: deps.lane, seq: row.seq, error: name },
      "an adapter threw something else than DeliveryError",
    );
    return new DeliveryError("unknown", `fault:${name}`, { cause: error });
  }
}

async function inTime<T>(sending: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new DeliveryError("unknown", "no-answer")), noAnswerMs);
  });
  try {
    return await Promise.race([sending, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Marks the address as gone without making the lane wait for it. */
function tell(row: ClaimedRow, code: string, deps: SendDeps): void {
  const { channel, tenant, user, ref } = row.address;
  const failed = (error: unknown) =>
    deps.log.error(
      { lane: deps.lane, chat: row.address.id, error: error instanceof Error ? error.message : "?" },
      "could not mark an address as gone; the next message to it will try again",
    );
  try {
    Promise.resolve(deps.onGone({ channel, tenant, user, ref }, code)).catch(failed);
  } catch (error) {
    failed(error);
  }
}

/** A claimed row that is not sent now, in its place. */
export function putBack({ seq, attempts, mayBeSent, parts }: ClaimedRow): Settlement {
  const tried = mayBeSent ? Math.max(1, attempts) : attempts;
  return { seq, outcome: "again", notBefore: 0, attempts: tried, parts: parts.map(storedPart), messages: [] };
}

/** A part as the store keeps it, without what the claim looked up. */
function storedPart({ messageId: _, ...part }: Part): OutboxPart {
  return part;
}

/** A settlement with what the store writes beside the row: the broadcast's delivery, and where a push may go instead. */
export function complete(
  result: Settlement,
  row: ClaimedRow,
  { capabilities }: Adapter,
  { channels }: Pick<LaneDeps, "channels">,
): Settlement {
  const of = deliveryOf(row);
  return {
    ...(result.outcome === "gone" && row.kind !== "reply" ? { ...result, channels: channels() } : result),
    ...(of === undefined ? {} : { of }),
    ...(capabilities.delivered === true ? { delivered: true } : {}),
  };
}
