import type { Problem } from "./problem.ts";
import { frameworkRules } from "./rules/framework.ts";
import { integrityRules } from "./rules/integrity.ts";
import { optionRules } from "./rules/options.ts";
import { qualityRules, qualityWarnings } from "./rules/quality.ts";
import { requirementRules } from "./rules/requirements.ts";
import type { Checked } from "./rules/rule.ts";
import { shapeRules } from "./rules/shape.ts";
import { wordRules } from "./rules/words.ts";

/** What would make a programme impossible to teach. Run at every start of the server. */
export function checkIntegrity(checked: Checked): Problem[] {
  return [...integrityRules, ...frameworkRules, ...requirementRules, ...qualityRules].flatMap((rule) => rule(checked));
}

/** Every rule for authors beyond integrity, in the order of the files. Run by `fadder programmes check`. */
export function checkProgramme(checked: Checked): Problem[] {
  return [...shapeRules, ...wordRules, ...optionRules].flatMap((rule) => rule(checked));
}

/** What authors should hear and that stops nothing, on a day such as `2026-11-22`. */
export function warnProgramme(checked: Checked, today: string): Problem[] {
  return qualityWarnings(checked, today);
}
