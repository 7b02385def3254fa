import { randomUUID } from "node:crypto";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { setTimeout as wait } from "node:timers/promises";
import { type ChatStream, chatOf, type Receive, type Words } from "../../src/engine/adapter.ts";
import type { Address, Input } from "../../src/engine/types.ts";
import type { Layout } from "./render.ts";
import { createScreen } from "./screen.ts";

export interface TerminalParts {
  readonly receive: Receive;
  readonly stream: ChatStream;
  readonly words: Words;
  readonly input: Readable & { readonly isTTY?: boolean };
  readonly output: Writable & { readonly isTTY?: boolean; readonly columns?: number };
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Who learns here, where several people share one database. */
  readonly name?: string;
  /** Ids of deliveries. */
  readonly newId?: () => string;
  /** `LANG` and `NO_COLOR` (https://no-color.org). */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** The address of a terminal's person. */
export function terminalAddress(name = "me"): Address {
  return { channel: "terminal", tenant: "local", user: name, ref: {} };
}

/**
 * A chat on a screen. With a keyboard it greets, prompts and shows reminders as they come; behind a pipe it answers line
 * by line, and prints everything that is due before it ends. `run` resolves at the end of the input, after "quit", or when
 * the signal aborts.
 */
export function createTerminal(parts: TerminalParts): { run(signal?: AbortSignal): Promise<void> } {
  const { receive, stream, words, input, output, now, newId = randomUUID, env = {} } = parts;
  const address = terminalAddress(parts.name);
  const chat = chatOf(address);
  const language = words.match(env.LANG) ?? words.languages[0] ?? "en";
  const timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const live = input.isTTY === true && output.isTTY === true;
  const leaving = words.text(language, "terminal.leave").split(",");
  const screen = createScreen();
  let position: number | undefined;

  const layout = (): Layout => ({
    width: Math.max(20, Math.min(output.columns ?? 80, 80)),
    colour: output.isTTY === true && !env.NO_COLOR,
    picture: (alt) => words.text(language, "terminal.picture", { alt }),
  });
  const say = (key: string): void => void output.write(`${words.text(language, key)}\n\n`);

  /** Prints what the chat has and the screen has not. One at a time, so that nothing comes twice or out of order. */
  let printing: Promise<boolean> = Promise.resolve(false);
  const print = (limit = 50): Promise<boolean> => {
    const before = printing.catch(() => false);
    printing = before.then(async () => {
      let printed = false;
      for (;;) {
        const rows = await stream.read(chat, position, limit);
        const text = screen.show(rows, layout());
        if (text !== "") output.write(`${live ? "\r\x1b[K" : ""}${text}\n\n`);
        printed ||= text !== "";
        const complete = position === undefined || rows.length < limit;
        position = rows.at(-1)?.seq ?? position ?? 0;
        if (complete) return printed;
      }
    });
    return printing;
  };

  const send = async (message: Input, signal: AbortSignal | undefined): Promise<void> => {
    const id = newId();
    for (let attempt = 1; ; attempt += 1) {
      try {
        const person = { name: "", locale: language, timeZone };
        const { notice } = await receive({ id, address, person, input: message, receivedAt: now() });
        // What was typed is answered in full below; only a pressed number needs its word.
        if (notice !== undefined && message.type === "press") output.write(`${notice}\n\n`);
        await print();
        return;
      } catch {
        // Nothing was stored: the same delivery again, as a platform would do it.
        if (attempt === 3 || signal?.aborted) return say("terminal.unavailable");
        await wait(attempt * 250, undefined, { ref: true });
      }
    }
  };

  return {
    async run(signal) {
      const lines = createInterface({ input, ...(live && { output, terminal: true, prompt: "> " }) });
      const close = (): void => lines.close();
      lines.on("SIGINT", close);
      signal?.addEventListener("abort", close, { once: true });
      if (signal?.aborted) close();
      // Listening starts before the first await: lines that come meanwhile wait in here.
      const typed = lines[Symbol.asyncIterator]();
      const unsubscribe = stream.subscribe(chat, () => {
        // Behind a pipe each answer is printed with its question; nobody waits for anything else there.
        if (live)
          void print().then(
            (printed) => printed && lines.prompt(true),
            () => undefined,
          );
      });
      try {
        if (live) {
          say("terminal.hello");
          if (!(await print(3))) await send({ type: "command", name: "start", args: "" }, signal);
        } else position = (await stream.read(chat, undefined, 1)).at(-1)?.seq ?? 0;
        for (;;) {
          if (live) lines.prompt();
          const { done, value } = await typed.next();
          if (done) break;
          const text = clean(value);
          if (leaving.includes(text.toLowerCase())) break;
          if (text === "") continue;
          const button = /^\d{1,3}$/.test(text) ? screen.button(Number(text)) : undefined;
          screen.answered();
          await send(button ? { type: "press", ...button } : { type: "text", text }, signal);
        }
        await print();
        if (live) say("terminal.bye");
      } finally {
        unsubscribe();
        lines.close();
        signal?.removeEventListener("abort", close);
      }
    },
  };
}

function clean(line: string): string {
  return line
    .replaceAll("\0", "")
    .slice(0, 4000)
    .replace(/\p{Surrogate}/gu, "\uFFFD")
    .trim();
}
