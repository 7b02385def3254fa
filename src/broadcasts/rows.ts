import { createHmac } from "node:crypto";
import { type Adapter, laneOf, type Words } from "../engine/adapter.ts";
import { partIdOf } from "../store/delivery.ts";
import type { Place, Recipient } from "./audience.ts";
import { compose, firstName, languageOf, withName } from "./content.ts";
import { createMoment } from "./timing.ts";
import type { Content, Timing } from "./types.ts";

/** One person's delivery and, where something is sent, the message row. Short names: a hundred thousand of these become JSON. */
export interface PlannedRow {
  /** Person. */
  readonly p: string;
  /** Address. */
  readonly a: string | null;
  /** State of the delivery. */
  readonly s: "planned" | "sent" | "skipped";
  /** Why it is skipped. */
  readonly r: string | null;
  /** Lane; empty where the channel's messages are streamed. */
  readonly l: string;
  /** The parts, as JSON text; null where nothing is sent. */
  readonly c: string | null;
  /** Not before this instant, epoch milliseconds. */
  readonly n: number;
  /** Token. */
  readonly t: string | null;
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

/**
 * Makes the rows of one broadcast. `sent` says whether the message of a token is known to the platform, for corrections in place.
 * Pure but for what it remembers: texts per language, moments per zone, and how much waits in each lane.
 */
export function createRows(
  deps: { readonly adapters: readonly Adapter[]; readonly words: Words; readonly secret: string },
  broadcast: RowsOf,
) {
  const { id, content, timing, startsAt, fallback, topic, corrects } = broadcast;
  const channels = new Map(deps.adapters.map((adapter) => [adapter.channel, adapter.capabilities]));
  const moment = createMoment(timing, startsAt);
  const templates = new Map<string, Template>();
  const inLane = new Map<string, number>();

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

  /** How long a lane needs for what this broadcast has put in it, milliseconds: pushes get four fifths of its limits. */
  function queueMs(lane: string, channel: string): number {
    const before = inLane.get(lane) ?? 0;
    inLane.set(lane, before + 1);
    const rates = channels.get(channel)?.rates.filter((rate) => rate.scope === "lane") ?? [];
    return Math.max(0, ...rates.map((rate) => (before * rate.perMs) / (rate.count * 0.8)));
  }

  return (person: Recipient, now: number, known: (token: string) => boolean): PlannedRow => {
    const skipped = (reason: string): PlannedRow => ({
      p: person.id,
      a: null,
      s: "skipped",
      r: reason,
      l: "",
      c: null,
      n: 0,
      t: null,
    });
    const place = person.addresses[0];
    if (person.stopped) return skipped("stopped");
    if (person.pausedUntil !== null && person.pausedUntil > now) return skipped("paused");
    if (place === undefined) return skipped("no-address");
    if (!place.reachable) return skipped("unreachable");
    const language = languageOf(content, person, fallback);
    if (language === undefined) return skipped("no-language");
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
    return {
      p: person.id,
      a: place.id,
      s: streamed ? "sent" : "planned",
      r: null,
      l: lane,
      c: `[{"id":${part},"reply":${reply}${edits === undefined ? "" : `,"edits":${JSON.stringify(edits)}`}}]`,
      n: streamed ? now : moment(person.timeZone, queueMs(lane, place.channel)),
      t: token,
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
