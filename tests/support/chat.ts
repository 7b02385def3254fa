import { fileURLToPath } from "node:url";
import { script } from "../../dialogs/index.ts";
import type { Holidays } from "../../src/domain/holidays.ts";
import type { Catalogue, Programme } from "../../src/domain/programme.ts";
import { seeded } from "../../src/domain/random.ts";
import type { Script } from "../../src/engine/dialog.ts";
import { toPlain } from "../../src/engine/markup.ts";
import type { Input, Json, Receipt, Reply } from "../../src/engine/types.ts";
import { createGuard } from "../../src/privacy/guard.ts";
import { createCatalogue } from "../../src/programmes/catalogue.ts";
import { loadProgrammes } from "../../src/programmes/load.ts";
import { createMemoryStore } from "../../src/turns/memory-store.ts";
import { createReceive } from "../../src/turns/receive.ts";
import { loadWords } from "../../src/words.ts";
import { familyMentor } from "./packs.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
export const words = loadWords(`${root}/words`);
/** What the transcripts are about; a test with several programmes says so itself. */
export const programmes: readonly Programme[] = (await loadProgrammes(familyMentor())).programmes;
/** The same with their first unit alone, and without the test over all units. */
export const firstUnits: readonly Programme[] = programmes.map(({ test: _, ...programme }) => ({
  ...programme,
  units: programme.units.slice(0, 1),
}));
/** Tuesday, 3 March 2026, 10:00 in Copenhagen. */
export const tuesday = Date.UTC(2026, 2, 3, 9);

const silent = { debug() {}, info() {}, warn() {}, error() {} };

/** A product without platforms: the real script, words and programmes over a store in memory. */
export function createWorld(
  options: {
    readonly script?: Script;
    readonly programmes?: readonly Programme[];
    readonly holidays?: Holidays;
    readonly helpNumbers?: Catalogue["helpNumbers"];
    readonly seed?: number;
  } = {},
) {
  const store = createMemoryStore();
  const random = seeded(options.seed ?? 1);
  const clock = { now: tuesday };
  let drawn = 0;
  const id = (): string =>
    `${(drawn++).toString(36).padStart(5, "0")}${Math.floor(random() * 36 ** 6)
      .toString(36)
      .padStart(6, "0")}`;
  const failures: unknown[] = [];
  let taught = createCatalogue(options.programmes ?? programmes, [], options.holidays);
  const { receive } = createReceive({
    store,
    script: options.script ?? script,
    words,
    content: {
      get programmes() {
        return taught.programmes;
      },
      get: (id: string, version?: string) => taught.get(id, version),
      holidays: taught.holidays,
      ...(options.helpNumbers === undefined ? {} : { helpNumbers: options.helpNumbers }),
    },
    now: () => clock.now,
    chance: { id, random: () => seeded(Math.floor(random() * 2 ** 32)) },
    publicUrl: undefined,
    guard: createGuard(words),
    seal: (_purpose, text) => Buffer.from(text),
    laneFor: (address) => `${address.channel}:${address.tenant}`,
    log: { ...silent, error: (fields) => failures.push(fields.err) },
    observe: { turn() {}, renewed() {} },
  });
  let deliveries = 0;

  /** One person in one chat. */
  function chat(user: string, channel = "test") {
    const address = { channel, tenant: "t", user, ref: { chat: user } };
    const key = `${channel}:t:${user}`;
    let shown: Reply[] = [];

    async function send(
      input: Input,
      delivery = `d${deliveries++}`,
    ): Promise<{ receipt: Receipt; messages: Message[] }> {
      const receipt = await receive({
        id: delivery,
        address,
        person: { name: `Name of ${user}` },
        input,
        receivedAt: clock.now,
      });
      return { receipt, messages: collect() };
    }
    function collect(): Message[] {
      return store.take(key).map(({ kind, part }) => {
        if (part.edits === undefined) shown = [...shown, part.reply];
        else shown = shown.map((reply) => (reply.token === part.edits ? part.reply : reply));
        return {
          kind,
          text: toPlain(part.reply.text),
          reply: part.reply,
          ...(part.edits === undefined ? {} : { edits: part.edits }),
          ...(part.home ? { home: true } : {}),
        };
      });
    }
    const said = async (input: Input): Promise<string> =>
      (await send(input)).messages
        .filter((one) => one.edits === undefined)
        .map((one) => one.text)
        .join("\n\n");
    /** The latest message with a button of this label, or the letter of an answer. */
    function button(label: string): { token: string; option: string } {
      for (const reply of [...shown].reverse()) {
        const found = [...(reply.choices ?? []), ...(reply.actions ?? [])].find(
          (one) => one.label === label || ("mark" in one && one.mark === label),
        );
        if (found && reply.token !== undefined) return { token: reply.token, option: found.option };
      }
      throw new Error(
        `nobody showed a button "${label}"; there are: ${shown.flatMap((reply) => [...(reply.choices ?? []), ...(reply.actions ?? [])].map((one) => one.label)).join(" | ")}`,
      );
    }

    return {
      address,
      key,
      send,
      collect,
      button,
      /** Types a text; gives what the bot says to it. */
      type: (text: string) => said({ type: "text", text }),
      /** Presses the newest button of this label; gives what the bot says to it. */
      press: (label: string) => said({ type: "press", ...button(label) }),
      command: (name: string, args = "") => said({ type: "command", name, args }),
      person: () => {
        const found = store.addresses.get(key);
        const stored = found && store.people.get(found.personId);
        if (!stored) throw new Error(`${key} is nobody yet`);
        return stored;
      },
      shown: () => shown,
      timers: () => [...store.timers.values()].filter((timer) => timer.personId === store.addresses.get(key)?.personId),
      /** Lets a due timer fire, as the scheduler would. */
      fire: async (name: string, data?: Json) => {
        const timer = [...store.timers.values()].find(
          (one) => one.name === name && one.personId === store.addresses.get(key)?.personId,
        );
        const due = timer?.due ?? clock.now;
        return send(
          { type: "timer", name, due, data: data ?? timer?.data ?? {}, ...(timer ? {} : { row: false as const }) },
          `timer:${name}@${due}`,
        );
      },
    };
  }

  /** Publishes programmes while everybody learns; `older` are those that were taught before. */
  function publish(newest: readonly Programme[], older: readonly Programme[]): void {
    taught = createCatalogue(newest, older, options.holidays);
  }

  return { store, clock, chat, receive, failures, publish };
}

export interface Message {
  readonly kind: string;
  readonly text: string;
  readonly reply: Reply;
  readonly edits?: string;
  readonly home?: boolean;
}
