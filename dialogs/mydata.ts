import { z } from "zod";
import type { Command, TimerHandler } from "../src/engine/dialog.ts";
import { join } from "../src/engine/markup.ts";

/** `mydata`: everything that is stored about the person. */
export const mydataCommand: Command = {
  run: (_given, ctx) => ({
    effects: [{ type: "job", name: "mydata", data: {} }],
    says: [{ text: ctx.t("privacy.mydata.wait") }],
  }),
};

const found = z.object({ url: z.string(), counts: z.array(z.tuple([z.string(), z.number()])), files: z.number() });

/** How much there is, in words, and the link to all of it. */
export const mydataTimer: TimerHandler = {
  kind: "reply",
  run(data, _due, ctx) {
    const { url, counts, files } = found.parse(data);
    const { name, timeZone } = ctx.person;
    const lines = counts
      .filter(([table, n]) => n > 0 && table !== "person")
      .map(([table, n]) => ctx.t("privacy.mydata.table", { table: ctx.s(`privacy.table.${table}`), n }));
    return {
      says: [
        {
          text: join(
            ctx.t("privacy.mydata.heading"),
            ctx.t("privacy.mydata.person", { name, language: ctx.language, zone: timeZone }),
            ...lines,
            ctx.t("privacy.mydata.link"),
            files === 0 ? undefined : ctx.t("privacy.mydata.files", { n: files }),
          ),
          actions: [{ label: ctx.s("privacy.mydata.open"), url }],
        },
      ],
    };
  },
};
