import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { KnownBlock } from "@slack/types";
import type { Manifest } from "@slack/web-api/dist/types/request/manifest.js";
import { Ajv, type ErrorObject, type ValidateFunction } from "ajv";
import { urlOf } from "../../src/engine/url.ts";

/**
 * An outside judge of what we send to Slack: the vendor's own types as a JSON Schema, with the lengths and counts that
 * their comments name, and the few rules that stand only in the documentation. Answers with what is wrong; empty is good.
 */
export const judgeSlack = {
  /** Builds the schemas now. A server does so before its first request, which would else wait for seconds. */
  warmUp: (): void => {
    for (const kind of ["message", "home"] as const) if (!validators.has(kind)) compile(kind);
  },
  message: (payload: unknown): string[] => [...bySchema("message", payload), ...byRules(payload, 50)],
  home: (view: unknown): string[] => [...bySchema("home", view), ...byRules(view, 100)],
  manifest: (manifest: unknown): string[] => bySchema("manifest", manifest),
};

/** What is judged, by kind. The schema is generated from this declaration. */
interface Judged {
  /** The content of `chat.postMessage` and `chat.update`. */
  message: { text: string; blocks: KnownBlock[] };
  /** The view of `views.publish`. */
  home: { type: "home"; blocks: KnownBlock[] };
  /** An app manifest, without the index signature that lets everything through. */
  manifest: { [key in keyof Manifest as string extends key ? never : key]: Manifest[key] };
}

type Node = { [key: string]: unknown };

const validators = new Map<keyof Judged, ValidateFunction>();
let ajv: Ajv | undefined;

function bySchema(kind: keyof Judged, value: unknown): string[] {
  const validate = validators.get(kind) ?? compile(kind);
  if (validate(value)) return [];
  return (validate.errors ?? []).map((error: ErrorObject) => `${error.instancePath || "/"} ${error.message}`);
}

function compile(kind: keyof Judged): ValidateFunction {
  ajv ??= new Ajv({ strict: false }).addSchema(load(), "slack");
  const validate = ajv.compile({ $ref: `slack#/definitions/Judged/properties/${kind}` });
  validators.set(kind, validate);
  return validate;
}

function load(): Node {
  const require = createRequire(import.meta.url);
  const own = fileURLToPath(import.meta.url);
  const versions = ["@slack/types", "@slack/web-api", "ts-json-schema-generator"].map(
    (name) => require(`${name}/package.json`).version as string,
  );
  const key = createHash("sha256").update(versions.join()).update(readFileSync(own)).digest("hex").slice(0, 16);
  const folder = join(process.cwd(), "node_modules/.cache/fadder");
  const file = join(folder, `judge-slack-${key}.json`);
  if (existsSync(file)) return JSON.parse(readFileSync(file, "utf8")) as Node;
  const schema = generate(require, own);
  mkdirSync(folder, { recursive: true });
  // Several test files may come here at once: each writes its own file, the last name given wins.
  writeFileSync(`${file}.${process.pid}`, JSON.stringify(schema));
  renameSync(`${file}.${process.pid}`, file);
  return schema;
}

function generate(require: NodeJS.Require, path: string): Node {
  const { createGenerator } = require("ts-json-schema-generator") as typeof import("ts-json-schema-generator");
  const generator = createGenerator({
    path,
    tsconfig: join(process.cwd(), "tsconfig.json"),
    expose: "all",
    jsDoc: "extended",
    skipTypeCheck: true,
    additionalProperties: false,
  });
  const schema = generator.createSchema("Judged") as Node;
  addLimits(schema);
  return schema;
}

/** The sentences of the vendor's comments that say a number, and what they mean for a schema. */
const SENTENCES: readonly [RegExp, "text" | "items" | "least"][] = [
  [
    /[Mm]ax(?:imum)? length (?:for |of )?(?:this field|the (?:`text`|text) in (?:this|each) (?:field|item)|for the `?text`? in this field)?\s*(?:is|of)? ?(\d[\d,]*)/g,
    "text",
  ],
  [/[Mm]aximum length is (\d[\d,]*) characters/g, "text"],
  [/maximum length is (\d[\d,]*) characters/g, "text"],
  [/Limit (\d[\d,]*) characters max/g, "text"],
  [/[Mm]aximum number of items is (\d+)/g, "items"],
  [/[Mm]aximum of (\d+)/g, "items"],
  [/maximum (\d+) cards/g, "items"],
  [/[Mm]inimum length (?:for the `text` in this field )?is (\d+)/g, "least"],
];

function addLimits(node: unknown): void {
  if (Array.isArray(node)) {
    node.forEach(addLimits);
    return;
  }
  if (typeof node !== "object" || node === null) return;
  const schema = node as Node;
  for (const child of Object.values(schema)) addLimits(child);
  if (typeof schema.description !== "string") return;
  for (const [pattern, kind] of SENTENCES) {
    for (const match of schema.description.matchAll(pattern))
      apply(schema, kind, Number((match[1] ?? "").replaceAll(",", "")));
  }
}

function apply(schema: Node, kind: "text" | "items" | "least", count: number): void {
  if (kind === "items") {
    if (schema.type === "array") schema.maxItems = count;
    return;
  }
  const limit = kind === "least" ? { minLength: count } : { maxLength: count };
  if (schema.type === "string") Object.assign(schema, limit);
  else if (schema.type === "array") {
    const each = { properties: { text: limit } };
    schema.items = { allOf: [schema.items, each] };
  } else if (schema.$ref !== undefined || schema.anyOf !== undefined) {
    schema.allOf = [...((schema.allOf as unknown[]) ?? []), { properties: { text: limit } }];
  }
}

/** What no type and no comment says. Sources: the pages of the Block Kit reference, and bolt-js issues 2509 and 2867. */
function byRules(payload: unknown, mostBlocks: number): string[] {
  const problems: string[] = [];
  const { blocks, text } = payload as { blocks?: unknown; text?: unknown };
  if (!Array.isArray(blocks)) return ["blocks are missing"];
  if (blocks.length === 0 || blocks.length > mostBlocks)
    problems.push(`${blocks.length} blocks, 1 to ${mostBlocks} are allowed`);
  if (mostBlocks === 50 && (typeof text !== "string" || text.trim() === "" || text.length > 4000)) {
    problems.push("the text for notifications must have 1 to 4,000 characters");
  }
  const ids = new Set<unknown>();
  const actions = new Set<unknown>();
  let written = 0;
  let primaries = 0;
  walk(blocks, (node) => {
    if ("block_id" in node) unique(ids, node.block_id, "block_id", problems);
    if ("action_id" in node) unique(actions, node.action_id, "action_id", problems);
    if (node.style === "primary") primaries += 1;
    if (node.type === "section" && !("text" in node) && !("fields" in node))
      problems.push("a section has neither text nor fields");
    if (typeof node.text === "string") {
      written += node.text.length;
      if (node.text === "") problems.push("a text is empty");
    }
    if (Array.isArray(node.elements) && node.elements.length === 0)
      problems.push(`${String(node.type)} has no elements`);
    if (typeof node.url === "string" && urlOf(node.url) === undefined) problems.push("an address is none");
  });
  if (primaries > 1) problems.push("more than one primary button");
  if (written > 12_000) problems.push(`${written} characters of text, about 12,000 are allowed`);
  if (JSON.stringify(blocks).length > 13_200) problems.push("the blocks together are too long");
  return problems;
}

function unique(seen: Set<unknown>, id: unknown, name: string, problems: string[]): void {
  if (typeof id !== "string" || id === "" || id.length > 255) problems.push(`${name} must have 1 to 255 characters`);
  if (seen.has(id)) problems.push(`${name} is there twice`);
  seen.add(id);
}

function walk(value: unknown, visit: (node: Node) => void): void {
  if (Array.isArray(value)) for (const item of value) walk(item, visit);
  else if (typeof value === "object" && value !== null) {
    visit(value as Node);
    for (const child of Object.values(value)) walk(child, visit);
  }
}
