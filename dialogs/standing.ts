import { type Aim, aimOf } from "../src/domain/certification.ts";
import { localDay } from "../src/domain/clock.ts";
import type { Saying } from "../src/domain/missing.ts";
import type { Programme } from "../src/domain/programme.ts";
import { evaluate, type Finding } from "../src/domain/requirements.ts";
import type { Context } from "../src/engine/dialog.ts";
import { ownProgress } from "./support.ts";

/** Where somebody stands on the way to their next certificate. */
export interface Stand {
  readonly aim: Aim;
  readonly finding: Finding;
}

/** Decides what is there and what is missing; undefined where the programme gives no certificate, or nothing is to be done now. */
export function standOf(ctx: Context, programme: Programme): Stand | undefined {
  const progress = ownProgress(ctx, programme);
  const { timeZone } = ctx.person;
  const today = localDay(ctx.now, timeZone);
  const aim = programme.certification && aimOf(programme.certification, progress.facts ?? {}, today);
  if (aim === undefined) return undefined;
  const { renews } = aim;
  const at = { programme, progress, timeZone, today };
  return { aim, finding: evaluate(aim.requires, renews === undefined ? at : { ...at, termFrom: renews.term.from }) };
}

/** How a programme's findings are said to this person. */
export function sayingTo(ctx: Context): Saying {
  const wanted = [ctx.person.language, ctx.person.secondLanguage].filter((language) => language !== null);
  return { language: ctx.language, wanted, text: ctx.s };
}
