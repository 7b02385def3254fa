import { randomUUID } from "node:crypto";
import jsonld, { type Loader } from "jsonld";
import type { Json } from "../engine/types.ts";

/** Words whose meaning is theirs and not that of their place: they belong to the shape of a document. */
const meaning = new Set(["@context", "type", "proofPurpose"]);
/** Addresses that every context leaves as they are. */
const plainAddress = /^(?:https?:\/\/|urn:uuid:|did:)[^\s<>"{}|\\^`]+$/u;
const mostShapes = 100;

/** A document of this shape, expanded, with marks where its texts go, and the numbers of those that stand as addresses. */
interface Shape {
  readonly expanded: Json;
  readonly addresses: readonly number[];
}

/**
 * Expands JSON-LD documents, most of which differ in their texts alone: of each shape the library expands one, with marks in place
 * of the texts, and every other one is that with its own texts in it. What comes out is what the library says of the whole document,
 * which takes it fifty times as long. Undefined where an address may be read as something else: then the library has to look itself.
 */
export function createShapes(documentLoader: Loader): (document: Json) => Promise<Json | undefined> {
  const known = new Map<string, Promise<Shape>>();
  const mark = `urn:uuid:${randomUUID()}-`;
  const numberOf = (text: string) => (text.startsWith(mark) ? Number(text.slice(mark.length)) : undefined);

  const learn = async (marked: Json): Promise<Shape> => {
    const expanded = await jsonld.expand(marked, { documentLoader, base: null, safe: true });
    const addresses: number[] = [];
    mapTexts(expanded, (text, key) => {
      const number = key === "@value" ? undefined : numberOf(text);
      if (number !== undefined) addresses.push(number);
      return text;
    });
    return { expanded, addresses };
  };

  return async (document) => {
    const texts: string[] = [];
    const marked = mapTexts(document, (text, key) => (meaning.has(key) ? text : `${mark}${texts.push(text) - 1}`));
    const name = JSON.stringify(marked);
    const shape = known.get(name) ?? learn(marked);
    known.delete(name);
    known.set(name, shape);
    shape.catch(() => known.delete(name));
    const [oldest] = known.keys();
    if (known.size > mostShapes && oldest !== undefined) known.delete(oldest);
    const { expanded, addresses } = await shape;
    if (!addresses.every((number) => plainAddress.test(texts[number] ?? ""))) return undefined;
    return mapTexts(expanded, (text) => texts[numberOf(text) ?? -1] ?? text);
  };
}

/** The same value with other texts; `key` is the name of the property that a text, or the list it is in, belongs to. */
function mapTexts(value: Json, change: (text: string, key: string) => string, key = ""): Json {
  if (typeof value === "string") return change(value, key);
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map((one) => mapTexts(one, change, key));
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, one]) => (one === undefined ? [] : [[name, mapTexts(one, change, name)]])),
  );
}
