import { seeded } from "../domain/random.ts";
import type { Character } from "./player.ts";

/** One learner of the demo. */
export interface Member extends Character {
  readonly number: number;
  /** Which of the two groups, 0 or 1. */
  readonly group: 0 | 1;
  /** Days between the beginning and the first message. */
  readonly joins: number;
  /** The chance, each day, that this learner comes by. */
  readonly zeal: number;
  /** Buttons pressed in one visit. */
  readonly pace: number;
  /** Day of the last visit; after it nothing is heard. */
  readonly silentFrom: number;
  /** What becomes of them at the end. */
  readonly ends: "goes on" | "stops" | "asks" | "leaves";
}

/** How many learners there are. */
export const castSize = 60;
/** How many days the demo goes back. */
export const demoDays = 56;

/** Sixty learners at different points: some are through, some in the middle, some silent for weeks, a few have stopped. */
export function createCast(name: (number: number) => string): readonly Member[] {
  const random = seeded(60);
  const between = (from: number, to: number) => from + random() * (to - from);
  return Array.from({ length: castSize }, (_, index) => {
    const kind = index % 10;
    const fades = kind === 3 || kind === 7;
    return {
      number: index + 1,
      name: name(index + 1),
      language: kind % 4 === 1 ? "bg" : "en",
      group: index % 3 === 2 ? 1 : 0,
      skill: between(0.55, 0.98),
      joins: Math.floor(between(0, kind === 9 ? 50 : 20)),
      zeal: kind === 5 ? 0.04 : between(0.1, 0.4),
      pace: Math.floor(between(5, 12)),
      silentFrom: fades ? Math.floor(between(20, 35)) : demoDays,
      ends: endOf(kind, index),
    };
  });
}

function endOf(kind: number, index: number): Member["ends"] {
  if (kind === 4 && index < 30) return "asks";
  if (kind === 8 && index > 30) return "stops";
  return kind === 6 ? "leaves" : "goes on";
}
