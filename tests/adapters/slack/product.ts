import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import express from "express";
import { connectionShape } from "../../../adapters/slack/connection.ts";
import { createSlackAdapter } from "../../../adapters/slack/index.ts";
import type { Adapter, AdapterDeps, Keep } from "../../../src/engine/adapter.ts";
import { plainText } from "../../../src/engine/markup.ts";
import type { Inbound, Json, Outgoing, Receipt, Reply } from "../../../src/engine/types.ts";

/** The adapter in a server of its own, with a memory for a store and a recorder for an engine. */
export async function createProduct(
  connections: readonly unknown[],
  options: {
    readonly publicUrl?: "own" | undefined;
    readonly now?: () => number;
    readonly pictures?: "linked" | "uploaded" | "none";
    readonly inGroup?: AdapterDeps["inGroup"];
  } = {},
) {
  const app = express();
  const server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const inbound: Inbound[] = [];
  const lines: unknown[] = [];
  const product = {
    base,
    inbound,
    lines,
    keep: createKeep(),
    /** What the engine does with an inbound; tests replace it. */
    receive: async (_: Inbound): Promise<Receipt> => ({ outcome: "taken" }),
    adapter: undefined as unknown as Adapter,
    close: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  const log = (...args: unknown[]) => void lines.push(args);
  const deps: AdapterDeps = {
    keep: product.keep,
    images: {
      png: async () => new Uint8Array([137, 80, 78, 71]),
      url: async () => (options.pictures === "linked" ? `${base}/i/picture.png` : undefined),
    },
    words: words(),
    now: options.now ?? (() => 1_750_000_000_000),
    log: { debug: log, info: log, warn: log, error: log },
    publicUrl: "publicUrl" in options && options.publicUrl === undefined ? undefined : base,
    stream: { read: async () => [], subscribe: () => () => undefined },
    sign: (purpose, text) => hmac(`${purpose}\n${text}`),
    signed: (purpose, text, signature) => hmac(`${purpose}\n${text}`) === signature,
    openEnrolment: false,
    ...(options.inGroup === undefined ? {} : { inGroup: options.inGroup }),
  };
  product.adapter = createSlackAdapter(
    connections.map((connection) => connectionShape.parse(connection)),
    deps,
  );
  await product.adapter.mount(app, async (one) => {
    const receipt = await product.receive(one);
    inbound.push(one);
    return receipt;
  });
  // As in the product: other routes read JSON, and come after the platforms.
  app.use(express.json());
  return product;
}

/** A key–value store that forgets with the test. */
export function createKeep(): Keep & { readonly rows: Map<string, Json> } {
  const rows = new Map<string, Json>();
  return {
    rows,
    get: async (key) => rows.get(key),
    set: async (key, value) => void rows.set(key, JSON.parse(JSON.stringify(value)) as Json),
    delete: async (key) => void rows.delete(key),
    list: async (prefix) => [...rows].filter(([key]) => key.startsWith(prefix)).map(([key, value]) => ({ key, value })),
  };
}

/** A message of a lane as the outbox hands it over. */
export function outgoing(
  reply: Partial<Reply> & { readonly say?: string },
  rest: Partial<Outgoing> & { readonly user?: string; readonly team?: string } = {},
): Outgoing {
  const { user = "U1", team = "T1", ...own } = rest;
  const { say, ...given } = reply;
  return {
    id: `out-${Math.random().toString(36).slice(2)}`,
    kind: "reply",
    address: { channel: "slack", tenant: team, user, ref: { user } },
    reply: { text: plainText(say ?? "Hello"), ...given },
    ...own,
  };
}

function words(): AdapterDeps["words"] {
  const load = (language: string) =>
    JSON.parse(readFileSync(`words/slack/${language}.json`, "utf8")) as Record<string, string>;
  return {
    languages: ["en", "da", "sv", "bg", "fi"],
    text: (language, key, args = {}) => {
      const text = load(language)[key];
      if (text === undefined) throw new Error(`No text ${key} in ${language}`);
      return text.replace(/\{(\w+)\}/g, (_, name: string) => String(args[name]));
    },
    markup: () => [],
    match: (locale) => ["en", "da", "sv", "bg", "fi"].find((language) => locale?.toLowerCase().startsWith(language)),
    command: () => undefined,
    commands: () => [],
  };
}

function hmac(text: string): string {
  return createHmac("sha256", "a secret of the tests").update(text).digest("base64url");
}
