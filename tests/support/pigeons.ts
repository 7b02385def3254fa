import type { Adapter } from "../../src/engine/adapter.ts";

/** A platform whose links are known and that sends nothing. `complete`: its links need no code typed after them. */
export function pigeons(complete: boolean): Adapter {
  return {
    channel: "pigeons",
    capabilities: { lane: true, rates: [], concurrency: 1, edits: false, home: false },
    mount: async () => undefined,
    setUp: async () => undefined,
    listeners: [],
    preview: () => ({ parts: [] }),
    health: async () => ({ ok: true, connections: [], hosts: [] }),
    joinWays: async (code, word = "join") => [
      { name: "Pigeons", url: `https://pigeons.example/${code}?${word}`, complete },
    ],
    close: async () => undefined,
  };
}
