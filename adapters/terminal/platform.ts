import { z } from "zod";
import type { Platform } from "../../src/engine/adapter.ts";

const connection = z.strictObject({
  /** Who learns here, where several people share one database. */
  name: z
    .string()
    .regex(/^[\w.-]{1,64}$/)
    .optional(),
});

/** The terminal of `fadder chat`. Always there, with one person on one screen. */
export const platform: Platform<z.infer<typeof connection>> = {
  channel: "terminal",
  connection,
  fromEnvironment: () => ({ connection: {}, problems: [] }),
  async create([settings], deps) {
    const { createTerminalAdapter } = await import("./index.ts");
    return createTerminalAdapter(deps, { ...settings, input: process.stdin, output: process.stdout, env: process.env });
  },
};
