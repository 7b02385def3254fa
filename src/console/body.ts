import express, { type RequestHandler } from "express";
import multer from "multer";

/** A roster of 50,000 rows fits; nothing that a coordinator sends is larger. */
const mostFileBytes = 5 * 1024 * 1024;
const mostFormBytes = "512kb";

/** What a form sent, as pages see it. */
export interface Form {
  readonly fields: URLSearchParams;
  readonly files: ReadonlyMap<string, { readonly name: string; readonly bytes: Uint8Array }>;
}

/** Reads forms with and without files; refuses what is too large with 413. */
export const readBody: readonly RequestHandler[] = [
  express.text({ type: "application/x-www-form-urlencoded", limit: mostFormBytes }),
  multer({
    storage: multer.memoryStorage(),
    limits: { fileSize: mostFileBytes, files: 3, fields: 300, parts: 303, fieldSize: 256 * 1024, headerPairs: 50 },
  }).any(),
];

/** The form of a request that `readBody` has read. */
export function formOf(request: { body?: unknown; files?: unknown }): Form {
  const files = (Array.isArray(request.files) ? request.files : []) as Express.Multer.File[];
  return {
    fields: fieldsOf(request.body),
    files: new Map(
      files
        .filter((file) => file.size > 0)
        .map((file) => [file.fieldname, { name: file.originalname, bytes: new Uint8Array(file.buffer) }]),
    ),
  };
}

function fieldsOf(body: unknown): URLSearchParams {
  if (typeof body === "string") return new URLSearchParams(body);
  const fields = new URLSearchParams();
  // What multer reads: texts, or arrays of texts for a field that came more than once.
  for (const [name, value] of Object.entries((body ?? {}) as Record<string, unknown>)) {
    for (const one of Array.isArray(value) ? value : [value]) if (typeof one === "string") fields.append(name, one);
  }
  return fields;
}
