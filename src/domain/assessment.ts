import type { CertificateKind } from "./certification.ts";
import { dayMs } from "./durations.ts";
import type { RatingRole, Ratings } from "./facts.ts";
import { competencesOf, type Framework } from "./framework.ts";
import { type Circumstances, evaluate, type Finding, type Rule } from "./requirements.ts";

export const assessmentStates = ["open", "claimed", "rated", "returned", "decided", "appealed", "closed"] as const;
export type AssessmentState = (typeof assessmentStates)[number];
export type Verdict = "awarded" | "refused";

/**
 * How long somebody may appeal, milliseconds: 30 days. Longer than the three weeks that are usual for decisions of authorities, since
 * people read their chat when they have a shift; short enough that those who rated still know why.
 */
export const appealMs = 30 * dayMs;
/** How long an assessment may wait for its next person before somebody responsible is told, milliseconds. */
export const overdueMs = 14 * dayMs;

/** Where an assessment stands, as it is stored. */
export interface AssessmentStand {
  readonly state: AssessmentState;
  readonly claimedBy: string | null;
  readonly firstAt: number | null;
  readonly secondBy: string | null;
  readonly secondAt: number | null;
  readonly decision: Verdict | null;
  readonly appealOf: string | null;
}

/** Which people a decision asks for. */
export interface Need {
  /** How many rate, each by themselves; 0: a person decides without ratings. */
  readonly raters: number;
  readonly external: boolean;
  readonly countersign: boolean;
}

/** Who is waited for. */
export type Next = "first" | "firstRates" | "second" | "secondRates" | "decide" | "countersign" | "learner" | "over";

/** Whether a rule asks anywhere for the ratings of people. */
export function asksRating(rule: Rule, stages: readonly { readonly id: string; readonly requires: Rule }[]): boolean {
  switch (rule.is) {
    case "rating":
      return true;
    case "all":
    case "any":
      return rule.of.some((one) => asksRating(one, stages));
    case "stage":
      return stages.some(({ id, requires }) => id === rule.stage && asksRating(requires, stages));
    default:
      return false;
  }
}

/** The people that a decision asks for. Whoever looks again after an appeal does so alone, and is countersigned like the first. */
export function needOf(kind: CertificateKind, asksRatings: boolean, isAppeal: boolean): Need {
  const { assessors, external, countersign } = kind.decision;
  if (!asksRatings) return { raters: 0, external: false, countersign };
  return isAppeal ? { raters: 1, external: false, countersign } : { raters: assessors, external, countersign };
}

/** Who is waited for next. */
export function nextOf(stand: AssessmentStand, need: Need): Next {
  if (stand.state === "returned") return "learner";
  if (stand.state === "decided" || stand.state === "appealed" || stand.state === "closed") return "over";
  if (stand.decision !== null) return "countersign";
  if (stand.claimedBy === null) return "first";
  if (need.raters > 0 && stand.firstAt === null) return "firstRates";
  if (need.raters > 1 && stand.secondBy === null) return "second";
  if (need.raters > 1 && stand.secondAt === null) return "secondRates";
  return "decide";
}

/** Whether everything but the ratings of people is there. */
export function metButRating(finding: Finding): boolean {
  if (finding.rule.is === "rating") return true;
  if (finding.parts.length === 0) return finding.met;
  return finding.parts.filter(metButRating).length >= finding.need;
}

/** What is still missing besides the ratings of people, in the order written. */
export function missingButRating(finding: Finding): readonly Finding[] {
  if (metButRating(finding)) return [];
  return finding.parts.length === 0 ? [finding] : finding.parts.flatMap(missingButRating);
}

/** What the rule proposes with these ratings, which stand in no record yet. A person decides. */
export function proposalOf(
  rule: Rule,
  at: Circumstances,
  assessment: string,
  ratings: { readonly [role in RatingRole]?: Ratings },
): { readonly verdict: Verdict; readonly finding: Finding } {
  const facts = at.progress.facts ?? {};
  const known = facts.ratings?.[assessment];
  const progress = {
    ...at.progress,
    facts: { ...facts, ratings: { ...facts.ratings, [assessment]: { ...known, ...ratings } } },
  };
  const finding = evaluate(rule, { ...at, progress });
  return { verdict: finding.met ? "awarded" : "refused", finding };
}

/** Whether a level stands on the framework's scale; 0: not even the lowest. */
export function isLevel(framework: Framework, level: number): boolean {
  return Number.isInteger(level) && level >= 0 && level <= framework.levels.length;
}

/** Competences that have no level yet, and those whose level is another than the person's own and has no reason. */
export function unrated(
  framework: Framework,
  given: ReadonlyMap<string, { readonly level: number; readonly hasReason: boolean }>,
  self: { readonly [competence: string]: number } | null,
): { readonly missing: readonly string[]; readonly unreasoned: readonly string[] } {
  const ids = competencesOf(framework).map(({ id }) => id);
  return {
    missing: ids.filter((id) => !given.has(id)),
    unreasoned: ids.filter((id) => {
      const own = given.get(id);
      return own !== undefined && !own.hasReason && asksReason(self, id, own.level);
    }),
  };
}

/** Whether a rating differs from how the person sees it, where they let others know. */
export function asksReason(
  self: { readonly [competence: string]: number } | null,
  competence: string,
  level: number,
): boolean {
  return self !== null && (self[competence] ?? 0) !== level;
}
