import { randomBytes, randomInt } from "node:crypto";
import { seeded } from "../domain/random.ts";

/** Ids nobody can guess, and a seed for each turn. */
export interface Chance {
  /** Eleven characters, 64 random bits: a token, an attempt, a part of a message. */
  id(): string;
  /** A random source for one turn, seeded anew. */
  random(): () => number;
}

/** Chance from the operating system. Bytes are drawn in pages: one call each would be most of a turn's time. */
export function createChance(): Chance {
  let page = Buffer.alloc(0);
  let at = 0;
  return {
    id() {
      if (at + 8 > page.length) {
        page = randomBytes(4096);
        at = 0;
      }
      at += 8;
      return page.toString("base64url", at - 8, at);
    },
    random: () => seeded(randomInt(2 ** 32)),
  };
}
