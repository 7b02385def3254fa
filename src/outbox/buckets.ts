import type { Rate } from "../engine/adapter.ts";
import type { OutgoingKind } from "../engine/types.ts";

/** Exact send limits of one lane and of the chats in it. Instants are milliseconds of one clock that never jumps. */
export interface Buckets {
  /** How many sends of this kind the lane may start now, whatever the chat. */
  room(kind: OutgoingKind, now: number): number;
  /** When the lane may start a send of this kind: `now`, or later. */
  laneFreeAt(kind: OutgoingKind, now: number): number;
  /** When this chat may get its next message, by its own limits: `now`, or later. */
  chatFreeAt(chat: string, now: number, isEdit?: boolean): number;
  /** Chats that have reached a limit of theirs. */
  full(now: number): readonly string[];
  /** Counts one send. Call it only where both say `now`. */
  take(kind: OutgoingKind, chat: string, now: number, isEdit?: boolean): void;
}

/**
 * What a lane's earlier holder may have sent just before. `none`: nobody ever held it. A number: taken at this instant,
 * and every window counts as used up. Windows of 30 s and longer are then taken as used evenly, so that a chat with an
 * hourly limit is slowed down after a change of hands and not silent for an hour.
 */
export type Before = "none" | number;

/**
 * Sliding windows over the sends of one holder: in no span of `perMs` milliseconds are there more than `count`.
 * Reminders and broadcasts together get four fifths of every lane limit; the rest is kept for replies.
 */
export function createBuckets(rates: readonly Rate[], before: Before): Buckets {
  const whole = rates.filter((rate) => rate.scope === "lane").map((rate) => createWindow(rate, before));
  const pushed = rates.filter((rate) => rate.scope === "lane").map((rate) => createWindow(fourFifths(rate), before));
  const chatRates = rates.filter((rate) => rate.scope === "chat");
  const longest = Math.max(0, ...chatRates.map((rate) => rate.perMs));
  const chats = new Map<string, readonly Window[]>();
  const untouched = chatRates.map((rate) => createWindow(rate, before));
  let sweptAt = Number.NEGATIVE_INFINITY;

  const laneWindows = (kind: OutgoingKind) => (kind === "reply" ? whole : [...whole, ...pushed]);
  const windowsOf = (chat: string) => chats.get(chat) ?? untouched;

  return {
    room(kind, now) {
      // After a change of hands every chat counts as full for a moment, also those nothing is known about.
      if (untouched.some((window) => window.room(now) < 1)) return 0;
      return Math.min(Number.POSITIVE_INFINITY, ...laneWindows(kind).map((window) => window.room(now)));
    },
    laneFreeAt: (kind, now) =>
      Math.max(now, ...[...laneWindows(kind), ...untouched].map((window) => window.freeAt(now))),
    chatFreeAt: (chat, now, isEdit = false) =>
      Math.max(now, ...counting(windowsOf(chat), isEdit).map((window) => window.freeAt(now))),
    full(now) {
      sweep(now);
      return [...chats].filter(([, windows]) => windows.some((window) => window.room(now) < 1)).map(([chat]) => chat);
    },
    take(kind, chat, now, isEdit = false) {
      for (const window of laneWindows(kind)) window.take(now);
      if (chatRates.length === 0) return;
      const windows = chats.get(chat) ?? chatRates.map((rate) => createWindow(rate, before));
      chats.set(chat, windows);
      for (const window of counting(windows, isEdit)) window.take(now);
    },
  };

  /** The windows of a chat that a send counts in: an edit not in those of new messages. */
  function counting(windows: readonly Window[], isEdit: boolean): readonly Window[] {
    return isEdit ? windows.filter((_, index) => chatRates[index]?.newOnly !== true) : windows;
  }

  /** Forgets chats whose sends no window can see any more. */
  function sweep(now: number): void {
    if (now - sweptAt < Math.min(longest, 10_000)) return;
    sweptAt = now;
    for (const [chat, windows] of chats) {
      if (windows.every((window) => window.idle(now))) chats.delete(chat);
    }
  }
}

interface Window {
  room(now: number): number;
  freeAt(now: number): number;
  take(now: number): void;
  idle(now: number): boolean;
}

function createWindow(rate: Pick<Rate, "count" | "perMs">, before: Before): Window {
  const { count, perMs } = rate;
  const sends: number[] = [];
  const spread = perMs >= 30_000;

  /** Sends of an earlier holder that this window still has to count. */
  const earlier = (now: number): number => {
    if (before === "none" || now >= before + perMs) return 0;
    // The tiny addend keeps rounding from saying "not yet" at the very instant that `freeAt` names.
    return spread ? count - Math.floor(((now - before) * count) / perMs + 1e-9) : count;
  };
  const drop = (now: number): void => {
    while (sends[0] !== undefined && now >= sends[0] + perMs) sends.shift();
  };
  const room = (now: number): number => {
    drop(now);
    return Math.max(0, count - earlier(now) - sends.length);
  };

  return {
    room,
    take: (now) => void sends.push(now),
    idle(now) {
      drop(now);
      return sends.length === 0;
    },
    freeAt(now) {
      if (room(now) >= 1) return now;
      const oldest = sends[0] === undefined ? Number.POSITIVE_INFINITY : sends[0] + perMs;
      if (before === "none" || earlier(now) === 0) return oldest;
      const gone = spread ? before + ((count - earlier(now) + 1) * perMs) / count : before + perMs;
      return Math.min(oldest, gone);
    },
  };
}

/** Small counts cannot be divided; their window gets longer instead. */
function fourFifths({ count, perMs }: Rate): Pick<Rate, "count" | "perMs"> {
  return count >= 5 ? { count: Math.floor(count * 0.8), perMs } : { count, perMs: perMs * 1.25 };
}

/** How many rows may be claimed: all of them, and reminders and broadcasts among them. */
export interface ClaimLimits {
  readonly all: number;
  readonly pushes: number;
}

/** The limits of a claim where `busy` of `concurrency` places are taken; a fifth of the places is kept for replies. */
export function claimLimits(concurrency: number, busy: number, rates: Buckets, now: number): ClaimLimits {
  const kept = concurrency > 1 ? Math.ceil(concurrency / 5) : 0;
  const all = Math.max(0, Math.min(concurrency - busy, rates.room("reply", now)));
  const pushes = Math.max(0, Math.min(concurrency - kept - busy, rates.room("broadcast", now)));
  return { all, pushes: Math.min(all, pushes) };
}

/** When limits that hold something up end; instants that are not later than `now` hold nothing up. */
export function changes(rates: Buckets, now: number): readonly number[] {
  return [
    rates.laneFreeAt("reply", now),
    rates.laneFreeAt("broadcast", now),
    ...rates.full(now).map((chat) => rates.chatFreeAt(chat, now)),
  ];
}
