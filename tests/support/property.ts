import { inject } from "vitest";

declare module "vitest" {
  interface ProvidedContext {
    /** Runs of one property at most, as `vitest.config.ts` gives it to a project. */
    mostRuns: number;
  }
}

/** How often a property is played: `all` times in the project "slow", at most a hundred times in "parts". */
export function runs(all: number): number {
  return Math.min(all, inject("mostRuns"));
}
