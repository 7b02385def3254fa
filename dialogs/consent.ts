import { z } from "zod";
import type { Command, Context, Say, TimerHandler } from "../src/engine/dialog.ts";
import { join } from "../src/engine/markup.ts";
import { localeOf } from "./support.ts";

/** What is asked for, one question each; no is the default everywhere. Reminders are chosen with `rhythm`. */
const purposes = ["certificate", "assessment", "alumni", "answers", "publishing", "adjustment"] as const;
/** Of the texts behind the questions; raise it when a text says something else, and everybody is asked anew. */
const version = "1";

const isPurpose = (text: string): boolean => purposes.some((one) => one === text);

/** `privacy`: every permission with its answer, and the rights that work at any time. */
export const privacyCommand: Command = {
  run: (_given, ctx) => ({
    effects: [{ type: "job", name: "consents", data: { version } }],
    says: [{ text: ctx.t("privacy.wait") }],
  }),
};

/** `consent <purpose>` shows one permission, `consent <purpose> yes|no` answers it; the buttons of `privacy` say it. */
export const consentCommand: Command = {
  takesArgs: true,
  run(given, ctx) {
    const [purpose = "", answer] = given.trim().split(/\s+/u);
    if (!isPurpose(purpose)) return privacyCommand.run("", ctx);
    const isAnswer = answer === "yes" || answer === "no";
    return {
      effects: [
        isAnswer
          ? { type: "job", name: "consent", data: { purpose, version, given: answer === "yes", at: ctx.now } }
          : { type: "job", name: "consents", data: { version, purpose } },
      ],
      says: [],
    };
  },
};

const answers = z.object({
  purpose: z.string().optional(),
  /** By purpose: the last answer to the present text, and when. */
  answers: z.record(z.string(), z.object({ given: z.boolean(), at: z.number() })),
});
type Answers = z.infer<typeof answers>;

/** What was answered, as a job read it. */
export const consentsTimer: TimerHandler = {
  kind: "reply",
  run(data, _due, ctx) {
    const found = answers.parse(data);
    const { purpose } = found;
    return { says: [purpose !== undefined && isPurpose(purpose) ? one(purpose, found, ctx) : all(found, ctx)] };
  },
};

function all(found: Answers, ctx: Context): Say {
  const state = (purpose: string) =>
    ctx.t("privacy.state", {
      purpose: ctx.s(`privacy.${purpose}`),
      given: found.answers[purpose]?.given === true ? "yes" : "no",
    });
  return {
    text: join(ctx.t("privacy.heading"), ...purposes.map(state), ctx.t("privacy.rights")),
    actions: [
      ...purposes.map((purpose) => ({ label: ctx.s(`privacy.${purpose}`), command: "consent", args: purpose })),
      { label: ctx.s("b.menu"), command: "menu" },
    ],
  };
}

function one(purpose: string, found: Answers, ctx: Context): Say {
  const answer = found.answers[purpose];
  const date = new Intl.DateTimeFormat(localeOf(ctx.language), {
    timeZone: ctx.person.timeZone,
    dateStyle: "long",
  });
  return {
    text: join(
      ctx.t("privacy.state", { purpose: ctx.s(`privacy.${purpose}`), given: answer?.given === true ? "yes" : "no" }),
      ctx.t(`privacy.${purpose}.text`),
      answer === undefined
        ? ctx.t("privacy.never")
        : ctx.t("privacy.now", { given: answer.given ? "yes" : "no", date: date.format(answer.at) }),
      ctx.t("privacy.undo"),
    ),
    // Saying yes and taking it back are one press each.
    actions: [
      { label: ctx.s("privacy.yes"), command: "consent", args: `${purpose} yes` },
      { label: ctx.s("privacy.no"), command: "consent", args: `${purpose} no` },
      { label: ctx.s("privacy.back"), command: "privacy" },
    ],
  };
}
