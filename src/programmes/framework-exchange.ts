import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Framework } from "../domain/framework.ts";
import { inLanguage, type Programme } from "../domain/programme.ts";
import { toCase } from "./framework-case.ts";
import { fromCase } from "./framework-case-read.ts";
import { FrameworkFileError } from "./framework-rules.ts";
import { frameworkPart } from "./framework-schema.ts";
import { fromTable, toTable } from "./framework-table.ts";
import { writeFramework } from "./framework-write.ts";
import { loadProgrammes } from "./load.ts";

/** How a framework may leave and come back. */
export type FrameworkFormat = "case" | "csv";

/** A framework as the text of a file; `changedAt` in epoch milliseconds stands in a CASE file. Undefined where the programme has none. */
export function frameworkFileOf(
  programme: Programme,
  given: {
    readonly format: FrameworkFormat;
    readonly publicUrl: string | undefined;
    readonly language?: string;
    readonly changedAt: number;
  },
): string | undefined {
  const { framework } = programme;
  if (framework === undefined) return undefined;
  if (given.format === "csv") return toTable(framework);
  return `${JSON.stringify(casePackage(programme, framework, given), null, 2)}\n`;
}

/** A programme's framework as a CASE 1.0 CFPackage: in the language asked for, else in the programme's first. */
export function casePackage(
  programme: Programme,
  framework: Framework,
  given: { readonly publicUrl: string | undefined; readonly language?: string; readonly changedAt: number },
) {
  const [own = "en"] = programme.languages;
  const { language = own, publicUrl, changedAt } = given;
  const creator = inLanguage(programme.title, own);
  return toCase(framework, { publicUrl, language, creator, changedAt });
}

export type CasePackage = ReturnType<typeof casePackage>;

/** A programme's framework as a file, for the command line. Throws where there is none, or not in that language. */
export async function exportFramework(given: {
  readonly folder: string;
  readonly programme: string;
  readonly format: FrameworkFormat;
  readonly publicUrl: string | undefined;
  readonly language?: string;
}): Promise<string> {
  const { programmes } = await loadProgrammes(given.folder);
  const programme = programmes.find(({ id }) => id === given.programme);
  if (programme?.framework === undefined)
    throw new Error(`"${given.programme}" has no framework here, or has problems: run "fadder programmes check"`);
  const { languages } = programme.framework;
  if (given.language !== undefined && !languages.includes(given.language))
    throw new Error(`the framework is not there in "${given.language}": expected one of ${languages.join(", ")}`);
  const { mtimeMs } = await stat(join(given.folder, programme.id, frameworkPart.file));
  const text = frameworkFileOf(programme, { ...given, changedAt: Math.floor(mtimeMs) });
  return text ?? "";
}

/** Writes the framework that a file holds into a folder; returns the paths. Throws where the file is none. */
export async function importFramework(file: string, folder: string): Promise<readonly string[]> {
  return writeFramework(
    folder,
    readFrameworkFile(await readFile(file, "utf8"), file.endsWith(".csv") ? "csv" : "case"),
  );
}

/** Reads a framework from the text of a file. Throws `FrameworkFileError`. */
export function readFrameworkFile(text: string, format: FrameworkFormat): Framework {
  if (format === "csv") return fromTable(text);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new FrameworkFileError("this is no JSON: expected a CASE 1.0 package, or a table whose name ends in .csv");
  }
  return fromCase(json);
}
