import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { beforeEach, expect, test } from "vitest";
import { createTerminalAdapter } from "../../../adapters/terminal/index.ts";
import { platform } from "../../../adapters/terminal/platform.ts";
import { createTerminal } from "../../../adapters/terminal/terminal.ts";
import type { ChatStream, StreamedRow } from "../../../src/engine/adapter.ts";
import { plainText } from "../../../src/engine/markup.ts";
import type { Inbound, Receipt, Reply } from "../../../src/engine/types.ts";
import { createWords, languages } from "../../../src/words.ts";

const words = createWords(
  new Map(
    languages.map((language) => {
      const text = readFileSync(join(import.meta.dirname, `../../../words/terminal/${language}.json`), "utf8");
      return [language as string, new Map(Object.entries(JSON.parse(text) as Record<string, string>))];
    }),
  ),
);

let rows: StreamedRow[];
let inbounds: Inbound[];
let failures: number;
let wake: () => void;

const stream: ChatStream = {
  read: async (chat, after, limit) => {
    expect(chat).toBe("terminal:local:me");
    return after === undefined ? rows.slice(-limit) : rows.filter(({ seq }) => seq > after).slice(0, limit);
  },
  subscribe(_chat, listener) {
    wake = listener;
    return () => {
      wake = () => {};
    };
  },
};

function say(...replies: Reply[]): void {
  const seq = rows.length + 1;
  rows.push({
    seq,
    kind: "reply",
    createdAt: seq,
    parts: replies.map((reply, part) => ({ id: `${seq}.${part}`, reply })),
  });
}

async function receive(inbound: Inbound): Promise<Receipt> {
  inbounds.push(inbound);
  if (failures > 0) {
    failures -= 1;
    throw new Error("no database");
  }
  const { input } = inbound;
  const got = input.type === "text" ? input.text : input.type === "press" ? `press ${input.option}` : input.type;
  say({ text: plainText(`Got ${got}.`), token: `token${rows.length}`, actions: [{ option: "a", label: "Next" }] });
  return { outcome: "taken" };
}

beforeEach(() => {
  rows = [];
  inbounds = [];
  failures = 0;
});

/** Runs a terminal behind a pipe over the given lines; gives what it printed. */
async function piped(lines: string, env: Record<string, string> = {}): Promise<string> {
  const input = new PassThrough();
  const output = new PassThrough();
  const terminal = createTerminal({ receive, stream, words, input, output, now: () => 7, env });
  input.end(lines);
  await terminal.run();
  output.end();
  return Buffer.concat(await output.toArray()).toString();
}

test("behind a pipe every line is answered in order, and everything due is printed before it ends", async () => {
  say({ text: plainText("From yesterday") });
  expect(await piped("hello\n\n  second line \n1\nlast without line feed")).toBe(
    ["Got hello.", "", "   1  Next", "", "Got second line.", "", "   1  Next", "", "Got press a.", "", "   1  Next", ""]
      .concat(["Got last without line feed.", "", "   1  Next", "", ""])
      .join("\n"),
  );
  expect(inbounds.map(({ input }) => input)).toEqual([
    { type: "text", text: "hello" },
    { type: "text", text: "second line" },
    { type: "press", token: "token2", option: "a" },
    { type: "text", text: "last without line feed" },
  ]);
  expect(inbounds[0]).toMatchObject({
    address: { channel: "terminal", tenant: "local", user: "me" },
    person: { name: "", locale: "en" },
    receivedAt: 7,
  });
  expect(new Set(inbounds.map(({ id }) => id)).size).toBe(4);
});

test("a number that stands for no button is a text", async () => {
  await piped("7\n");
  expect(inbounds[0]?.input).toEqual({ type: "text", text: "7" });
});

test("quit ends it, in the language of the terminal too", async () => {
  await piped("one\nquit\ntwo\n");
  await piped("едно\nИЗХОД\nдве\n", { LANG: "bg_BG.UTF-8" });
  expect(inbounds.map(({ input }) => input)).toEqual([
    { type: "text", text: "one" },
    { type: "text", text: "едно" },
  ]);
});

test("what could not be stored is sent again under the same id", async () => {
  failures = 2;
  expect(await piped("hello\n")).toContain("Got hello.");
  expect(new Set(inbounds.map(({ id }) => id)).size).toBe(1);
  expect(inbounds).toHaveLength(3);
});

test("what cannot be stored at all is said, and the next line goes on", async () => {
  failures = 3;
  const printed = await piped("hello\nagain\n");
  expect(printed).toMatch(/This could not be saved\.[\s\S]*Got again\./);
});

test("on a screen it greets, starts with a newcomer, shows what comes meanwhile, and leaves at Ctrl+D", async () => {
  const input = Object.assign(new PassThrough(), { isTTY: true });
  const output = Object.assign(new PassThrough(), { isTTY: true, columns: 60 });
  const printed = collect(output);
  const running = createTerminal({ receive, stream, words, input, output, now: () => 7 }).run();
  await printed.until("Got command.");
  expect(inbounds[0]?.input).toEqual({ type: "command", name: "start", args: "" });
  say({
    text: [{ type: "paragraph", children: [{ type: "strong", children: [{ type: "text", value: "Reminder" }] }] }],
  });
  wake();
  await printed.until("\x1b[1mReminder\x1b[0m");
  input.write("1\n");
  await printed.until("Got press a.");
  input.end();
  await running;
  expect(printed.text()).toMatch(/^Answer with a number[\s\S]*Your place is kept\. Until next time\.\n\n$/);
});

test("on a screen a known learner sees where they were, and no colours against their wish", async () => {
  say({
    text: [{ type: "paragraph", children: [{ type: "strong", children: [{ type: "text", value: "Yesterday" }] }] }],
  });
  const input = Object.assign(new PassThrough(), { isTTY: true });
  const output = Object.assign(new PassThrough(), { isTTY: true, columns: 60 });
  const printed = collect(output);
  const stop = new AbortController();
  const running = createTerminal({ receive, stream, words, input, output, now: () => 7, env: { NO_COLOR: "1" } }).run(
    stop.signal,
  );
  await printed.until("Yesterday");
  expect(printed.text()).not.toContain("\x1b[1m");
  stop.abort();
  await running;
  expect(inbounds).toEqual([]);
});

test("as a platform it has no lane, no routes and one listener that is the conversation", async () => {
  expect(platform.fromEnvironment({}, { publicUrl: undefined, loopback: true })).toEqual({
    connection: {},
    problems: [],
  });
  const input = new PassThrough();
  const output = new PassThrough();
  const adapter = createTerminalAdapter({ stream, words, now: () => 7 }, { input, output });
  expect(adapter.capabilities.lane).toBe(false);
  expect(adapter.deliver).toBeUndefined();
  input.end("hello\n");
  await Promise.all(adapter.listeners.map((listener) => listener.run(receive, new AbortController().signal)));
  expect(inbounds).toHaveLength(1);
});

function collect(output: PassThrough) {
  let all = "";
  let check = (): void => {};
  output.on("data", (chunk) => {
    all += chunk;
    check();
  });
  return {
    text: () => all,
    until: (wanted: string) =>
      new Promise<void>((resolve) => {
        check = () => {
          if (all.includes(wanted)) resolve();
        };
        check();
      }),
  };
}
