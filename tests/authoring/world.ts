import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { zipSync } from "fflate";
import { createProgramme } from "../../src/programmes/create.ts";
import { type Browser, type ConsoleWorld, startConsole } from "../console/world.ts";
import type { TestDatabase } from "../support/databases.ts";

export const STRUCTURE = "programme.yaml";
export const WORDS = "words/en/unit-1.yaml";
const paths = [STRUCTURE, WORDS, "words/en/programme.yaml"] as const;

export type Texts = Readonly<Record<string, string>>;

/** The console of a house in which the small programme `sample` is taught, with two authors of the house. */
export async function startAuthors(given: { readonly database?: TestDatabase; readonly now?: () => number } = {}) {
  const folder = await mkdtemp(join(tmpdir(), "fadder-authors-"));
  await createProgramme(folder, "sample");
  const world = await startConsole({ ...given, programmesDir: folder });
  for (const id of ["ann", "bo"]) {
    await world.person(id);
    await world.grant(id, "author");
  }
  const texts: Record<string, string> = {};
  for (const path of paths) texts[path] = await readFile(join(folder, "sample", path), "utf8");
  return {
    world,
    folder,
    /** The files of the programme as it is taught. */
    texts: texts as Texts,
    async close() {
      await world.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The files with one text in place of another that stands there once. */
export function edited(texts: Texts, ...edits: readonly (readonly [path: string, from: string, to: string])[]): Texts {
  const result: Record<string, string> = { ...texts };
  for (const [path, from, to] of edits) {
    const parts = (result[path] ?? "").split(from);
    if (parts.length !== 2) throw new Error(`"${from}" does not stand once in ${path}`);
    result[path] = parts.join(to);
  }
  return result;
}

/** A ZIP of files, below a folder where one is given. */
export function packed(texts: Readonly<Record<string, string | Uint8Array>>, folder = "sample/"): Uint8Array {
  const bytes = (text: string | Uint8Array) => (typeof text === "string" ? new TextEncoder().encode(text) : text);
  return zipSync(Object.fromEntries(Object.entries(texts).map(([path, text]) => [`${folder}${path}`, bytes(text)])));
}

/** Sends a ZIP as a browser does. */
export function sendPack(browser: Browser, zip: Uint8Array, to = "/console/programmes", fields: Texts = {}) {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  form.set("pack", new Blob([new Uint8Array(zip)]), "sample.zip");
  return browser.upload(to, form);
}

/** Uploads files that are taken; gives the address of the draft. */
export async function uploaded(browser: Browser, texts: Texts): Promise<string> {
  const answer = await sendPack(browser, packed(texts));
  const address = answer.headers.get("location");
  if (address === null) throw new Error(`nothing was taken: ${answer.status} ${answer.text}`);
  return address;
}

/** What was handed to chats, as `person what`. */
export function toldIn({ told }: ConsoleWorld): readonly string[] {
  return told.flatMap(({ address, input }) => {
    if (input.type !== "timer" || input.name !== "programmes") return [];
    const data = input.data as { readonly what: string; readonly version: string; readonly reason?: string };
    return [`${address.user} ${data.what} ${data.version}${data.reason === undefined ? "" : ` ${data.reason}`}`];
  });
}
