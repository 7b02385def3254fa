/** The types of columns that are sent as arrays. */
export type ElementType = "text" | "int4" | "int8" | "bool" | "bytea";

/** Their numbers: https://github.com/postgres/postgres/blob/master/src/include/catalog/pg_type.dat */
const oids: Readonly<Record<ElementType, number>> = { text: 25, int4: 23, int8: 20, bool: 16, bytea: 17 };

/** A value of a row; undefined is null. */
export type Element = string | number | boolean | Uint8Array | null | undefined;

const headerBytes = 20;

/**
 * One column of all rows as an array in PostgreSQL's binary form, which pg sends as it is. The server takes it without parsing:
 * rows sent as JSON cost it a fifth of its time. https://www.postgresql.org/docs/current/protocol-overview.html#PROTOCOL-FORMAT-CODES
 */
export function binaryArray(type: ElementType, rows: readonly (readonly Element[])[], column: number): Buffer {
  let size = headerBytes;
  for (const row of rows) size += 4 + byteLength(type, row[column]);
  const buffer = Buffer.allocUnsafe(rows.length === 0 ? 12 : size);
  buffer.writeInt32BE(rows.length === 0 ? 0 : 1, 0);
  buffer.writeInt32BE(1, 4);
  buffer.writeInt32BE(oids[type], 8);
  if (rows.length === 0) return buffer;
  buffer.writeInt32BE(rows.length, 12);
  buffer.writeInt32BE(1, 16);
  let at = headerBytes;
  for (const row of rows) at = write(buffer, at, type, row[column]);
  return buffer;
}

function byteLength(type: ElementType, value: Element): number {
  if (value === null || value === undefined) return 0;
  if (type === "int4") return 4;
  if (type === "int8") return 8;
  if (type === "bool") return 1;
  return typeof value === "string" ? Buffer.byteLength(value) : (value as Uint8Array).length;
}

function write(buffer: Buffer, at: number, type: ElementType, value: Element): number {
  if (value === null || value === undefined) return buffer.writeInt32BE(-1, at);
  const length = byteLength(type, value);
  const next = buffer.writeInt32BE(length, at);
  if (type === "int4") buffer.writeInt32BE(Number(value), next);
  else if (type === "int8") buffer.writeBigInt64BE(BigInt(Number(value)), next);
  else if (type === "bool") buffer.writeUInt8(value === true ? 1 : 0, next);
  else if (typeof value === "string") buffer.write(value, next, length, "utf8");
  else buffer.set(value as Uint8Array, next);
  return next + length;
}
