import { missingText } from "../src/domain/missing.ts";
import type { Programme } from "../src/domain/programme.ts";
import { type Finding, openFindings } from "../src/domain/requirements.ts";
import type { Command, Context, Say } from "../src/engine/dialog.ts";
import { join, type Markup } from "../src/engine/markup.ts";
import { type Stand, sayingTo, standOf } from "./standing.ts";
import { dayText, ownProgramme, read } from "./support.ts";

/** What is missing is said in so many lines; the rest is counted. */
const mostLines = 10;
/** Buttons beside the menu. */
const mostWays = 5;

/** `path`: the stages to the next certificate, which of them are met, and what is still missing. */
export const pathCommand: Command = {
  run(_given, ctx) {
    const programme = ownProgramme(ctx);
    const stand = standOf(ctx, programme);
    if (stand === undefined) {
      const key = programme.certification === undefined ? "path.none" : "path.held";
      return { says: [{ text: ctx.t(key), actions: ctx.here() }] };
    }
    return { says: [page(ctx, programme, stand)] };
  },
};

function page(ctx: Context, programme: Programme, stand: Stand): Say {
  const { aim, finding } = stand;
  const title = read(ctx, programme, aim.certificate.title);
  const open = openFindings(finding);
  const { renews } = aim;
  return {
    text: join(
      ctx.t(renews === undefined ? "path.heading" : "path.heading.renewal", { title }),
      renews &&
        ctx.t(`path.${renews.standing === "grace" ? "grace" : "window"}`, { day: dayText(ctx, renews.term.until) }),
      ...stages(ctx, programme, finding),
      ...(open.length === 0
        ? [ctx.t("path.complete")]
        : [
            ctx.t("path.open", { n: open.length }),
            ...open
              .slice(0, mostLines)
              .map((one) => ctx.t("path.line", { text: missingText(sayingTo(ctx), programme, one) })),
            open.length > mostLines ? ctx.t("path.more", { n: open.length - mostLines }) : undefined,
          ]),
      ctx.t("path.decides"),
    ),
    actions: actions(ctx, stand, open),
  };
}

/** The stages of the programme with their state, where the certificate asks for stages. */
function stages(ctx: Context, programme: Programme, finding: Finding): readonly Markup[] {
  const found = [finding, ...finding.parts].filter((one) => one.rule.is === "stage");
  return found.map((one) => {
    const title = missingText(sayingTo(ctx), programme, one);
    return ctx.t(one.met ? "path.stage.met" : "path.stage.open", { title });
  });
}

/** The nearest things that the person can do themselves; the first of them is the one most want. */
function actions(ctx: Context, { aim }: Stand, open: readonly Finding[]): NonNullable<Say["actions"]> {
  const agreement = open.flatMap(({ rule }) => (rule.is === "agreement" ? [rule.agreement] : []))[0];
  const asks = (is: Finding["rule"]["is"]): boolean => open.some(({ rule }) => rule.is === is);
  const isReady = open.every(({ rule }) => rule.is === "rating");
  const ways = [
    ...(isReady ? [{ label: ctx.s("b.assess.look"), command: "assessment" }] : []),
    ...(agreement === undefined ? [] : [{ label: ctx.s("b.path.agree"), command: "agree", args: agreement }]),
    ...(asks("passed") ? [{ label: ctx.s("b.continue"), command: "next" }] : []),
    ...(asks("level") ? [{ label: ctx.s("b.self"), command: "assess" }] : []),
    ...(asks("evidence") ? [{ label: ctx.s("b.path.evidence"), command: "evidence" }] : []),
    ...(asks("attendance") ? [{ label: ctx.s("b.path.days"), command: "days" }] : []),
    ...(asks("hours") ? [{ label: ctx.s("b.path.hours"), command: "hours" }] : []),
    ...(aim.renews === undefined ? [] : [{ label: ctx.s("b.award.extension"), command: "extension" }]),
  ];
  const [first, ...others] = ways.slice(0, mostWays);
  return [
    ...(first === undefined ? [] : [{ ...first, primary: true }]),
    ...others,
    { label: ctx.s("b.menu"), command: "menu" },
  ];
}
