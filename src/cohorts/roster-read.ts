import { createRequire } from "node:module";
import { Worker } from "node:worker_threads";
import { parse } from "csv-parse";
import type { Row } from "read-excel-file/node";

/** One line of a file as it stands there; the first line is 1. */
export interface Line {
  readonly line: number;
  readonly cells: readonly string[];
}

/** Why a file cannot be read at all. */
export class RosterError extends Error {
  readonly kind: "encoding" | "damaged";
  readonly line: number | undefined;
  constructor(kind: "encoding" | "damaged", line?: number) {
    super(`a roster cannot be read: ${kind}`);
    this.name = "RosterError";
    this.kind = kind;
    this.line = line;
  }
}

/** How much is read between two pauses, so that a running server keeps answering. */
const pieceChars = 16 * 1024;
const pieceRows = 200;

/**
 * The lines of a roster, CSV (UTF-8; comma, semicolon or tab) or XLSX (its first sheet). Empty lines are left out.
 * Throws `RosterError` where the file is neither, with the first line that is not UTF-8.
 */
export function readRoster(bytes: Uint8Array): AsyncGenerator<Line> {
  const zipped = bytes[0] === 0x50 && bytes[1] === 0x4b;
  return zipped ? readXlsx(bytes) : readCsv(bytes);
}

async function* readCsv(bytes: Uint8Array): AsyncGenerator<Line> {
  const text = decode(bytes);
  const parser = parse({
    delimiter: delimiterOf(text),
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
    trim: true,
  });
  let failed = false;
  parser.on("error", () => {
    failed = true;
  });
  for (let at = 0; at < text.length; at += pieceChars) {
    parser.write(text.slice(at, at + pieceChars));
    yield* taken(parser);
    if (failed) throw new RosterError("damaged");
    await pause();
  }
  parser.end();
  await pause();
  yield* taken(parser);
  if (failed) throw new RosterError("damaged");
}

function* taken(parser: ReturnType<typeof parse>): Generator<Line> {
  for (;;) {
    const found = parser.read() as { readonly record: string[]; readonly info: { readonly lines: number } } | null;
    if (found === null) return;
    yield { line: found.info.lines, cells: found.record };
  }
}

function decode(bytes: Uint8Array): string {
  // Two bytes for each letter: many of them are none of text in UTF-8.
  if (bytes.includes(0)) throw new RosterError("encoding", 1);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new RosterError("encoding", firstWrongLine(bytes));
  }
}

function firstWrongLine(bytes: Uint8Array): number {
  const strict = new TextDecoder("utf-8", { fatal: true });
  let line = 1;
  for (let from = 0; from <= bytes.length; line += 1) {
    const end = bytes.indexOf(0x0a, from);
    const part = bytes.subarray(from, end < 0 ? bytes.length : end);
    try {
      strict.decode(part);
    } catch {
      return line;
    }
    if (end < 0) break;
    from = end + 1;
  }
  return 1;
}

function delimiterOf(text: string): string {
  const [first = ""] = text.split(/\r?\n/u, 1);
  const count = (sign: string): number => first.split(sign).length;
  return [";", "\t", ","].sort((one, other) => count(other) - count(one))[0] ?? ",";
}

/** Unpacks and reads beside the server: a sheet of 50,000 rows keeps a processor busy for seconds. */
const program = `
const { parentPort, workerData } = require("node:worker_threads");
const { readSheet } = require(workerData.library);
const text = (cell) => cell === null || cell === undefined ? "" : cell instanceof Date ? cell.toISOString().slice(0, 10) : String(cell);
readSheet(Buffer.from(workerData.bytes)).then((rows) => {
  let at = 0;
  parentPort.on("message", () => {
    const piece = rows.slice(at, at + ${pieceRows}).map((row) => row.map((cell) => text(cell).trim()));
    at += piece.length;
    parentPort.postMessage({ rows: piece });
  });
  parentPort.postMessage({ ready: true });
}, () => parentPort.postMessage({ damaged: true }));
`;

async function* readXlsx(bytes: Uint8Array): AsyncGenerator<Line> {
  const library = createRequire(import.meta.url).resolve("read-excel-file/node");
  const worker = new Worker(program, {
    eval: true,
    workerData: { library, bytes },
    // A small file can unpack to anything.
    resourceLimits: { maxOldGenerationSizeMb: 512 },
  });
  const told = async (): Promise<{ readonly rows?: readonly Row[]; readonly damaged?: true }> =>
    new Promise((resolve) => {
      const done = (message: { readonly rows?: readonly Row[]; readonly damaged?: true }): void => {
        worker.off("message", done).off("error", lost);
        resolve(message);
      };
      const lost = (): void => done({ damaged: true });
      worker.on("message", done).on("error", lost);
    });
  try {
    if ((await told()).damaged) throw new RosterError("damaged");
    for (let line = 1; ; ) {
      const answer = told();
      worker.postMessage("more");
      const { rows, damaged } = await answer;
      if (damaged || rows === undefined) throw new RosterError("damaged");
      if (rows.length === 0) return;
      for (const row of rows) {
        const cells = row.map((cell) => String(cell ?? ""));
        if (cells.some((cell) => cell !== "")) yield { line, cells };
        line += 1;
      }
    }
  } finally {
    await worker.terminate();
  }
}

/** Lets everything else have its turn. */
export function pause(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
