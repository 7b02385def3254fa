import { z } from "zod";
import { urlOf } from "../engine/url.ts";
import { publicAddress } from "./address.ts";
import { movableClock } from "./clock.ts";
import { SECRET_LENGTH } from "./secret.ts";

/** The levels that a log line can have, and `silent` for none. */
export const LOG_LEVELS = ["fatal", "error", "warn", "info", "debug", "trace", "silent"] as const;

const text = z.string().trim().min(1);

const secret = z
  .string()
  .min(
    SECRET_LENGTH,
    `must have at least ${SECRET_LENGTH} characters. Make one with: node -e "console.log(require('crypto').randomBytes(32).toString('base64url'))"`,
  );

function whole(least: number, most: number, repair: string) {
  return z
    .string()
    .regex(/^\d{1,6}$/, repair)
    .transform(Number)
    .refine((value) => value >= least && value <= most, repair);
}

const address = z.string().transform((value, ctx) => {
  const found = publicAddress(value);
  if (!("problem" in found)) return found;
  ctx.addIssue(found.problem);
  return z.NEVER;
});

const clock = z.string().refine((value) => {
  try {
    movableClock(value);
    return true;
  } catch {
    return false;
  }
}, "must be an instant such as 2026-03-01T08:00:00Z or a shift such as +P3D.");

function link(protocols: readonly string[], repair: string) {
  return z
    .string()
    .refine((value) => urlOf(value) !== undefined && protocols.includes(new URL(value).protocol), repair);
}

const database = z
  .string()
  .refine(
    (value) => /^file:./.test(value) || (/^postgres(ql)?:\/\/./.test(value) && urlOf(value) !== undefined),
    "must be file:./path/to/file.db or postgresql://user:password@host:5432/database.",
  );

/** The environment's variables, each with its check and, in the message, its repair. No platform's variable is here. */
export const variables = z.object({
  PORT: whole(0, 65_535, "must be a port number from 0 to 65535 (0 takes any free one).").default(3978),
  HOST: text.default("127.0.0.1"),
  PUBLIC_URL: address.optional(),
  DATABASE_URL: database.optional(),
  DATA_DIR: text.default("./data"),
  FILES_DIR: text.optional(),
  BACKUP_DIR: text.optional(),
  PROGRAMMES_DIR: text.default("./programmes"),
  FADDER_SECRET: secret.optional(),
  FADDER_SECRET_PREVIOUS: secret.optional(),
  CONNECTIONS_FILE: text.optional(),
  OPEN_ENROLMENT: z
    .enum(["0", "1"], { error: "must be 0 or 1." })
    .transform((value) => value === "1")
    .optional(),
  METRICS_TOKEN: z.string().min(16, "must have at least 16 characters.").optional(),
  TRUST_PROXY: whole(0, 10, "must be the number of proxies in front, from 0 to 10.").optional(),
  HTTPS_PROXY: link(["http:", "https:"], "must be an address such as http://proxy.example.org:3128.").optional(),
  NO_PROXY: text.optional(),
  SMTP_URL: link(
    ["smtp:", "smtps:"],
    "must be an address such as smtps://user:password@mail.example.org:465.",
  ).optional(),
  MAIL_FROM: z
    .string()
    .regex(/^[^@\r\n]*<?[^@\s<>]+@[^@\s<>]+>?$/, "must be a sender such as Fadder <fadder@example.org>.")
    .optional(),
  LOG_LEVEL: z.enum(LOG_LEVELS, { error: `must be one of ${LOG_LEVELS.join(", ")}.` }).default("info"),
  FADDER_NOW: clock.optional(),
});

/** The names of all variables above. */
export type VariableName = keyof z.infer<typeof variables>;
