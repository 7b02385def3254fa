import { reviewStands } from "../../domain/quality.ts";
import type { Problem } from "../problem.ts";
import type { Checked, Rule } from "./rule.ts";

/** Rules of the quality framework without which its reports could not be read. */
export const qualityRules: readonly Rule[] = [once];

// Reports and sign-offs name these ids for years.
function once({ pack: { quality } }: Checked): Problem[] {
  if (quality === undefined) return [];
  const { structure, structureFile: file } = quality;
  const ids = structure.criteria.map(({ id }) => id);
  return ids.flatMap((id, index) =>
    ids.indexOf(id) === index
      ? []
      : [
          {
            rule: "quality",
            path: file.path,
            line: file.lineOf(["criteria", index, "id"]),
            message: `another criterion has the id "${id}" already`,
          },
        ],
  );
}

/** What an author should hear and that is no fault of the files: the review is over, so no certificate is signed without a new one. */
export function qualityWarnings({ pack: { quality } }: Checked, today: string): Problem[] {
  if (quality === undefined) return [];
  const { structure, structureFile: file } = quality;
  const { stands, until } = reviewStands(structure, undefined, today);
  if (stands) return [];
  const message = `the review held until ${until}: look through the content and enter the day, or sign off the yearly report in the console; until then no certificate is signed`;
  return [{ rule: "quality", path: file.path, line: file.lineOf(["review", "on"]), message }];
}
