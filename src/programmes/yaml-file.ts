import {
  type Document,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type ParsedNode,
  parseDocument,
  visit,
  type YAMLParseError,
} from "yaml";
import type { Problem } from "./problem.ts";

/** The way to a value: keys of maps and places in lists. */
export type ValuePath = readonly (string | number)[];

/** A YAML file whose values know their lines. */
export interface YamlFile {
  readonly path: string;
  /** Maps, lists and strings only: nothing is guessed to be a number or a date. */
  readonly value: unknown;
  has(at: ValuePath): boolean;
  /** The line of the key or list item; of the nearest one above it where it is missing. */
  lineOf(at: ValuePath): number;
  /** The line of the first character of a text. */
  textLineOf(at: ValuePath): number;
}

/** Reads YAML. Either `file` is there or `problems` says why not. */
export function parseYaml(
  text: string,
  path: string,
): { readonly file?: YamlFile; readonly problems: readonly Problem[] } {
  const lines = new LineCounter();
  // The failsafe schema keeps `1.10` and `no` as they are written: an author means the characters.
  const document = parseDocument(text, { schema: "failsafe", lineCounter: lines, prettyErrors: false });
  const lineAt = (offset: number): number => Math.max(1, lines.linePos(offset).line);
  const [error] = document.errors;
  if (error !== undefined) {
    return { problems: [{ rule: "yaml", path, line: lineAt(beginOf(error, document)), message: explain(error) }] };
  }
  let alias: number | undefined;
  visit(document, {
    Alias: (_, node) => {
      alias ??= node.range?.[0] ?? 0;
    },
  });
  if (alias !== undefined) {
    const message = "a text that starts with * is read as a reference: put the text into quotation marks";
    return { problems: [{ rule: "yaml", path, line: lineAt(alias), message }] };
  }
  const root = document.contents as ParsedNode | null;
  const file: YamlFile = {
    path,
    value: document.toJS(),
    has: (at) => find(root, at).found === at.length,
    lineOf: (at) => lineAt(find(root, at).offset),
    textLineOf: (at) => {
      const { node, offset } = find(root, at);
      if (!isScalar(node) || node.range === undefined || node.range === null) return lineAt(offset);
      const isBlock = node.type === "BLOCK_LITERAL" || node.type === "BLOCK_FOLDED";
      return lineAt(node.range[0]) + (isBlock ? 1 : 0);
    },
  };
  return { file, problems: [] };
}

interface Found {
  readonly node: unknown;
  readonly offset: number;
  /** How many parts of the path were there. */
  readonly found: number;
}

function find(root: ParsedNode | null, at: ValuePath): Found {
  let node: unknown = root;
  let offset = root?.range[0] ?? 0;
  for (const [index, key] of at.entries()) {
    const step = child(node, key);
    if (step === undefined) return { node, offset, found: index };
    node = step.node;
    offset = step.offset;
  }
  return { node, offset, found: at.length };
}

function child(node: unknown, key: string | number): { node: unknown; offset: number } | undefined {
  if (isMap<ParsedNode, ParsedNode | null>(node)) {
    const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(key));
    return pair === undefined ? undefined : { node: pair.value, offset: pair.key.range[0] };
  }
  if (isSeq<ParsedNode>(node)) {
    const item = node.items[Number(key)];
    return item === undefined ? undefined : { node: item, offset: item.range[0] };
  }
  return undefined;
}

// A quotation mark left open is noticed at the end of the file only: the author wants to see where it was opened.
function beginOf(error: YAMLParseError, document: Document.Parsed): number {
  let begin = error.pos[0];
  visit(document, {
    Scalar: (_, node) => {
      const [from, to] = node.range ?? [begin, begin];
      if (node.type?.startsWith("QUOTE_") === true && from < error.pos[0] && to >= error.pos[0]) begin = from;
    },
  });
  return begin;
}

const IN_QUOTES = 'put a text that holds ": " or " #" into "quotation marks", or below a | on its own lines';

function explain(error: YAMLParseError): string {
  switch (error.code) {
    case "DUPLICATE_KEY":
      return "this key stands here a second time: take one of them out";
    case "TAB_AS_INDENT":
      return "a tab starts this line: use spaces, two for each step";
    case "BAD_INDENT":
      return "this line starts in the wrong column: lines that belong together start below one another";
    case "BLOCK_AS_IMPLICIT_KEY":
    case "MULTILINE_IMPLICIT_KEY":
    case "UNEXPECTED_TOKEN":
    case "BAD_SCALAR_START":
    case "BAD_ALIAS":
    case "ALIAS_PROPS":
      return `this line cannot be read: ${IN_QUOTES}`;
    case "MISSING_CHAR":
      return `a quotation mark, bracket or colon is missing: ${IN_QUOTES}`;
    default:
      return `this is no valid YAML: ${error.message}`;
  }
}
