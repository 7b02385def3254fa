import { vi } from "vitest";
import type { Adapter, Capabilities, Listener, Log } from "../../src/engine/adapter.ts";
import { plainText } from "../../src/engine/markup.ts";
import type { Address, Outgoing, OutgoingKind } from "../../src/engine/types.ts";
import { createOutbox, type Outbox, type OutboxOptions } from "../../src/outbox/runner.ts";
import type { OutboxPart } from "../../src/store/types.ts";
import { createMemoryOutbox, type MemoryOutbox } from "../support/memory-outbox.ts";

/** One send as the platform saw it. */
export interface Sent {
  readonly at: number;
  readonly chat: string;
  readonly text: string;
  readonly kind: OutgoingKind;
  readonly edits: string | undefined;
}

export const quiet: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

export const free: Capabilities = { lane: true, rates: [], concurrency: 10, edits: true, home: false };

/** A platform that takes everything, or does what `answer` says. */
export function fakePlatform(
  channel: string,
  capabilities: Partial<Capabilities> = {},
  listeners: readonly Listener[] = [],
) {
  const sent: Sent[] = [];
  const platform = {
    sent,
    /** Counts sends under way. */
    underWay: 0,
    mostUnderWay: 0,
    answer: async (_outgoing: Outgoing): Promise<void> => {},
    texts: () => sent.map(({ text }) => text),
    adapter: {
      channel,
      capabilities: { ...free, ...capabilities },
      mount: async () => {},
      setUp: async () => {},
      listeners,
      async deliver(outgoing: Outgoing) {
        const { address, kind, edits } = outgoing;
        sent.push({ at: performance.now(), chat: address.user, text: textOf(outgoing), kind, edits });
        platform.underWay++;
        platform.mostUnderWay = Math.max(platform.mostUnderWay, platform.underWay);
        try {
          await platform.answer(outgoing);
        } finally {
          platform.underWay--;
        }
        return { messageId: `m-${outgoing.id}` };
      },
      preview: () => ({ parts: [] }),
      health: async () => ({ ok: true, connections: [], hosts: [] }),
      close: async () => {},
    } satisfies Adapter,
  };
  return platform;
}

function textOf({ reply }: Outgoing): string {
  const block = reply.text[0];
  const first = block?.type === "paragraph" ? block.children[0] : undefined;
  return first?.type === "text" ? first.value : "";
}

let parts = 0;

/** A part that says `text`; its token, where it has one, is `t-<text>`. */
export function part(text: string, more: { edits?: string; home?: true; token?: string } = {}): OutboxPart {
  const { token, ...rest } = more;
  parts++;
  return { id: `p${parts}`, reply: { text: plainText(text), ...(token === undefined ? {} : { token }) }, ...rest };
}

/** Writes one row of plain messages to a chat of `channel:tenant`. */
export function say(
  memory: MemoryOutbox,
  to: string,
  text: string | readonly OutboxPart[],
  kind: OutgoingKind = "reply",
): number {
  const [channel, tenant] = to.split(":");
  const what = typeof text === "string" ? [part(text)] : text;
  return memory.add({ addressId: to, lane: `${channel}:${tenant}`, kind, parts: what });
}

/** Milliseconds of the simulated clock. Needs `vi.useFakeTimers()`. */
export async function pass(ms: number): Promise<void> {
  await vi.advanceTimersByTimeAsync(ms);
}

/** A runner on a memory store. Call `outbox.start()` yourself. */
export function world(adapters: readonly Adapter[], more: Partial<OutboxOptions> = {}, memory?: MemoryOutbox) {
  const store = memory ?? createMemoryOutbox(Date.now);
  const gone: { address: Address; code: string }[] = [];
  const events: string[] = [];
  const outbox: Outbox = createOutbox({
    store: store.store,
    adapters,
    receive: async () => ({ outcome: "taken" }),
    now: Date.now,
    log: quiet,
    holder: "one",
    random: () => 0.5,
    onGone: (address, code) => gone.push({ address, code }),
    observe: {
      delivered: (lane, kind) => events.push(`delivered ${lane} ${kind}`),
      throttled: (lane) => events.push(`throttled ${lane}`),
      unknown: (lane, kind) => events.push(`unknown ${lane} ${kind}`),
      rejected: (lane, kind, code) => events.push(`rejected ${lane} ${kind} ${code}`),
      misconfigured: (lane, code) => events.push(`misconfigured ${lane} ${code}`),
    },
    ...more,
  });
  return { memory: store, outbox, gone, events };
}

/** A promise with its handles. */
export function gate<T = void>() {
  let open = (_value: T): void => {};
  let fail = (_error: Error): void => {};
  const wait = new Promise<T>((resolve, reject) => {
    open = resolve;
    fail = reject;
  });
  return { wait, open, fail };
}

/** Stops a runner whose sends are all finished, on the simulated clock. */
export async function stop(outbox: Outbox): Promise<void> {
  const stopped = outbox.stop();
  await pass(50);
  await stopped;
}
