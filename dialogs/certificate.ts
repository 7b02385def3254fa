import { z } from "zod";
import { longDate } from "../src/domain/long-date.ts";
import type { Command, Context, Say, TimerHandler } from "../src/engine/dialog.ts";
import { join } from "../src/engine/markup.ts";
import { contentLanguage, ownProgramme } from "./support.ts";

/** `certificate`: mine, each with what to share; `certificate show name <id>` and the like say what its public page shows. */
export const certificateCommand: Command = {
  takesArgs: true,
  run(given, ctx) {
    const programme = ownProgramme(ctx);
    const facts = { programme: programme.id, language: contentLanguage(ctx, programme) };
    const [how, what, award] = given.trim().split(/\s+/u);
    const isChange = (how === "show" || how === "hide") && (what === "name" || what === "programme");
    const show = isChange && award !== undefined ? { show: { award, what, yes: how === "show" } } : {};
    return {
      effects: [{ type: "job", name: "certificate", data: { ...facts, ...show } }],
      says: "show" in show ? [] : [{ text: ctx.t("certificates.chat.wait") }],
    };
  },
};

const listed = z.object({
  id: z.string(),
  title: z.string(),
  level: z.string().nullable(),
  standing: z.enum(["valid", "early", "expired", "withdrawn", "superseded", "erased"]),
  from: z.number(),
  until: z.number().nullable(),
  showName: z.boolean(),
  showProgramme: z.boolean(),
  page: z.string(),
  pdf: z.string(),
  png: z.string(),
});
type Listed = z.infer<typeof listed>;

const told = z.object({ awards: z.array(listed), record: z.string().optional() });

/** One's certificates, as a job read them. */
export const certificateTimer: TimerHandler = {
  kind: "reply",
  run(data, _due, ctx) {
    const found = told.parse(data);
    const own = found.awards.map((award) => one(award, ctx));
    if (found.record === undefined) return { says: own };
    const none = found.awards.length === 0 ? ctx.t("certificates.chat.none") : undefined;
    const actions = [{ label: ctx.s("certificates.chat.record.button"), url: found.record }, ...ctx.here()];
    return { says: [...own, { text: join(none, ctx.t("certificates.chat.record")), actions }] };
  },
};

function one(award: Listed, ctx: Context): Say {
  const { id, standing } = award;
  const counts = standing === "valid" || standing === "early" || standing === "expired";
  const toggle = (what: "name" | "programme", shown: boolean) => ({
    label: ctx.s(`certificates.chat.${shown ? "hide" : "show"}.${what}`),
    command: "certificate",
    args: `${shown ? "hide" : "show"} ${what} ${id}`,
  });
  const shows = { name: award.showName ? "yes" : "no", programme: award.showProgramme ? "yes" : "no" };
  return {
    text: join(
      ctx.t("certificates.chat.one", { title: award.level === null ? award.title : `${award.title}, ${award.level}` }),
      ctx.t(`certificates.chat.${standing}`, { from: day(ctx, award.from), until: untilText(ctx, award.until) }),
      counts ? ctx.t("certificates.chat.shows", shows) : undefined,
    ),
    actions: counts
      ? [
          { label: ctx.s("certificates.chat.pdf"), url: award.pdf },
          { label: ctx.s("certificates.chat.png"), url: award.png },
          { label: ctx.s("certificates.chat.page"), url: award.page },
          toggle("name", award.showName),
          toggle("programme", award.showProgramme),
        ]
      : [{ label: ctx.s("certificates.chat.page"), url: award.page }],
  };
}

function untilText(ctx: Context, until: number | null): string {
  return until === null ? ctx.s("certificates.paper.always") : day(ctx, until);
}

/** Certificates count in UTC, so that they say the same day everywhere. */
function day(ctx: Context, at: number): string {
  return longDate(ctx.language, at);
}
