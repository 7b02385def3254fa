import { readFileSync } from "node:fs";
import { resolve } from "node:path";

export type Environment = Readonly<Record<string, string | undefined>>;

/** Variables that end in `_FILE` and are paths themselves, not the place of a secret. */
const OWN_FILES = new Set(["CONNECTIONS_FILE"]);

/**
 * The environment with every `NAME_FILE` readable as `NAME`, without one trailing line end.
 * A file is opened when its variable is asked for and not before: other programs' `…_FILE` variables are not ours to read.
 * What is wrong with a file that was asked for goes to `problems`.
 */
export function withFiles(env: Environment, problems: string[]): Environment {
  const all: Record<string, string | undefined> = { ...env };
  for (const [name, path] of Object.entries(env)) {
    if (!name.endsWith("_FILE") || OWN_FILES.has(name) || path === undefined || path === "") continue;
    const plain = name.slice(0, -"_FILE".length);
    const given = env[plain] === "" ? undefined : env[plain];
    let read: { readonly value: string | undefined } | undefined;
    Object.defineProperty(all, plain, {
      enumerable: true,
      get() {
        read ??= { value: given === undefined ? secretFrom(path, name, problems) : both(plain, given, problems) };
        return read.value;
      },
    });
  }
  return all;
}

/** One trailing line end is the editor's, not the secret's. */
export function readSecret(path: string): string {
  return readFileSync(resolve(path), "utf8").replace(/\r?\n$/, "");
}

function secretFrom(path: string, name: string, problems: string[]): string | undefined {
  try {
    const value = readSecret(path);
    if (value !== "") return value;
    problems.push(`${name}: the file ${path} is empty. Write the value into it.`);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "unreadable";
    problems.push(`${name}: the file ${path} cannot be read (${code}). Give the path of a readable file.`);
  }
  return undefined;
}

function both(name: string, given: string, problems: string[]): string {
  problems.push(`${name}: given twice, as ${name} and as ${name}_FILE. Remove one of them.`);
  return given;
}
