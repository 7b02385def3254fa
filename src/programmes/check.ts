import { breath } from "./breath.ts";
import type { Problem } from "./problem.ts";
import { factRules, factWarnings } from "./rules/facts.ts";
import { frameworkRules } from "./rules/framework.ts";
import { integrityRules } from "./rules/integrity.ts";
import { likenessRules } from "./rules/likeness.ts";
import { optionRules } from "./rules/options.ts";
import { qualityRules, qualityWarnings } from "./rules/quality.ts";
import { requirementRules } from "./rules/requirements.ts";
import type { Checked } from "./rules/rule.ts";
import { shapeRules } from "./rules/shape.ts";
import { wordRules } from "./rules/words.ts";

/** What would make a programme impossible to teach. Run at every start of the server. */
export function checkIntegrity(checked: Checked): Promise<Problem[]> {
  return apply([...integrityRules, ...frameworkRules, ...requirementRules, ...qualityRules], checked);
}

/** Every rule for authors beyond integrity, in the order of the files. Run by `fadder programmes check`. */
export function checkProgramme(checked: Checked): Promise<Problem[]> {
  return apply([...shapeRules, ...factRules, ...wordRules, ...likenessRules, ...optionRules], checked);
}

/** What authors should hear and that stops nothing, on a day such as `2026-11-22`. */
export function warnProgramme(checked: Checked, today: string): Problem[] {
  return [...qualityWarnings(checked, today), ...factWarnings(checked, today)];
}

async function apply(
  rules: readonly ((checked: Checked) => readonly Problem[])[],
  checked: Checked,
): Promise<Problem[]> {
  const problems: Problem[] = [];
  for (const rule of rules) {
    problems.push(...rule(checked));
    await breath();
  }
  return problems;
}
