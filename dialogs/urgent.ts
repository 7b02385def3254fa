import type { Command, Context, Say } from "../src/engine/dialog.ts";
import { type Inline, join, type Markup } from "../src/engine/markup.ts";
import { catalogue, localeOf, ownProgramme, ownProgress } from "./support.ts";

/** Countries whose numbers stand in the words, by time zone. */
const byZone: Readonly<Record<string, string>> = {
  "Europe/Copenhagen": "dk",
  "Europe/Stockholm": "se",
  "Europe/Helsinki": "fi",
  "Europe/Mariehamn": "fi",
  "Europe/Sofia": "bg",
};
const countries = new Set(Object.values(byZone));

/** `urgent`: the numbers to call, at any time. */
export const urgentCommand: Command = {
  run: (_given, ctx) => ({ says: [{ text: join(ctx.t("privacy.urgent"), numbers(ctx)), actions: ctx.here() }] }),
};

/**
 * What is said to typed text that the guard took out: which kinds of things it saw and how to go on; where it sounded like danger, the
 * numbers to call. It has been kept nowhere, so nothing of it can be repeated.
 */
export function withheld(danger: boolean, findings: readonly string[], ctx: Context): readonly Say[] {
  if (danger)
    return [{ text: join(ctx.t("privacy.danger"), numbers(ctx), ctx.t("privacy.danger.after")), actions: ctx.here() }];
  const names = findings.map((kind) => ctx.s(`privacy.kind.${kind}`));
  const what = new Intl.ListFormat(localeOf(ctx.language), { type: "conjunction" }).format(names);
  const said = names.length === 0 ? ctx.t("privacy.unchecked") : ctx.t("privacy.withheld", { what });
  return [{ text: join(said, ctx.t("privacy.rewrite")), actions: ctx.here() }];
}

/** The numbers of the country, and then those that the person's organisations gave. */
function numbers(ctx: Context): Markup {
  return join(ofCountry(ctx), ofOrganisations(ctx));
}

function ofOrganisations(ctx: Context): Markup {
  const { enrolment } = ownProgress(ctx, ownProgramme(ctx));
  const own = catalogue(ctx).helpNumbers?.(enrolment?.cohort) ?? [];
  if (own.length === 0) return [];
  const items = own.map(({ label, number }): readonly Inline[] => [
    { type: "text", value: `${label}: ` },
    { type: "strong", children: [{ type: "text", value: number }] },
  ]);
  return join(ctx.t("house.chat.hotlines"), [{ type: "list", ordered: false, items }]);
}

/** A zone that is only assumed says less than the country of the organisation. */
function ofCountry(ctx: Context): Markup {
  const zone = byZone[ctx.person.timeZone];
  const organisation = ctx.session.country?.toLowerCase();
  const assumed = !ctx.person.timeZoneKnown && organisation !== undefined && organisation !== "";
  const country = assumed ? organisation : zone;
  return ctx.t(`privacy.numbers.${country !== undefined && countries.has(country) ? country : "other"}`);
}
