import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import express from "express";
import helmet from "helmet";
import { createWebAdapter } from "../../../adapters/web/index.ts";
import { type Adapter, type AdapterDeps, chatOf, type StreamedRow } from "../../../src/engine/adapter.ts";
import { plainText } from "../../../src/engine/markup.ts";
import type { Address, Inbound, Receipt, Reply } from "../../../src/engine/types.ts";
import { createWords, languages } from "../../../src/words.ts";

type Part = StreamedRow["parts"][number];

/** A small lesson in memory behind a real server: rows, duplicates and a database that can be switched off. */
export interface WebWorld {
  readonly url: string;
  readonly adapter: Adapter;
  readonly inbounds: readonly Inbound[];
  /** What the lesson has counted, per person: `q1=b`. */
  readonly counted: readonly string[];
  /** Receive and stream reject as if the database were away. */
  down: boolean;
  /** Answers are lost on the way back: the turn happened, the page does not know. */
  loseAnswers: boolean;
  push(address: Address, ...replies: Reply[]): void;
  close(): Promise<void>;
}

export const webWords = createWords(
  new Map(
    languages.map((language) => {
      const text = readFileSync(join(import.meta.dirname, `../../../words/web/${language}.json`), "utf8");
      return [language as string, new Map(Object.entries(JSON.parse(text) as Record<string, string>))];
    }),
  ),
);

export async function startWeb(
  options: Partial<Pick<AdapterDeps, "openEnrolment" | "admit" | "publicUrl" | "images">> & {
    readonly heartbeatMs?: number;
  } = {},
): Promise<WebWorld> {
  const rows = new Map<string, StreamedRow[]>();
  const listeners = new Map<string, Set<() => void>>();
  const inbounds: Inbound[] = [];
  const counted: string[] = [];
  const seen = new Set<string>();
  const state = { down: false, loseAnswers: false };
  let seq = 0;
  let parts = 0;

  const add = (address: Address, said: readonly Omit<Part, "id">[]): void => {
    const chat = chatOf(address);
    const row = { seq: ++seq, kind: "reply" as const, parts: said.map((part) => ({ id: `p${++parts}`, ...part })) };
    rows.set(chat, [...(rows.get(chat) ?? []), { ...row, createdAt: seq }]);
    for (const listener of listeners.get(chat) ?? []) listener();
  };

  const receive = async (inbound: Inbound): Promise<Receipt> => {
    if (state.down) throw new Error("no database");
    inbounds.push(inbound);
    if (seen.has(inbound.id)) return { outcome: "duplicate" };
    seen.add(inbound.id);
    const { said, count } = lesson(inbound);
    if (count !== undefined) counted.push(`${inbound.address.user} ${count}`);
    add(inbound.address, said);
    return { outcome: "taken" };
  };

  const sign = (purpose: string, text: string): string =>
    createHmac("sha256", "test").update(`${purpose}\n${text}`).digest("base64url");
  const deps: AdapterDeps = {
    keep: { get: async () => undefined, set: async () => {}, delete: async () => {}, list: async () => [] },
    images: options.images ?? { png: async () => new Uint8Array(), url: async () => undefined },
    words: webWords,
    now: () => 1_700_000_000_000,
    log: { debug() {}, info() {}, warn() {}, error() {} },
    publicUrl: options.publicUrl,
    stream: {
      async read(chat, after, limit) {
        if (state.down) throw new Error("no database");
        const all = rows.get(chat) ?? [];
        return after === undefined ? all.slice(-limit) : all.filter((row) => row.seq > after).slice(0, limit);
      },
      subscribe(chat, listener) {
        const mine = listeners.get(chat) ?? new Set();
        listeners.set(chat, mine.add(listener));
        return () => mine.delete(listener);
      },
    },
    sign,
    signed: (purpose, text, signature) => sign(purpose, text) === signature,
    openEnrolment: options.openEnrolment ?? true,
    ...(options.admit && { admit: options.admit }),
  };

  const adapter = createWebAdapter(deps, options.heartbeatMs ?? 15_000);
  const app = express();
  app.use(helmet());
  app.use("/chat/message", (_req, res, next) => {
    if (state.loseAnswers) res.json = () => res.destroy() as never;
    next();
  });
  await adapter.mount(app, receive);
  const server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;

  return {
    url: `http://127.0.0.1:${port}`,
    adapter,
    inbounds,
    counted,
    get down() {
      return state.down;
    },
    set down(value) {
      state.down = value;
    },
    get loseAnswers() {
      return state.loseAnswers;
    },
    set loseAnswers(value) {
      state.loseAnswers = value;
    },
    push: (address, ...replies) =>
      add(
        address,
        replies.map((reply) => ({ reply })),
      ),
    async close() {
      await adapter.close();
      await stopped(server);
    },
  };
}

function stopped(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

const question = plainText("Amina has missed two meetings and has not written. What do you do first?");

const labels = {
  a: "Write that you are worried, and ask what would make it easier to meet",
  b: "Write a short, friendly message without asking why, and offer two new times",
  c: "Tell the coordinator that she has stopped",
} as const;

/** Three messages and a question, the smallest thing that feels like a lesson. */
function lesson({ input }: Inbound): { said: readonly Omit<Part, "id">[]; count?: string } {
  const next = (token: string, text: Reply["text"]): Omit<Part, "id"> => ({
    reply: {
      text,
      token,
      actions: [
        { option: "a", label: "Next", primary: true },
        { option: "b", label: "Save card" },
      ],
    },
  });
  if (input.type === "press" && input.token === "card1token1" && input.option === "a") {
    return {
      said: [
        { edits: "card1token1", reply: { text: first } },
        {
          reply: {
            text: [
              { type: "paragraph", children: [{ type: "emphasis", children: [text("Practice 1 of 2")] }] },
              ...question,
            ],
            token: "quiz1token1",
            choices: (["a", "b", "c"] as const).map((option) => ({
              option,
              mark: option.toUpperCase(),
              label: labels[option],
            })),
            actions: [{ option: "d", label: "Back" }],
          },
        },
      ],
    };
  }
  if (input.type === "press" && input.token === "quiz1token1") {
    const right = input.option === "b";
    return {
      count: `q1=${input.option}`,
      said: [
        {
          edits: "quiz1token1",
          reply: {
            text: [
              ...question,
              {
                type: "paragraph",
                children: [
                  {
                    type: "strong",
                    children: [text(`You answered ${input.option.toUpperCase()}: ${right ? "right." : "not yet."}`)],
                  },
                  text(
                    " A short message with a choice of times is easy to answer. It keeps the door open and asks for no excuse.",
                  ),
                ],
              },
            ],
          },
        },
        next("card2token1", plainText("Lesson done. Next comes “Keeping in touch”, about 4 minutes.")),
      ],
    };
  }
  if (input.type === "text")
    return { count: `text=${input.text.length}`, said: [{ reply: { text: plainText(`You wrote: ${input.text}`) } }] };
  if (input.type === "command" && input.name !== "start" && input.name !== "join") {
    return { said: [{ reply: { text: plainText(`This is ${input.name}.`) } }] };
  }
  if (input.type === "press") return { said: [{ reply: { text: plainText("Saved.") } }] };
  return {
    said: [
      { reply: { text: plainText("Hello. I am Fadder. Only you see your answers.\nWrite stop at any time.") } },
      next("card1token1", first),
    ],
  };
}

const first: Reply["text"] = [
  { type: "paragraph", children: [{ type: "strong", children: [text("Lesson 3 of 6 · about 4 minutes")] }] },
  ...plainText(
    "When somebody goes quiet, it is rarely about you. Shame, a full week or a dead phone are more common than anger.",
  ),
  {
    type: "list",
    ordered: false,
    items: [[text("Write first, and write little.")], [text("Offer two times instead of asking for one.")]],
  },
];

function text(value: string) {
  return { type: "text" as const, value };
}
