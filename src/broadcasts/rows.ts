import { createHmac } from "node:crypto";
import { type Adapter, laneOf, type Words } from "../engine/adapter.ts";
import { partIdOf } from "../store/delivery.ts";
import type { Place, Recipient } from "./audience.ts";
import { compose, firstName, languageOf, withName } from "./content.ts";
import type { Queues } from "./queues.ts";
import { createMoment } from "./timing.ts";
import type { Content, Timing } from "./types.ts";

/** What is decided about one person: where the message goes and in which language, or why it does not. */
export type Choice =
  | { readonly skip: string }
  | { readonly skip?: undefined; readonly place: Place; readonly language: string };

/** One person's message. Short names: PostgreSQL gets these as JSON. */
export interface MessageRow {
  /** Person. */
  readonly p: string;
  /** Address. */
  readonly a: string;
  /** State of the delivery: a message that a stream may show at once is sent. */
  readonly s: "planned" | "sent";
  /** Lane; empty where the channel's messages are streamed. */
  readonly l: string;
  /** The parts, as JSON text. */
  readonly c: string;
  /** Not before this instant, epoch milliseconds. */
  readonly n: number;
  /** Token. */
  readonly t: string;
}

/** What the rows of a broadcast are made of. */
export interface RowsOf {
  readonly id: string;
  readonly content: Content;
  readonly timing: Timing;
  readonly startsAt: number;
  readonly topic: string | undefined;
  /** The language where a person's own have no text. */
  readonly fallback: string;
  /** The broadcast that this one corrects. */
  readonly corrects: string | null;
}

/** The token under a person's message of a broadcast: nobody can guess it, and a correction finds it again. */
export function tokenOf(secret: string, broadcast: string, person: string): string {
  return createHmac("sha256", secret).update(`broadcast ${broadcast} ${person}`).digest("base64url").slice(0, 16);
}

/** Decides about one person as of `now`. Pure. */
export function choose(content: Content, fallback: string, person: Recipient, now: number): Choice {
  const place = person.addresses[0];
  if (person.stopped) return { skip: "stopped" };
  if (person.pausedUntil !== null && person.pausedUntil > now) return { skip: "paused" };
  if (place === undefined) return { skip: "no-address" };
  if (!place.reachable) return { skip: "unreachable" };
  const language = languageOf(content, person, fallback);
  return language === undefined ? { skip: "no-language" } : { place, language };
}

/**
 * Makes the messages of one broadcast. Pure but for what it remembers: texts per language, moments per zone, and what it put in
 * the lanes. `known` says whether a platform has given an id to the message under a token, for corrections in place; `mayOn` whether
 * the person may be sent something on a local day.
 */
export function createRows(
  deps: { readonly adapters: readonly Adapter[]; readonly words: Words; readonly secret: string },
  broadcast: RowsOf,
  queues: Queues,
) {
  const { id, content, timing, startsAt, topic, corrects } = broadcast;
  const channels = new Map(deps.adapters.map((adapter) => [adapter.channel, adapter.capabilities]));
  const moment = createMoment(timing, startsAt);
  const templates = new Map<string, Template>();

  function template(language: string, named: boolean, marked: boolean): Template {
    const key = `${language} ${named} ${marked}`;
    let made = templates.get(key);
    if (made === undefined) {
      const text = content.texts[language] ?? "";
      const shown = named ? text : withName(text, "");
      const frame = { broadcast: id, token: tokenMark, topic, marked };
      made = split(JSON.stringify(compose(content, language, shown, frame, deps.words).reply));
      templates.set(key, made);
    }
    return made;
  }

  return (
    person: Recipient,
    { place, language }: { readonly place: Place; readonly language: string },
    now: number,
    known: (token: string) => boolean,
    mayOn: (day: string) => boolean,
  ): { readonly row: MessageRow; readonly day: string; readonly pushes: boolean } => {
    const channel = channels.get(place.channel);
    const streamed = channel?.lane === false;
    const lane = streamed ? "" : laneOf(place);
    const earlier = corrects === null ? undefined : tokenOf(deps.secret, corrects, person.id);
    // In place only where the platform can and has said which message it is; else the correction says that it is one.
    const edits =
      earlier !== undefined && channel?.edits === true && (streamed || known(earlier)) ? earlier : undefined;
    const name = firstName(person.name);
    const token = tokenOf(deps.secret, id, person.id);
    const reply = template(language, name !== "", earlier !== undefined && edits === undefined)(name, token);
    const part = JSON.stringify(partIdOf({ broadcast: id, person: person.id }));
    const { at, day } = moment(person.timeZone, queues.waitMs(lane), mayOn);
    if (at <= now) queues.add(lane);
    return {
      row: {
        p: person.id,
        a: place.id,
        s: streamed && at <= now ? "sent" : "planned",
        l: lane,
        c: `[{"id":${part},"reply":${reply}${edits === undefined ? "" : `,"edits":${JSON.stringify(edits)}`}}]`,
        n: at,
        t: token,
      },
      day,
      // What changes in place makes no sound.
      pushes: edits === undefined,
    };
  };
}

/** Where an address's messages go: the id of its lane, empty where they are streamed. */
export function laneIn(adapters: readonly Adapter[], place: Pick<Place, "channel" | "tenant">): string {
  const streamed = adapters.some((one) => one.channel === place.channel && !one.capabilities.lane);
  return streamed ? "" : laneOf(place);
}

type Template = (name: string, token: string) => string;

const tokenMark = "\ue001";
const marks = new RegExp(`(\\{name\\}|${tokenMark})`, "u");

/** Cuts JSON text where name and token go, so that a person costs a join and no serialising of the message. */
function split(json: string): Template {
  const pieces = json.split(marks);
  return (name, token) => {
    const escaped = JSON.stringify(name).slice(1, -1);
    return pieces.map((piece) => (piece === "{name}" ? escaped : piece === tokenMark ? token : piece)).join("");
  };
}
