import { z } from "zod";
import type { Platform } from "../../src/engine/adapter.ts";

const connection = z.strictObject({});

/** The web chat: always on, with one connection that nobody has to configure. */
export const platform: Platform<z.infer<typeof connection>> = {
  channel: "web",
  connection,
  fromEnvironment: () => ({ connection: {}, problems: [] }),
  async create(_connections, deps) {
    const { createWebAdapter } = await import("./index.ts");
    return createWebAdapter(deps);
  },
};
