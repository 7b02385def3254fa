import type { Programme } from "../domain/programme.ts";
import type { Receive } from "../engine/adapter.ts";
import type { Action, Address, Choice, Input, Reply } from "../engine/types.ts";
import type { Store } from "../store/types.ts";

/** Somebody who learns by pressing, one button after the other. */
export interface Player {
  /** Types a command. */
  command(name: string): Promise<void>;
  /** Types a sentence. */
  say(text: string): Promise<void>;
  /** Leaves the chat: from then on nothing arrives. */
  leave(): Promise<void>;
  /** Presses up to `count` buttons; ends earlier where nothing leads on. Returns how many were pressed. */
  press(count: number): Promise<number>;
}

/** How a player learns. */
export interface Character {
  readonly name: string;
  readonly language: string;
  /** The share of questions that are answered right, 0 to 1. */
  readonly skill: number;
}

interface PlayerDeps {
  readonly store: Pick<Store, "outbox">;
  readonly receive: Receive;
  readonly programme: Programme;
  /** Epoch milliseconds, as of the moment that is played. */
  readonly now: () => number;
  readonly random: () => number;
}

/** A player at an address whose messages are streamed. */
export function createPlayer(address: Address, character: Character, deps: PlayerDeps): Player {
  const { store, receive, now, random } = deps;
  const { name, language, skill } = character;
  const chat = `${address.channel}:${address.tenant}:${address.user}`;
  const right = rightAnswers(deps.programme, language);
  const titles = new Set(Object.values(deps.programme.title));
  let turns = 0;
  let seen: number | undefined;
  let open: Reply | undefined;

  async function send(input: Input): Promise<void> {
    turns += 1;
    const id = `demo:${address.user}:${turns}`;
    await receive({ id, address, person: { name, locale: language }, input, receivedAt: now() });
    for (const row of await store.outbox.stream(chat, seen ?? 0, 50)) {
      seen = row.seq;
      open = row.parts.findLast(({ reply }) => reply.token !== undefined)?.reply ?? open;
    }
  }

  /** The programme that is played; a right answer or any other, as the character is; without a question what leads on. */
  function chosen(reply: Reply): Choice | Action | undefined {
    const choices = reply.choices ?? [];
    const own = choices.find((choice) => titles.has(choice.label));
    if (own !== undefined) return own;
    const good = choices.find((choice) => right.has(choice.label));
    if (good !== undefined && random() < skill) return good;
    if (choices.length > 0) return choices[Math.floor(random() * choices.length)];
    const actions = (reply.actions ?? []).filter((action) => action.url === undefined);
    return actions.find((action) => action.primary === true) ?? actions[0];
  }

  return {
    command: (command) => send({ type: "command", name: command, args: "" }),
    say: (text) => send({ type: "text", text }),
    leave: () => send({ type: "presence", state: "gone" }),
    async press(count) {
      for (let pressed = 0; pressed < count; pressed += 1) {
        const next = open === undefined ? undefined : chosen(open);
        const token = open?.token;
        if (next === undefined || token === undefined) return pressed;
        await send({ type: "press", token, option: next.option });
      }
      return count;
    },
  };
}

/** The texts of all right answers of a programme. */
function rightAnswers(programme: Programme, language: string): ReadonlySet<string> {
  const questions = programme.units.flatMap((unit) => [
    ...unit.lessons.flatMap((lesson) => lesson.practice),
    ...unit.check.bank,
  ]);
  return new Set(
    questions.flatMap((question) =>
      question.kind === "single"
        ? question.options.filter((one) => one.id === question.right).map((one) => one.text[language] ?? "")
        : [],
    ),
  );
}
