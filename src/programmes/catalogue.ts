import type { Holidays } from "../domain/holidays.ts";
import type { Catalogue, Programme } from "../domain/programme.ts";
import { compareVersions, isSameStructure } from "./version.ts";

/**
 * The programmes that are taught now and the older versions people began with. `get` with a version gives that version
 * with its newest correction (1.2.0 gives 1.2.3): a correction changes words alone, so every place in it still exists.
 * `holidays` are those of the countries; without it there are none.
 */
export function createCatalogue(
  programmes: readonly Programme[],
  older: readonly Programme[],
  holidays: Holidays = noHolidays,
): Catalogue {
  // What is on disk comes first: of two with one version it is the one that is taught.
  const all = [...programmes, ...older].sort((one, other) => compareVersions(other.version, one.version));
  return {
    programmes,
    versions: all,
    holidays,
    get(id, version) {
      const own = all.filter((programme) => programme.id === id);
      if (version === undefined) return programmes.find((programme) => programme.id === id) ?? own[0];
      return own.find((programme) => isSameStructure(programme.version, version));
    },
  };
}

const none: ReadonlySet<string> = new Set();
const noHolidays: Holidays = () => none;
