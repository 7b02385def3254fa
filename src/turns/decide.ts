import { assumedZone, isZone } from "../domain/zones.ts";
import { chatOf, type Words } from "../engine/adapter.ts";
import type { Decision } from "../engine/decision.ts";
import type { Script } from "../engine/dialog.ts";
import { showSay } from "../engine/prompt.ts";
import { emptySession, type PersonState, type Session } from "../engine/session.ts";
import { takeTurn } from "../engine/turn.ts";
import type { Address, Inbound, Input } from "../engine/types.ts";
import type { OutboxWrite, TurnRows, TurnWrite } from "../store/types.ts";
import type { Chance } from "./chance.ts";

export interface DecideDeps {
  readonly script: Script;
  readonly words: Words;
  readonly content: unknown;
  readonly now: () => number;
  readonly chance: Chance;
  readonly publicUrl: string | undefined;
  /** Encrypts what somebody typed, for the journal and for failed turns. */
  readonly seal: (purpose: "journal" | "failed", text: string) => Uint8Array;
  /** Takes out of an input what nothing may keep (`src/privacy`). Pure. */
  readonly guard: (input: Input, language: string | null, session: Session | undefined) => Input;
  /** The lane of a channel's messages, or "" where a stream reads them. */
  readonly laneFor: (address: Address) => string;
}

export interface Decided {
  readonly outcome: "taken" | "duplicate" | "dropped" | "failed";
  readonly write?: TurnWrite;
  readonly notice?: string;
  /** What was typed was taken out. */
  readonly withheld?: true;
  readonly renewed: number;
}

/** From one delivery and its rows to the rows the turn writes. Pure but for the ids it draws. */
export function createDecide(deps: DecideDeps) {
  function turn(given: Inbound, rows: TurnRows): Decided {
    if (rows.seen) return { outcome: "duplicate", renewed: 0 };
    const inbound = guarded(given, rows);
    const { input } = inbound;
    // An installation enrols nobody: only what a person does makes a person.
    if (!rows.person && (input.type === "presence" || input.type === "timer" || input.type === "open"))
      return { outcome: "dropped", renewed: 0 };
    const before = rows.person ?? newcomer(inbound);
    const news = told(before, inbound);
    // The same object where nothing is new: its row is not written then.
    const person = Object.keys(news).length === 0 ? before : { ...before, ...news };
    const decision = takeTurn(
      deps.script,
      {
        person,
        session: rows.state ?? emptySession,
        progress: rows.progress ?? null,
        token:
          rows.token && input.type === "press"
            ? { ...rows.token, token: input.token, mine: rows.token.personId === person.id }
            : undefined,
      },
      input,
      {
        now: deps.now(),
        random: deps.chance.random(),
        id: deps.chance.id,
        words: deps.words,
        content: deps.content,
        publicUrl: deps.publicUrl,
      },
    );
    return {
      outcome: "taken",
      write: writeOf(inbound, rows, before, decision),
      ...(decision.notice === undefined ? {} : { notice: decision.notice }),
      ...(input.type === "withheld" ? { withheld: true } : {}),
      renewed: decision.renewed,
    };
  }

  /** The same delivery without what nothing may keep. */
  function guarded(inbound: Inbound, rows: TurnRows): Inbound {
    const language = rows.person?.language ?? deps.words.match(inbound.person.locale) ?? null;
    const input = deps.guard(inbound.input, language, rows.state);
    return input === inbound.input ? inbound : { ...inbound, input };
  }

  /** What a failed turn may keep. Where the guard itself fails, a text that nobody looked at is kept nowhere. */
  function keepable(given: Inbound, rows: TurnRows): Inbound {
    const nothing: Input = { type: "withheld", danger: false, findings: [] };
    try {
      const inbound = guarded(given, rows);
      // That somebody seemed to be in danger is nothing to keep either.
      return inbound.input.type === "withheld" ? { ...inbound, input: nothing } : inbound;
    } catch {
      return { ...given, input: nothing };
    }
  }

  /** A turn that cannot be decided or stored: kept encrypted for replay, answered with an apology and a way on. */
  function failure(given: Inbound, rows: TurnRows, reason: string): Decided {
    const inbound = keepable(given, rows);
    const person = rows.person ?? newcomer({ ...inbound, person: { name: "" } });
    const language = person.language ?? deps.words.languages[0] ?? "en";
    const shown = showSay(
      {
        text: deps.words.markup(language, "turn.failed"),
        actions: [{ label: deps.words.text(language, "b.continue"), command: "next", primary: true }],
      },
      deps.chance.id,
    );
    const decision: Decision = {
      session: rows.state ?? emptySession,
      person,
      progress: rows.progress ?? null,
      replies: inbound.input.type === "timer" ? [] : [{ kind: "reply", reply: shown.reply }],
      effects:
        shown.token === undefined
          ? []
          : [{ type: "token", token: shown.token, meaning: { type: "commands", commands: shown.commands } }],
      renewed: 0,
    };
    const { journal: _journal, ...write } = writeOf(inbound, rows, person, decision);
    const input = Buffer.from(deps.seal("failed", JSON.stringify(inbound))).toString("base64");
    return {
      outcome: "failed",
      write: { ...write, failed: { input, reason } },
      ...(inbound.input.type === "withheld" ? { withheld: true } : {}),
      renewed: 0,
    };
  }

  function newcomer(inbound: Inbound): PersonState {
    const language = deps.words.match(inbound.person.locale) ?? null;
    return {
      id: deps.chance.id(),
      name: inbound.person.name,
      language,
      secondLanguage: null,
      timeZone: assumedZone(language ?? undefined),
      timeZoneKnown: false,
      rhythm: null,
      pausedUntil: null,
      stopped: false,
      roles: [],
    };
  }

  function writeOf(inbound: Inbound, rows: TurnRows, before: PersonState, decision: Decision): TurnWrite {
    const { address, input } = inbound;
    const addressId = chatOf(address);
    const now = deps.now();
    const person: PersonState = decision.person;
    const known = rows.person;
    const state =
      decision.effects.find((effect) => effect.type === "address")?.state ??
      (input.type === "timer" ? undefined : "reachable");
    const changedState = rows.address && state !== undefined && state !== rows.address.state ? state : undefined;
    const changedRef =
      rows.address && input.type !== "timer" && rows.address.ref !== JSON.stringify(address.ref)
        ? JSON.stringify(address.ref)
        : undefined;
    return {
      at: now,
      personId: person.id,
      delivery: {
        channel: input.type === "timer" ? "timer" : address.channel,
        tenant: input.type === "timer" ? "" : address.tenant,
        id: inbound.id,
      },
      ...(input.type === "text" || input.type === "command"
        ? { journal: deps.seal("journal", input.type === "text" ? input.text : `${input.name} ${input.args}`) }
        : {}),
      ...(known ? {} : { newPerson: person, newAddress: { ...address, id: addressId } }),
      ...(known && person !== before ? { person } : {}),
      ...(known && input.type !== "timer" && input.type !== "presence" && known.addressId !== addressId
        ? { lastAddressId: addressId }
        : {}),
      ...(changedState || changedRef !== undefined
        ? {
            address: {
              id: addressId,
              ...(changedRef === undefined ? {} : { ref: changedRef }),
              ...(changedState ? { state: changedState } : {}),
              ...(input.type === "presence" && input.reason !== undefined ? { reason: input.reason } : {}),
            },
          }
        : {}),
      ...(decision.session === rows.state ? {} : { session: { rev: rows.rev + 1, state: decision.session } }),
      records: decision.effects.flatMap((effect) => (effect.type === "record" ? [effect.entry] : [])),
      ...(decision.progress === (rows.progress ?? null) ? {} : { progress: decision.progress }),
      tokens: decision.effects.flatMap((effect) =>
        effect.type === "token" ? [{ token: effect.token, meaning: effect.meaning }] : [],
      ),
      timersSet: decision.effects.flatMap((effect) =>
        effect.type === "timer.set" ? [{ name: effect.name, due: effect.due, data: effect.data }] : [],
      ),
      timersCancelled: decision.effects.flatMap((effect) => (effect.type === "timer.cancel" ? [effect.name] : [])),
      ...(input.type === "timer" && input.row !== false ? { timerFired: { name: input.name, due: input.due } } : {}),
      jobs: decision.effects.flatMap((effect) =>
        effect.type === "job" ? [{ id: deps.chance.id(), name: effect.name, data: effect.data }] : [],
      ),
      outbox: outboxOf(decision, inbound, rows, now),
    };
  }

  function outboxOf(decision: Decision, { address, input }: Inbound, rows: TurnRows, now: number): OutboxWrite[] {
    const lane = deps.laneFor(address);
    const addressId = chatOf(address);
    const messageId = rows.token?.messageId;
    const shown = input.type === "press" && messageId !== undefined ? { token: input.token, messageId } : undefined;
    const kinds = [...new Set(decision.replies.map((reply) => reply.kind))];
    return kinds.map((kind) => ({
      addressId,
      address,
      ...(shown && { shown }),
      lane,
      kind,
      parts: decision.replies
        .filter((reply) => reply.kind === kind)
        .map(({ reply, edits, home }) => ({
          id: deps.chance.id(),
          reply,
          ...(edits === undefined ? {} : { edits }),
          ...(home ? { home } : {}),
        })),
      notBefore: now,
    }));
  }

  return { turn, failure };
}

/** What a platform tells about a person with each message. What the person chose themselves stays. */
function told(person: PersonState, inbound: Inbound): Partial<PersonState> {
  const { name, timeZone } = inbound.person;
  return {
    ...(name !== "" && name !== person.name ? { name } : {}),
    ...(timeZone !== undefined && !person.timeZoneKnown && isZone(timeZone) ? { timeZone, timeZoneKnown: true } : {}),
  };
}
