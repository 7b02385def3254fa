import type { Edit } from "../sample.ts";
import type { Fault } from "./fault.ts";
import { withFramework } from "./framework-sample.ts";

const REQUIREMENTS = "requirements.yaml";
const REQUIREMENTS_WORDS = "words/en/requirements.yaml";

/** The smallest requirements in which every rule has something to say. */
const structure = `hours:
  minutesPerHour: 60
  yearStarts: 9
  kinds: [chat, live]
  targets:
    - { kind: live, hours: 6 }
  sources:
    lesson: { kind: chat, minutes: 10 }
agreements:
  - { id: rules, version: "1" }
checks: [identity]
stages:
  - id: first
    requires:
      - passed: { units: [1] }
      - hours: { kind: live, atLeast: 6 }
  - id: second
    requires:
      - stage: { id: first }
      - agreement: { id: rules }
      - check: { id: identity }
validity:
  months: 24
  windowDays: 90
  graceDays: 30
  reminders: [60, 30]
  renewal:
    - level: { within: term }
certificates:
  - id: basic
    level: 1
    requires:
      - stage: { id: second }
      - rating: { atLeast: 1 }
      - any:
          atLeast: 1
          of:
            - meeting: { atLeast: 3 }
            - evidence: { per: category, atLeast: 1 }
    decision: { assessors: 1 }
`;

const words = `hours: { chat: Lessons, live: Days }
agreements:
  rules:
    title: The rules
    text: I come on time.
checks: { identity: It is you }
stages: { first: Learning, second: Rules }
certificates: { basic: Basic certificate }
`;

/** The sample with requirements, which lean on its framework. */
export function withRequirements(): readonly Edit[] {
  return [...withFramework(), [REQUIREMENTS, structure], [REQUIREMENTS_WORDS, words]];
}

function fault(
  rule: "requirements" | "structure",
  what: string,
  from: string,
  to: string,
  at: string,
  says: RegExp,
): Fault {
  if (structure.split(from).length !== 2) throw new Error(`"${from}" does not stand once in ${REQUIREMENTS}`);
  const edits: readonly Edit[] = [...withRequirements(), [REQUIREMENTS, structure.replace(from, to)]];
  return { rule, fault: what, edits, file: REQUIREMENTS, at, says };
}

/** What nobody could meet. */
export const requirementFaults: readonly Fault[] = [
  fault(
    "requirements",
    "a rule about an unknown unit",
    "units: [1]",
    "units: [7]",
    "units: [7]",
    /no unit "7": expected one of 1/,
  ),
  fault(
    "requirements",
    "a rule about an unknown stage",
    "stage: { id: first }",
    "stage: { id: third }",
    "third",
    /no stage "third"/,
  ),
  fault(
    "requirements",
    "an unknown agreement",
    "agreement: { id: rules }",
    "agreement: { id: oath }",
    "oath",
    /no agreement "oath"/,
  ),
  fault(
    "requirements",
    "an unknown check",
    "check: { id: identity }",
    "check: { id: health }",
    "health",
    /no check "health"/,
  ),
  fault(
    "requirements",
    "a level that the framework does not have",
    "rating: { atLeast: 1 }",
    "rating: { atLeast: 3 }",
    "rating",
    /no level "3"/,
  ),
  fault("requirements", "a certificate of an unknown level", "level: 1\n", "level: 5\n", "level: 5", /no level "5"/),
  fault(
    "requirements",
    "hours of an unknown kind",
    "kind: live, atLeast",
    "kind: wild, atLeast",
    "wild",
    /no kind of hours "wild"/,
  ),
  fault(
    "requirements",
    "a target of an unknown kind",
    "kind: live, hours",
    "kind: wild, hours",
    "wild",
    /no kind of hours "wild"/,
  ),
  fault(
    "requirements",
    "a source of an unknown kind",
    "lesson: { kind: chat",
    "lesson: { kind: wild",
    "wild",
    /no kind of hours "wild"/,
  ),
  fault(
    "requirements",
    "a kind of hours twice",
    "kinds: [chat, live]",
    "kinds: [chat, live, chat]",
    "kinds",
    /another kind of hours/,
  ),
  fault(
    "requirements",
    "more ways asked for than there are",
    "          atLeast: 1\n",
    "          atLeast: 3\n",
    "atLeast: 3",
    /at most 2/,
  ),
  fault(
    "requirements",
    "a stage that asks for itself",
    "      - passed: { units: [1] }",
    "      - stage: { id: first }",
    "    requires:",
    /"first" asks for itself/,
  ),
  fault("requirements", "reminders in the wrong order", "[60, 30]", "[30, 60]", "reminders", /earliest reminder first/),
  fault("requirements", "a reminder before renewal opens", "[60, 30]", "[120, 30]", "reminders", /at most 90/),
  fault(
    "requirements",
    "no validity",
    structure.slice(structure.indexOf("validity:"), structure.indexOf("certificates:")),
    "",
    "id: basic",
    /how long "basic" is valid/,
  ),
  fault(
    "structure",
    "two rules in one",
    "      - passed: { units: [1] }",
    "      - passed: { units: [1] }\n        stage: { id: second }",
    "passed",
    /exactly one of/,
  ),
  fault("structure", "an hour of 50 minutes", "minutesPerHour: 60", "minutesPerHour: 50", "minutesPerHour", /45 or 60/),
  fault("structure", "no hours at all", "atLeast: 6", "atLeast: 0", "atLeast: 0", /more than 0/),
  {
    rule: "words",
    fault: "an agreement without words",
    edits: [...withRequirements(), [REQUIREMENTS_WORDS, words.replace("    text: I come on time.\n", "")]],
    file: REQUIREMENTS_WORDS,
    at: "  rules:",
    says: /text is missing: expected what is agreed to/,
  },
];
