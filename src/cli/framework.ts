import { writeFile } from "node:fs/promises";
import { type Command, given, type Kit, UsageError, type Values } from "./kit.ts";

/** `fadder framework` */
export const command: Command = {
  usage: [
    "framework export <programme> --format case|csv [--language <code>] [--out <file>]",
    "framework import <file.json|file.csv> --out <folder>",
  ],
  help: `
export   a programme's competence framework, for other systems and for spreadsheets
import   writes framework.yaml and words/<language>/framework.yaml from such a file

  --format <name>     case: CASE 1.0 CFPackage (JSON), one language; csv: a table with all languages
  --language <code>   the language of a CASE file; without it the programme's own
  --out <path>        export: where to, without it standard output; import: the folder of the programme

Nothing that is there is written over. After an import run "fadder programmes check".`,
  options: { format: { type: "string" }, language: { type: "string" }, out: { type: "string" } },
  words: [2, 2],
  async run([verb, what = ""], values, kit) {
    if (verb === "export") return exportOne(kit, what, values);
    if (verb === "import") return importOne(kit, what, values);
    throw new UsageError(`"${verb}" is not known here.`);
  },
};

async function exportOne(kit: Kit, programme: string, values: Values): Promise<number> {
  const format = given(values, "format");
  if (format !== "case" && format !== "csv") throw new UsageError("--format must be case or csv.");
  const language = given(values, "language");
  const text = await kit.frameworks.export({
    folder: folderOf(kit),
    programme,
    format,
    publicUrl: kit.config().publicUrl,
    ...(language === undefined ? {} : { language }),
  });
  const out = given(values, "out");
  if (out === undefined) kit.out(text.trimEnd());
  else {
    await writeFile(out, text);
    kit.out(`Written: ${out}`);
  }
  return 0;
}

async function importOne(kit: Kit, file: string, values: Values): Promise<number> {
  const out = given(values, "out");
  if (out === undefined) throw new UsageError("say with --out into which folder.");
  for (const path of await kit.frameworks.import(file, out)) kit.out(`Written: ${path}`);
  kit.out('Now look at what it says, then run "fadder programmes check".');
  return 0;
}

const folderOf = (kit: Kit): string => kit.env.PROGRAMMES_DIR || "./programmes";
