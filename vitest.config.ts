import { defineConfig } from "vitest/config";

const common = { testTimeout: 20_000, hookTimeout: 60_000, pool: "forks" } as const;

export default defineConfig({
  test: {
    projects: [
      { test: { ...common, name: "parts", include: ["tests/**/*.test.ts"], exclude: ["tests/world/**"] } },
      {
        // The whole product as child processes: one file after the other, after everything else.
        test: {
          ...common,
          name: "world",
          include: ["tests/world/**/*.test.ts"],
          hookTimeout: 300_000,
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
