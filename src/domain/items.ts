/** The fewest answers from which on a question is judged, and of how many people. */
export const fewestAnswers = 30;
const fewestPeople = 5;

/** What stands out in a question: nearly everybody or hardly anybody is right, a wrong option nobody takes, the weak do better. */
export type ItemFlag = "easy" | "hard" | "idle" | "weak";

/** What a question turned out to be, from its answers alone. */
export interface Item {
  readonly question: string;
  readonly version: string;
  readonly answers: number;
  /** Share of right answers, 0 to 1. */
  readonly right: number;
  /** Share of each option, for questions with one right option; the right one too. */
  readonly options: readonly { readonly id: string; readonly share: number }[];
  /**
   * Point-biserial correlation of being right here with the share of right answers in the rest of the same attempt, −1 to 1; null where
   * there were too few finished attempts or they were all alike.
   */
  readonly discrimination: number | null;
  readonly flags: readonly ItemFlag[];
}

/** One answer of a check, without a person. */
export interface Answered {
  readonly question: string;
  readonly version: string;
  readonly option: string;
  readonly right: boolean;
}

interface Sums {
  answers: number;
  /** Not more of them than are needed to know that there are enough. */
  readonly people: Set<string>;
  right: number;
  readonly options: Map<string, number>;
  /** Of finished attempts: how many, right ones, the sum of the rests, of their squares, and of the rests where this was right. */
  n: number;
  x: number;
  r: number;
  rr: number;
  xr: number;
}

/** Adds answers up, question by question: what it keeps does not grow with the number of answers. */
export function createItems() {
  const sums = new Map<string, Sums>();
  const of = (question: string, version: string): Sums => {
    const key = `${version} ${question}`;
    const known = sums.get(key) ?? {
      answers: 0,
      people: new Set<string>(),
      right: 0,
      options: new Map(),
      n: 0,
      x: 0,
      r: 0,
      rr: 0,
      xr: 0,
    };
    sums.set(key, known);
    return known;
  };
  return {
    add({ question, version, option, right }: Answered, person: string): void {
      const own = of(question, version);
      own.answers += 1;
      if (own.people.size < fewestPeople) own.people.add(person);
      if (right) own.right += 1;
      own.options.set(option, (own.options.get(option) ?? 0) + 1);
    },
    /** The answers of one attempt that was finished. */
    attempt(answers: readonly Answered[]): void {
      if (answers.length < 2) return;
      const all = answers.filter(({ right }) => right).length;
      for (const { question, version, right } of answers) {
        const own = of(question, version);
        const rest = (all - (right ? 1 : 0)) / (answers.length - 1);
        own.n += 1;
        own.r += rest;
        own.rr += rest * rest;
        if (right) {
          own.x += 1;
          own.xr += rest;
        }
      }
    },
    /** What is known of each question with enough answers; `options` are those that stand in the programme, none where it asks otherwise. */
    items(
      options: (
        question: string,
        version: string,
      ) => { readonly ids: readonly string[]; readonly right: string } | undefined,
    ): readonly Item[] {
      return [...sums].flatMap(([key, own]): Item[] => {
        if (own.answers < fewestAnswers || own.people.size < fewestPeople) return [];
        const [version = "", question = ""] = key.split(" ");
        const known = options(question, version);
        const share = own.right / own.answers;
        const shares = (known?.ids ?? []).map((id) => ({ id, share: (own.options.get(id) ?? 0) / own.answers }));
        const discrimination = correlation(own);
        const idle = shares.some((one) => one.id !== known?.right && one.share < 0.05);
        const flags: readonly ItemFlag[] = [
          ...(share > 0.95 ? (["easy"] as const) : []),
          ...(share < 0.3 ? (["hard"] as const) : []),
          ...(idle ? (["idle"] as const) : []),
          ...(discrimination !== null && discrimination < 0.1 ? (["weak"] as const) : []),
        ];
        return [{ question, version, answers: own.answers, right: share, options: shares, discrimination, flags }];
      });
    },
  };
}

function correlation({ n, x, r, rr, xr }: Sums): number | null {
  if (n < fewestAnswers) return null;
  const spread = (x * (n - x) * (n * rr - r * r)) / n;
  // Rounding leaves a speck where all rests were alike.
  return spread < 1e-9 * n ? null : (n * xr - x * r) / Math.sqrt(spread * n);
}
