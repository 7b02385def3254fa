import type { ElementType } from "./arrays.ts";

const person = {
  id: "text",
  name: "text",
  language: "text",
  secondLanguage: "text",
  timeZone: "text",
  timeZoneKnown: "bool",
  rhythm: "text",
  pausedUntil: "int8",
  stopped: "bool",
  roles: "text",
  address: "text",
} as const;

/** The parts of the write statement: the columns that each gets, in the order of the rows of `batchOf`. */
export const parts = {
  session: { person: "text", rev: "int4", state: "text" },
  delivery: { channel: "text", tenant: "text", id: "text", person: "text", at: "int8", journal: "bytea" },
  record: { person: "text", type: "text", key: "text", programme: "text", version: "text", data: "text", at: "int8" },
  progress: { person: "text", state: "text" },
  token: { token: "text", person: "text", meaning: "text", key: "text", at: "int8" },
  outbox: {
    lane: "text",
    address: "text",
    person: "text",
    class: "int4",
    status: "int4",
    parts: "text",
    notBefore: "int8",
    at: "int8",
  },
  new: { ...person, at: "int8" },
  changed: person,
  moved: { id: "text", address: "text" },
  place: { id: "text", person: "text", channel: "text", tenant: "text", user: "text", ref: "text", at: "int8" },
  address: { id: "text", person: "text", ref: "text", state: "text", reason: "text", at: "int8" },
  fired: { person: "text", name: "text", due: "int8" },
  again: { person: "text", name: "text", due: "int8", next: "int8", data: "text" },
  cancelled: { person: "text", name: "text" },
  timer: { person: "text", name: "text", due: "int8", data: "text" },
  alive: { id: "text" },
  job: { id: "text", person: "text", name: "text", data: "text", at: "int8" },
  failed: { person: "text", channel: "text", tenant: "text", id: "text", input: "text", reason: "text", at: "int8" },
} as const satisfies Readonly<Record<string, Readonly<Record<string, ElementType>>>>;

export type Part = keyof typeof parts;
