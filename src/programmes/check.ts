import type { Problem } from "./problem.ts";
import { integrityRules } from "./rules/integrity.ts";
import { optionRules } from "./rules/options.ts";
import type { Checked } from "./rules/rule.ts";
import { shapeRules } from "./rules/shape.ts";
import { wordRules } from "./rules/words.ts";

/** What would make a programme impossible to teach. Run at every start of the server. */
export function checkIntegrity(checked: Checked): Problem[] {
  return integrityRules.flatMap((rule) => rule(checked));
}

/** Every rule for authors beyond integrity, in the order of the files. Run by `fadder programmes check`. */
export function checkProgramme(checked: Checked): Problem[] {
  return [...shapeRules, ...wordRules, ...optionRules].flatMap((rule) => rule(checked));
}
