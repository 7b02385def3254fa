import type { Adapter, AdapterDeps } from "../../src/engine/adapter.ts";
import { previewOf } from "./render.ts";
import { createTerminal, type TerminalParts } from "./terminal.ts";

/**
 * The terminal as a platform: no routes and no lane; its one listener is the conversation itself and ends when the person
 * leaves. A server makes it without running the listener, to know that this channel's messages are read and not sent.
 */
export function createTerminalAdapter(
  deps: Pick<AdapterDeps, "stream" | "words" | "now">,
  screen: Pick<TerminalParts, "input" | "output" | "name" | "env">,
): Adapter {
  const { stream, words, now } = deps;
  return {
    channel: "terminal",
    capabilities: { lane: false, rates: [], concurrency: 0, edits: false, home: false },
    listeners: [
      {
        name: "screen:terminal",
        run: (receive, signal) => createTerminal({ receive, stream, words, now, ...screen }).run(signal),
      },
    ],
    async mount() {},
    async setUp() {},
    preview: (reply) => ({ parts: [previewOf(reply)] }),
    async health() {
      return { ok: true, connections: [{ name: "terminal", ok: true, detail: "this screen" }], hosts: [] };
    },
    async close() {},
  };
}
