import { z } from "zod";

/** A value in a backup: bytes are base64 text, the column says so. */
export type Plain = string | number | boolean | null;

export const column = z.object({ name: z.string(), type: z.enum(["text", "integer", "boolean", "bytes"]) });
export type Column = z.infer<typeof column>;

export const table = z.object({ name: z.string(), columns: z.array(column), parents: z.array(z.string()) });
export type Table = z.infer<typeof table>;

/** The first file of a backup. */
export const manifest = z.object({
  format: z.literal(1),
  at: z.number(),
  kind: z.enum(["sqlite", "postgresql"]),
  migrations: z.array(z.string()),
  tables: z.array(table),
});
export type Manifest = z.infer<typeof manifest>;

/** Our few types under the names that the databases give them. */
export function columnType(declared: string): Column["type"] {
  const name = declared.toLowerCase();
  if (name === "boolean") return "boolean";
  if (name === "blob" || name === "bytea") return "bytes";
  if (name === "integer" || name === "bigint") return "integer";
  if (name === "text") return "text";
  throw new Error(`a backup knows no columns of type ${declared}`);
}

/** A value of either driver in the common form. */
export function plainValue(value: unknown, of: Column | undefined): Plain {
  if (value === null || value === undefined) return null;
  if (of?.type === "boolean") return Boolean(value);
  if (value instanceof Uint8Array) return Buffer.from(value).toString("base64");
  if (typeof value === "string" || typeof value === "number") return value;
  throw new Error(`column ${of?.name ?? "?"} has a value of type ${typeof value}`);
}

/** Tables that others point to come first. */
export function inOrder(tables: readonly Table[]): readonly Table[] {
  const ordered: Table[] = [];
  const add = (one: Table, path: readonly string[]): void => {
    if (ordered.includes(one) || path.includes(one.name)) return;
    for (const parent of one.parents) {
      const found = tables.find((candidate) => candidate.name === parent);
      if (found !== undefined) add(found, [...path, one.name]);
    }
    ordered.push(one);
  };
  for (const one of [...tables].sort((a, b) => (a.name < b.name ? -1 : 1))) add(one, []);
  return ordered;
}
