import { script } from "../../dialogs/index.ts";
import type { Programme } from "../../src/domain/programme.ts";
import { seeded } from "../../src/domain/random.ts";
import { chatOf, type Receive } from "../../src/engine/adapter.ts";
import { toPlain } from "../../src/engine/markup.ts";
import type { Input, Json, Reply } from "../../src/engine/types.ts";
import { createGuard } from "../../src/privacy/guard.ts";
import { createCatalogue } from "../../src/programmes/catalogue.ts";
import { createTimers } from "../../src/schedule/timers.ts";
import { createBox } from "../../src/store/box.ts";
import { type Job, PutOff, type Store } from "../../src/store/types.ts";
import { createReceive } from "../../src/turns/receive.ts";
import { programmes as allProgrammes, words } from "./chat.ts";
import { quietLog } from "./databases.ts";

export const secret = "a secret for tests only, thirty-two characters";

/** What jobs and services of a test are made with. */
export interface StoreDeps {
  readonly store: Store;
  readonly db: Store["db"];
  readonly receive: Receive;
  readonly now: () => number;
  readonly secret: string;
  readonly origin: string;
  readonly publicUrl: string | undefined;
  readonly seal: (purpose: string, text: string, context: string) => Uint8Array;
  readonly open: (purpose: string, sealed: Uint8Array, context: string) => string;
}

type Jobs = Readonly<Record<string, (job: Job) => Promise<void>>>;

/** A message as its chat heard it. */
export interface Heard {
  readonly at: number;
  readonly text: string;
}

/**
 * Chats over a real database, with the real script, jobs and timers under a clock that the test moves: what a platform and a
 * browser would add is left out.
 */
export function createStoreWorld(
  store: Store,
  options: {
    readonly start?: number;
    readonly programmes?: readonly Programme[];
    readonly publicUrl?: string;
    readonly jobs?: (deps: StoreDeps) => Jobs;
    /** Looked at after every step of the clock, as the scheduler does with each tick. */
    readonly also?: (deps: StoreDeps) => readonly (() => Promise<unknown>)[];
    /** The next instants at which `also` has something to do. */
    readonly next?: (deps: StoreDeps) => Promise<number | undefined>;
  } = {},
) {
  const clock = { now: options.start ?? Date.UTC(2027, 0, 4, 9) };
  const now = (): number => clock.now;
  const random = seeded(7);
  let drawn = 0;
  const chance = {
    id: () =>
      `${(drawn++).toString(36).padStart(5, "0")}${Math.floor(random() * 36 ** 6)
        .toString(36)
        .padStart(6, "0")}`,
    random: () => seeded(Math.floor(random() * 2 ** 32)),
  };
  const failures: unknown[] = [];
  const { publicUrl } = options;
  const { receive } = createReceive({
    store,
    script,
    words,
    content: createCatalogue(options.programmes ?? allProgrammes, []),
    now,
    chance,
    publicUrl,
    guard: createGuard(words),
    seal: (_purpose, text) => Buffer.from(text),
    laneFor: () => "",
    log: { ...quietLog, error: (fields: { readonly err?: unknown }) => failures.push(fields.err) },
    observe: { turn() {}, renewed() {} },
  });
  const box = createBox(secret);
  const deps: StoreDeps = {
    store,
    db: store.db,
    receive,
    now,
    secret,
    origin: publicUrl ?? "http://127.0.0.1:1",
    publicUrl,
    seal: (purpose, text, context) => box.seal(purpose, Buffer.from(text), context),
    open: (purpose, sealed, context) => Buffer.from(box.open(purpose, sealed, context)).toString(),
  };
  const jobs = options.jobs?.(deps) ?? {};
  const also = options.also?.(deps) ?? [];
  const timers = createTimers({ store, receive, now, log: quietLog, random, stopped: () => false });

  /** Everything that is due at this instant, until nothing is. */
  async function settle(): Promise<void> {
    for (let round = 0; round < 100; round += 1) {
      await timers.fireDue();
      for (const work of also) await work();
      const waiting = await store.jobs(now(), 50);
      for (const job of waiting) {
        const until = await jobs[job.name]?.(job).then(
          () => undefined,
          (error: unknown) => {
            if (error instanceof PutOff) return error.until;
            throw error;
          },
        );
        if (until === undefined) await store.jobDone(job.id);
        else await store.jobFailed(job.id, until);
      }
      if (waiting.length === 0) return;
    }
    throw new Error("work makes work without end");
  }

  /** Lets time pass, stopping wherever something is due. */
  async function sleepUntil(target: number): Promise<void> {
    while (clock.now < target) {
      const timer = await store.db.timer.findFirst({ orderBy: { due: "asc" }, select: { due: true } });
      const next = await options.next?.(deps);
      const due = [timer === null ? undefined : Number(timer.due), next].filter((at) => at !== undefined);
      clock.now = Math.min(target, Math.max(clock.now + 1, Math.min(...due, target)));
      await settle();
      for (const listen of listeners) await listen();
    }
  }

  let deliveries = 0;
  const listeners: (() => Promise<void>)[] = [];

  /** One person in one chat. */
  function chat(user: string, timeZone?: string) {
    const address = { channel: "chat", tenant: "bot", user, ref: {} };
    let seen = 0;
    let shown: Reply[] = [];
    const heard: Heard[] = [];
    let unread: string[] = [];
    const collect = async (): Promise<void> => {
      const rows = await store.outbox.stream(chatOf(address), seen, 200);
      seen = rows.at(-1)?.seq ?? seen;
      const replies = rows.flatMap((row) =>
        row.parts.filter((part) => part.edits === undefined).map((part) => part.reply),
      );
      shown = [...shown, ...replies].slice(-20);
      const texts = replies.map((reply) => toPlain(reply.text));
      heard.push(...texts.map((text) => ({ at: clock.now, text })));
      unread.push(...texts);
    };
    listeners.push(collect);
    /** What came since the last time, in one text. */
    const news = async (): Promise<string> => {
      await collect();
      const texts = unread;
      unread = [];
      return texts.join("\n");
    };
    const send = async (input: Input): Promise<string> => {
      const person = { name: `Name of ${user}`, ...(timeZone === undefined ? {} : { timeZone }) };
      await receive({ id: `d${deliveries++}`, address, person, input, receivedAt: now() });
      await settle();
      return news();
    };
    return {
      address,
      heard,
      news,
      send,
      type: (text: string) => send({ type: "text", text }),
      command: (name: string, args = "") => send({ type: "command", name, args }),
      /** Presses the newest button of this label. */
      press(label: string): Promise<string> {
        for (const reply of [...shown].reverse()) {
          const found = [...(reply.choices ?? []), ...(reply.actions ?? [])].find((one) => one.label === label);
          if (found && reply.token) return send({ type: "press", token: reply.token, option: found.option });
        }
        const labels = shown
          .flatMap((reply) => [...(reply.choices ?? []), ...(reply.actions ?? [])])
          .map((one) => one.label);
        throw new Error(`nobody showed "${label}"; there are: ${labels.join(" | ")}`);
      },
      shown: () => shown,
      /** The person behind the chat. */
      async id(): Promise<string> {
        const row = await store.db.address.findUniqueOrThrow({ where: { id: chatOf(address) } });
        return row.personId;
      },
      /** Welcomed in English, with reminders on weekdays at 08:00, or none. */
      async welcomed(rhythm = true): Promise<void> {
        await send({ type: "command", name: "start", args: "" });
        for (const label of rhythm ? ["English", "Monday to Friday", "08:00"] : ["English", "Only when I ask"])
          await this.press(label);
      },
      /** Something that a job or a page tells this person. */
      async told(name: string, data: Json, id = `t${deliveries++}`): Promise<string> {
        const input: Input = { type: "timer", name, due: now(), data, row: false };
        await receive({ id, address, person: { name: "" }, input, receivedAt: now() });
        await settle();
        return news();
      },
    };
  }

  return { clock, deps, chat, settle, sleepUntil, failures };
}
