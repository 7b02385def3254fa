import { z } from "zod";
import { statusOf } from "../src/domain/framework.ts";
import type { SelfAttempt } from "../src/domain/self-attempts.ts";
import type { Command, CommandResult, Context, Say, TimerHandler } from "../src/engine/dialog.ts";
import { join } from "../src/engine/markup.ts";
import { finished, report } from "./assess-report.ts";
import { type Assessed, assessedBy, dayOf, levelName } from "./assess-show.ts";
import { ownProgramme, ownProgress, pinned, record } from "./support.ts";

/**
 * `assess`: begins, goes on, or shows what came of the last one. `assess new` begins another one, `assess earlier` lists all that are at
 * hand, `assess report <attempt>` shows one, `assess share <attempt>` and `assess unshare <attempt>` say who else may see it.
 */
export const assessCommand: Command = {
  takesArgs: true,
  run(given, ctx) {
    const assessed = assessedBy(ownProgramme(ctx));
    if (!assessed) return { says: [{ text: ctx.t("self.none"), actions: ctx.here() }] };
    const attempts = ownProgress(ctx, assessed.programme).self ?? [];
    const [verb = "", wanted] = given.trim().split(/\s+/u);
    const attempt = wanted === undefined ? attempts.at(-1) : attempts.find((one) => one.attempt === wanted);
    switch (verb) {
      case "share":
      case "unshare":
        return attempt ? share(ctx, assessed, attempt, verb === "share") : gone(ctx, attempts);
      case "report":
        return attempt ? { says: [report(ctx, assessed, attempt, attempts)] } : gone(ctx, attempts);
      case "earlier":
        return attempts.length > 0 ? { says: [list(ctx, assessed, attempts)] } : gone(ctx, attempts);
      default:
        return verb === "new" || attempts.length === 0 || isOpen(ctx) ? begin(assessed) : again(ctx, attempts);
    }
  },
};

function begin({ programme }: Assessed): CommandResult {
  return { start: { dialog: "assess", args: { programme: programme.id, version: programme.version } } };
}

function isOpen(ctx: Context): boolean {
  return ctx.activities().some(({ dialog }) => dialog === "assess");
}

/** Somebody who has done one wants to see it, or to do another. */
function again(ctx: Context, attempts: readonly SelfAttempt[]): CommandResult {
  const day = dayOf(ctx, attempts.at(-1)?.at ?? ctx.now);
  return {
    says: [
      {
        text: ctx.t("self.again", { day }),
        actions: [
          { label: ctx.s("b.self.report"), command: "assess", args: "report", primary: true },
          { label: ctx.s("b.self.new"), command: "assess", args: "new" },
          ...(attempts.length > 1 ? [{ label: ctx.s("b.self.earlier"), command: "assess", args: "earlier" }] : []),
          { label: ctx.s("b.menu"), command: "menu" },
        ],
      },
    ],
  };
}

/** An attempt that is not at hand any more, or never was. */
function gone(ctx: Context, attempts: readonly SelfAttempt[]): CommandResult {
  const key = attempts.length === 0 ? "self.first" : "self.gone";
  const actions = [{ label: ctx.s("b.self"), command: "assess", primary: true }, ...ctx.here().slice(1)];
  return { says: [{ text: ctx.t(key), actions }] };
}

function list(ctx: Context, { framework }: Assessed, attempts: readonly SelfAttempt[]): Say {
  const latestFirst = [...attempts].reverse();
  return {
    text: join(
      ctx.t("self.earlier"),
      ...latestFirst.map((one) =>
        ctx.t("self.earlier.line", {
          day: dayOf(ctx, one.at),
          level: levelName(ctx, framework, statusOf(framework, one.levels)),
        }),
      ),
    ),
    actions: [
      ...latestFirst.map((one) => ({
        label: dayOf(ctx, one.at, "medium"),
        command: "assess",
        args: `report ${one.attempt}`,
      })),
      { label: ctx.s("b.menu"), command: "menu" },
    ],
  };
}

function share(ctx: Context, { programme }: Assessed, attempt: SelfAttempt, shared: boolean): CommandResult {
  const text = ctx.t(shared ? "self.shared" : "self.unshared");
  const args = `${shared ? "unshare" : "share"} ${attempt.attempt}`;
  const label = ctx.s(shared ? "b.self.unshare" : "b.self.share");
  const says = [{ text, actions: [{ label, command: "assess", args }, ...ctx.here()] }];
  // Said again, where nothing changes.
  if ((attempt.sharedAt !== null) === shared) return { says };
  const key = `self.shared:${attempt.attempt}:${attempt.changes + 1}`;
  const data = { attempt: attempt.attempt, shared };
  return { says, effects: [record(ctx, programme, { type: "self.shared", key, data })] };
}

const kept = z.object({
  programme: z.string(),
  version: z.string(),
  attempt: z.string(),
  answers: z.record(z.string(), z.number().int()),
});

/** Somebody brought along what they answered on the open page, without an account: from now on it is theirs. Twice is once. */
export const keptTimer: TimerHandler = {
  kind: "reply",
  run(data, _due, ctx) {
    const { programme, version, attempt, answers } = kept.parse(data);
    const assessed = assessedBy(pinned(ctx, programme, version));
    if (!assessed) return { says: [{ text: ctx.t("self.none"), actions: ctx.here() }] };
    const attempts = ownProgress(ctx, assessed.programme).self ?? [];
    const known = attempts.find((one) => one.attempt === attempt);
    if (known) return { says: [report(ctx, assessed, known, attempts)] };
    const { effects, says = [] } = finished(ctx, assessed, { attempt, answers });
    return { effects: effects ?? [], says: [{ text: ctx.t("self.kept") }, ...says] };
  },
};
