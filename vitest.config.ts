import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

const common = {
  testTimeout: 20_000,
  hookTimeout: 60_000,
  pool: "forks",
  // Many tests wait for a clock or a disk, so two at a time are worth it on two cores too.
  maxWorkers: Math.max(2, availableParallelism() - 1),
} as const;

const world = "tests/world/**/*.test.ts";
const slow = "tests/**/*.slow.test.ts";
const properties = "tests/**/*.property.test.ts";

export default defineConfig({
  test: {
    projects: [
      {
        // What is played while one works: the files share processes, and a property has a hundred runs.
        test: {
          ...common,
          name: "parts",
          include: ["tests/**/*.test.ts"],
          exclude: [world, slow],
          isolate: false,
          provide: { mostRuns: 100 },
        },
      },
      {
        // Browsers, child processes, whole backups, and properties with all their runs.
        test: {
          ...common,
          name: "slow",
          include: [slow, properties],
          provide: { mostRuns: Number.MAX_SAFE_INTEGER },
          sequence: { groupOrder: 1 },
        },
      },
      {
        // The whole product as child processes: one file after the other, after everything else.
        test: {
          ...common,
          name: "world",
          include: [world],
          hookTimeout: 300_000,
          fileParallelism: false,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
