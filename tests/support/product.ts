import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { familyMentor } from "./packs.ts";
import { createPostgresql } from "./postgresql.ts";

const home = fileURLToPath(new URL("../..", import.meta.url));
const program = join(home, "bin", "fadder.js");
/** A start may find the sources changed and build first. */
const readyWithinMs = 240_000;

/** The built product as a child process: started, stopped and killed as an operator or a power cut would. */
export interface RunningProduct {
  readonly url: string;
  readonly databaseUrl: string;
  readonly folder: string;
  /** Everything it wrote, one entry a line, also before a restart. */
  readonly lines: readonly string[];
  /** The process that runs now. */
  pid(): number | undefined;
  /** Resolves when `/readyz` says ready; rejects with the last lines where the process ends before. */
  ready(): Promise<void>;
  /** Sends SIGTERM; resolves with the exit status and how long it took. */
  stop(): Promise<{ readonly status: number | null; readonly ms: number }>;
  /** Sends SIGKILL and waits for the end. */
  kill(): Promise<void>;
  /** Starts it again on the same port, folder and database; does not wait until it is ready. */
  restart(): void;
  /** Texts that may never stand in a log line. */
  never(...texts: readonly string[]): void;
  /** What it logged as an error, as messages. */
  errors(): readonly string[];
  /** Ends it, checks its log lines, and removes folder and database. */
  close(): Promise<void>;
}

/** What a start that ends by itself leaves behind. */
export interface Ended {
  readonly status: number | null;
  readonly output: string;
}

/** Variables of this machine that a process needs, and one programme, which the tests know by heart. */
function machine(): Record<string, string> {
  const { PATH = "" } = process.env;
  return { PATH, LANG: "en_US.UTF-8", TZ: "UTC", PROGRAMMES_DIR: familyMentor() };
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no free port");
  return address.port;
}

/**
 * Starts `bin/fadder.js serve` with variables of the contract only and an own folder. `database` is a kind, for an own
 * empty database, or the address of one that somebody else keeps. Not ready yet when this resolves: see `ready`.
 */
export async function startProduct(options: {
  readonly env?: Readonly<Record<string, string>>;
  readonly database: "sqlite" | "postgresql" | { readonly url: string };
  readonly port?: number;
}): Promise<RunningProduct> {
  const folder = mkdtempSync(join(tmpdir(), "fadder-world-"));
  const server = options.database === "postgresql" ? await createPostgresql() : undefined;
  const given = typeof options.database === "object" ? options.database.url : undefined;
  const databaseUrl = given ?? server?.url ?? `file:${join(folder, "fadder.db")}`;
  const port = options.port ?? (await freePort());
  const env = {
    ...machine(),
    DATA_DIR: folder,
    DATABASE_URL: databaseUrl,
    PORT: String(port),
    ...options.env,
  };
  const url = `http://127.0.0.1:${port}`;
  const lines: string[] = [];
  const secrets = new Set<string>();
  let child: ChildProcess | undefined;
  let ended: Promise<number | null> = Promise.resolve(null);

  function restart(): void {
    const own = spawn(process.execPath, [program, "serve"], { cwd: home, env, stdio: ["ignore", "pipe", "pipe"] });
    child = own;
    collect(own, (line) => lines.push(line));
    ended = new Promise((resolve) => own.once("close", (status) => resolve(status)));
    void ended.then(() => {
      if (child === own) child = undefined;
    });
  }

  async function end(signal: "SIGTERM" | "SIGKILL"): Promise<number | null> {
    child?.kill(signal);
    return ended;
  }

  restart();
  return {
    url,
    databaseUrl,
    folder,
    lines,
    pid: () => child?.pid,
    async ready() {
      const until = performance.now() + readyWithinMs;
      while (performance.now() < until) {
        if (child === undefined) break;
        const answer = await fetch(`${url}/readyz`).catch(() => undefined);
        await answer?.arrayBuffer();
        if (answer?.status === 200) return;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      throw new Error(`the product did not get ready:\n${lines.slice(-20).join("\n")}`);
    },
    async stop() {
      const startedAt = performance.now();
      const status = await end("SIGTERM");
      return { status, ms: Math.round(performance.now() - startedAt) };
    },
    kill: async () => void (await end("SIGKILL")),
    restart,
    errors: () => lines.filter((line) => line.includes('"level":"error"')),
    never: (...texts) => {
      for (const text of texts) if (text.trim() !== "") secrets.add(text);
    },
    async close() {
      await end("SIGTERM");
      try {
        const told = lines.filter((line) => [...secrets].some((secret) => line.includes(secret)));
        if (told.length > 0) throw new Error(`log lines tell what they must not:\n${told.slice(0, 5).join("\n")}`);
      } finally {
        await server?.drop();
        rmSync(folder, { recursive: true, force: true });
      }
    },
  };
}

/** Runs a start that is expected to end by itself, and gives what it said. */
export async function startInVain(env: Readonly<Record<string, string>>, command = "serve"): Promise<Ended> {
  const child = spawn(process.execPath, [program, command], {
    cwd: home,
    env: { ...machine(), ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const lines: string[] = [];
  collect(child, (line) => lines.push(line));
  const late = setTimeout(() => child.kill("SIGKILL"), readyWithinMs);
  const status = await new Promise<number | null>((resolve) => child.once("close", resolve));
  clearTimeout(late);
  return { status, output: lines.join("\n") };
}

/** Starts `fadder chat` behind pipes. */
export function spawnChat(env: Readonly<Record<string, string>>): ChildProcess {
  return spawn(process.execPath, [program, "chat"], { cwd: home, env: { ...machine(), ...env }, stdio: "pipe" });
}

function collect(child: ChildProcess, take: (line: string) => void): void {
  for (const stream of [child.stdout, child.stderr]) {
    let rest = "";
    stream?.setEncoding("utf8").on("data", (chunk: string) => {
      const parts = (rest + chunk).split("\n");
      rest = parts.pop() ?? "";
      for (const part of parts) take(part);
    });
    stream?.on("end", () => rest !== "" && take(rest));
  }
}
