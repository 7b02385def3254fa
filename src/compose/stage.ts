import type { PlayMessage, PlayMove, Stage } from "../authoring/play.ts";
import type { Programme } from "../domain/programme.ts";
import { seeded } from "../domain/random.ts";
import { chatOf, type Log, type Words } from "../engine/adapter.ts";
import type { Script } from "../engine/dialog.ts";
import { emptySession, type RecordEntry } from "../engine/session.ts";
import type { Input, Reply } from "../engine/types.ts";
import type { Guard } from "../privacy/guard.ts";
import { createCatalogue } from "../programmes/catalogue.ts";
import { createMemoryStore } from "../turns/memory-store.ts";
import { createReceive } from "../turns/receive.ts";

const address = { channel: "play", tenant: "play", user: "author", ref: null };
const chat = chatOf(address);
type Beginning = Parameters<Stage["play"]>[1];

/**
 * The real engine for whoever tries a draft out. Nothing is kept between two calls: a chat is played again from its beginning, so any
 * instance can go on with it, and no person of the product is made.
 */
export function createStage(deps: {
  readonly script: Script;
  readonly words: Words;
  readonly guard: Guard;
  readonly log: Log;
}): Stage {
  const { script, words, guard, log } = deps;

  /** A chat in which nothing was said yet. */
  function open(programme: Programme, { at }: Pick<Beginning, "at">) {
    const store = createMemoryStore();
    const random = seeded(at % 2 ** 32);
    let drawn = 0;
    let turns = 0;
    const { receive } = createReceive({
      store,
      script,
      words,
      content: createCatalogue([programme], []),
      now: () => at + turns * 1000,
      chance: { id: () => `t${(drawn++).toString(36)}`, random: () => seeded(Math.floor(random() * 2 ** 32)) },
      publicUrl: undefined,
      guard,
      seal: () => new Uint8Array(),
      laneFor: () => "",
      log,
      observe: { turn() {}, renewed() {} },
    });
    return {
      store,
      async send(input: Input) {
        turns += 1;
        await receive({ id: String(turns), address, person: { name: "" }, input, receivedAt: at });
        return store.take(chat).map(({ part }) => part);
      },
    };
  }

  /** Somebody who was welcomed and did everything before a unit. */
  async function arrive(stage: ReturnType<typeof open>, programme: Programme, beginning: Beginning): Promise<void> {
    const { at, language, content = null, unit } = beginning;
    const records = before(programme, unit, at);
    const person = {
      ...{ id: "author", name: "", language, secondLanguage: content, timeZone: "UTC", timeZoneKnown: true },
      ...{ rhythm: null, pausedUntil: null, stopped: false, roles: [] },
    };
    await stage.store.write([
      {
        at,
        personId: person.id,
        delivery: { channel: address.channel, tenant: address.tenant, id: "arrive" },
        newPerson: person,
        newAddress: { ...address, id: chat },
        session: { rev: 1, state: { ...emptySession, seenAt: at } },
        records,
        progress: script.project(null, records),
        ...{ tokens: [], timersSet: [], timersCancelled: [], jobs: [], outbox: [] },
      },
    ]);
  }

  return {
    async play(programme, beginning, moves) {
      const stage = open(programme, beginning);
      const messages: PlayMessage[] = [];
      const take = async (input: Input): Promise<void> => {
        for (const { reply, edits, home } of await stage.send(input)) {
          if (home) continue;
          const at = edits === undefined ? -1 : messages.findIndex((one) => isOf(one, edits));
          if (at < 0) messages.push({ from: "bot", reply });
          else messages[at] = { from: "bot", reply };
        }
      };
      if (beginning.unit === undefined) await take({ type: "command", name: "start", args: "" });
      else {
        await arrive(stage, programme, beginning);
        await take({ type: "command", name: "next", args: "" });
      }
      for (const move of moves) {
        messages.push({ from: "player", text: saidBy(move, messages) });
        await take(move);
      }
      return messages;
    },
    async preview(programme, place, who) {
      const stage = open(programme, who);
      await arrive(stage, programme, { ...who, unit: programme.units[0]?.id ?? "" });
      const data = { ...place, programme: programme.id, version: programme.version };
      const input = { type: "timer", name: "preview", due: who.at, data, row: false } as const;
      const [shown] = await stage.send(input);
      return shown?.reply;
    },
  };
}

function isOf(message: PlayMessage, token: string): boolean {
  return message.from === "bot" && message.reply.token === token;
}

/** What a move looks like in the chat: the words on the button, or what was typed. */
function saidBy(move: PlayMove, messages: readonly PlayMessage[]): string {
  if (move.type === "text") return move.text;
  const replies = messages.flatMap((one): Reply[] => (one.from === "bot" ? [one.reply] : []));
  const own = replies.findLast(({ token }) => token === move.token);
  return [...(own?.choices ?? []), ...(own?.actions ?? [])].find(({ option }) => option === move.option)?.label ?? "–";
}

/** The record of somebody who joined and did every unit before this one. */
function before(programme: Programme, unit: string | undefined, at: number): readonly RecordEntry[] {
  const entry = (type: string, key: string, data: RecordEntry["data"]): RecordEntry => ({
    ...{ type, key, data, at },
    ...{ programme: programme.id, version: programme.version },
  });
  const index = programme.units.findIndex(({ id }) => id === unit);
  const done = index < 0 ? programme.units : programme.units.slice(0, index);
  return [
    entry("joined", "joined", {}),
    ...done.flatMap(({ lessons, check }) => [
      ...lessons.map(({ id, minutes }) => entry("lesson.done", `lesson:${id}`, { lesson: id, minutes })),
      entry("check.done", `check:${check.id}`, { check: check.id, passed: true, right: check.draw, of: check.draw }),
    ]),
  ];
}
