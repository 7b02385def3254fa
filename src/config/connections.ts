import { dirname, resolve } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import type { Platform } from "../engine/adapter.ts";
import { type Environment, readSecret } from "./files.ts";

/** The connections of each platform that is switched on, by channel. */
export type Connections = ReadonlyMap<string, readonly unknown[]>;

interface Facts {
  readonly publicUrl: string | undefined;
  readonly loopback: boolean;
}

const fileShape = z.record(z.string(), z.array(z.unknown()));

/**
 * Everything that is to be connected: the environment's short forms and the entries of the connections file. What is
 * wrong goes to `problems`, with the variable or the place in the file and the repair; values are never repeated. `all` are
 * the platforms that the file may name, where they are more than those asked about.
 */
export function findConnections(
  platforms: readonly Platform[],
  env: Environment,
  facts: Facts,
  problems: string[],
  all: readonly Platform[] = platforms,
): Connections {
  const entries = fileEntries(env.CONNECTIONS_FILE, problems);
  for (const channel of Object.keys(entries)) {
    if (!all.some((platform) => platform.channel === channel)) {
      const known = all.map((platform) => platform.channel).join(", ");
      problems.push(`CONNECTIONS_FILE: there is no platform "${channel}". Known are ${known}.`);
    }
  }
  const found = new Map<string, readonly unknown[]>();
  for (const platform of platforms) {
    const list = ofPlatform(platform, entries[platform.channel] ?? [], env, facts, problems);
    if (list.length > 0) found.set(platform.channel, list);
  }
  return found;
}

function ofPlatform(
  platform: Platform,
  entries: readonly unknown[],
  env: Environment,
  facts: Facts,
  problems: string[],
): readonly unknown[] {
  const list: { readonly place: string; readonly connection: unknown }[] = [];
  const add = (place: string, value: unknown) => {
    const parsed = platform.connection.safeParse(value);
    if (parsed.success) {
      const twin = list.find((other) => same(platform, other.connection, parsed.data));
      if (twin === undefined) list.push({ place, connection: parsed.data });
      else problems.push(`${place}: the same connection stands in ${twin.place}. Remove one of them.`);
      return;
    }
    for (const issue of parsed.error.issues) {
      const where = [place, ...issue.path.map(String)].join(".");
      problems.push(`${where}: ${issue.message}`);
    }
  };
  const short = platform.fromEnvironment(env, facts);
  problems.push(...(short?.problems ?? []));
  if (short?.connection !== undefined) add(`the environment (${platform.channel})`, short.connection);
  for (const [index, entry] of entries.entries()) add(`CONNECTIONS_FILE: ${platform.channel}[${index}]`, entry);
  return list.map((entry) => entry.connection);
}

function same(platform: Platform, one: unknown, other: unknown): boolean {
  if (platform.identity !== undefined) return platform.identity(one) === platform.identity(other);
  return isDeepStrictEqual(one, other);
}

function fileEntries(path: string | undefined, problems: string[]): Readonly<Record<string, readonly unknown[]>> {
  if (path === undefined || path === "") return {};
  let json: unknown;
  try {
    json = JSON.parse(readSecret(path));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    problems.push(
      code === undefined
        ? `CONNECTIONS_FILE: ${path} is not JSON. Check it with: node -e "JSON.parse(require('fs').readFileSync('${path}'))"`
        : `CONNECTIONS_FILE: the file ${path} cannot be read (${code}). Give the path of a readable file.`,
    );
    return {};
  }
  const parsed = fileShape.safeParse(json);
  if (!parsed.success) {
    problems.push('CONNECTIONS_FILE: must be { "<platform>": [ { …one connection… } ] }.');
    return {};
  }
  const entries: Record<string, readonly unknown[]> = {};
  for (const [channel, list] of Object.entries(parsed.data)) {
    entries[channel] = list.map((entry, index) =>
      readFiles(entry, dirname(resolve(path)), `CONNECTIONS_FILE: ${channel}[${index}]`, problems),
    );
  }
  return entries;
}

/** Puts the content of a file wherever the entry says `{"file": "path"}`; paths start at the connections file's folder. */
function readFiles(value: unknown, folder: string, place: string, problems: string[]): unknown {
  if (Array.isArray(value)) {
    return value.map((item, index) => readFiles(item, folder, `${place}.${index}`, problems));
  }
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value);
  const [first] = entries;
  if (entries.length === 1 && first?.[0] === "file" && typeof first[1] === "string") {
    try {
      return readSecret(resolve(folder, first[1]));
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? "unreadable";
      problems.push(`${place}: the file ${first[1]} cannot be read (${code}). Give the path of a readable file.`);
      return "";
    }
  }
  return Object.fromEntries(entries.map(([key, item]) => [key, readFiles(item, folder, `${place}.${key}`, problems)]));
}
