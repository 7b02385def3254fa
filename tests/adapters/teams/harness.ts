import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import express from "express";
import type { TeamsConnection } from "../../../adapters/teams/connection.ts";
import { teams } from "../../../adapters/teams/platform.ts";
import type { Adapter, AdapterDeps, Receive, Words } from "../../../src/engine/adapter.ts";
import type { Inbound, Json, Outgoing, Reply } from "../../../src/engine/types.ts";
import { createFakeTeams, type FakeTeams, type FakeTeamsOptions } from "../../support/fake-teams.ts";

/** The adapter of the product behind a real HTTP server, with a fake Teams in front and behind. */
export interface Bench {
  readonly fake: FakeTeams;
  readonly adapter: Adapter;
  readonly url: string;
  /** What reached `receive`, in order. */
  readonly received: Inbound[];
  readonly logged: string[];
  /** What `receive` does; throws for a store that is away. */
  receive: Receive;
  /** Sends a reply to the person who wrote last, or to `to`. */
  deliver(reply: Reply, more?: Partial<Outgoing>): Promise<{ readonly messageId: string }>;
  close(): Promise<void>;
}

/** Starts both sides. `environment` changes the fake's own settings; `undefined` removes one. */
export async function startBench(
  how: {
    readonly fake?: FakeTeamsOptions;
    readonly environment?: Readonly<Record<string, string | undefined>>;
    readonly more?: readonly unknown[];
    readonly images?: string;
    readonly publicUrl?: string;
    readonly inGroup?: AdapterDeps["inGroup"];
  } = {},
): Promise<Bench> {
  const fake = await createFakeTeams(how.fake);
  const found = teams.fromEnvironment(
    { ...fake.settings, ...how.environment },
    { publicUrl: undefined, loopback: false },
  );
  if (found?.connection === undefined) throw new Error(found?.problems.join("\n"));
  const connections = [found.connection, ...(how.more ?? [])].map(
    (one) => teams.connection.parse(one) as TeamsConnection,
  );
  const kept = new Map<string, Json>();
  const logged: string[] = [];
  const log = (fields: Record<string, unknown>, message: string) =>
    void logged.push(JSON.stringify({ ...fields, message }));
  const deps: AdapterDeps = {
    keep: {
      get: async (key) => kept.get(key),
      set: async (key, value) => void kept.set(key, value),
      delete: async (key) => void kept.delete(key),
      list: async (prefix) =>
        [...kept].filter(([key]) => key.startsWith(prefix)).map(([key, value]) => ({ key, value })),
    },
    images: { png: async () => new Uint8Array(), url: async () => how.images },
    words: testWords,
    now: () => 1_750_000_000_000,
    log: { debug: log, info: log, warn: log, error: log },
    publicUrl: how.publicUrl,
    stream: { read: async () => [], subscribe: () => () => {} },
    sign: () => "",
    signed: () => false,
    openEnrolment: true,
    ...(how.inGroup === undefined ? {} : { inGroup: how.inGroup }),
  };
  const adapter = await teams.create(connections, deps);
  const received: Inbound[] = [];
  const app = express();
  const server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  fake.connect(url);
  const bench: Bench = {
    fake,
    adapter,
    url,
    received,
    logged,
    receive: async () => ({ outcome: "taken" }),
    async deliver(reply, more = {}) {
      const address = received.at(-1)?.address;
      if (address === undefined && more.address === undefined) throw new Error("nobody wrote yet");
      const outgoing = {
        id: "1",
        kind: "reply",
        reply,
        ...(address === undefined ? {} : { address }),
        ...more,
      } as Outgoing;
      if (adapter.deliver === undefined) throw new Error("the adapter has no lane");
      return await adapter.deliver(outgoing);
    },
    async close() {
      await adapter.close();
      await Promise.all([stop(server), fake.close()]);
    },
  };
  await adapter.mount(app, (inbound) => {
    received.push(inbound);
    return bench.receive(inbound);
  });
  return bench;
}

/** Words with a key's own name as its text, in two languages. */
export const testWords: Words = {
  languages: ["en", "da", "sv", "bg", "fi"],
  text: (language, key) => `${language}:${key}`,
  markup: (language, key) => [{ type: "paragraph", children: [{ type: "text", value: `${language}:${key}` }] }],
  match: (locale) => (locale?.startsWith("da") === true ? "da" : undefined),
  command: () => undefined,
  commands: (language) =>
    Array.from({ length: 14 }, (_, index) => ({
      name: `word${index}`,
      alias: language === "en" ? `word${index}` : `${language}-ord-${index}`,
      description: `${language} ${"explains what this does ".repeat(8)}`,
    })),
};

/** A reply of one paragraph. */
export function say(text: string, more: Partial<Reply> = {}): Reply {
  return { text: [{ type: "paragraph", children: [{ type: "text", value: text }] }], ...more };
}

function stop(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
