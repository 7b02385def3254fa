import { z } from "zod";
import type { TimerHandler } from "../src/engine/dialog.ts";

const news = z.object({
  what: z.enum(["asked", "published", "refused"]),
  /** The programme's title and its version. */
  title: z.string(),
  version: z.string(),
  /** Who did it. */
  name: z.string(),
  /** Why not. */
  reason: z.string().optional(),
});

/** Somebody asks for a second look at a programme, or says what came of it: the person concerned hears it where they chat. */
export const programmesTimer: TimerHandler = {
  kind: "reply",
  run(data, _due, ctx) {
    const { what, title, version, name, reason = "" } = news.parse(data);
    return {
      says: [
        {
          text: ctx.t(`programmes.told.${what}`, { title, version, name, reason }),
          actions: [
            ...(what === "published" ? [] : [{ label: ctx.s("console.chat.open"), command: "console" }]),
            ...ctx.here(),
          ],
        },
      ],
    };
  },
};
