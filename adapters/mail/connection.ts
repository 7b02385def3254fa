import { z } from "zod";
import { urlOf } from "../../src/engine/url.ts";
import { PER_MINUTE } from "./limits.ts";

const sender = /^[^@\r\n]*<?[^@\s<>]+@[^@\s<>]+>?$/;

/** One account that mail leaves through. */
export const connectionSchema = z.strictObject({
  url: z
    .string()
    .refine(
      (value) => ["smtp:", "smtps:"].includes(urlOf(value)?.protocol ?? ""),
      "must be an address such as smtps://user:password@mail.example.org:465.",
    ),
  from: z.string().regex(sender, "must be a sender such as Fadder <fadder@example.org>."),
  /** Messages in a minute. */
  perMinute: z.int().min(3).max(6_000).default(PER_MINUTE),
});
export type MailConnection = z.infer<typeof connectionSchema>;

/** The address alone of a sender such as `Fadder <fadder@example.org>`, in lower case: the name of the lane. */
export function senderAddress(from: string): string {
  return (/<([^<>]+)>\s*$/.exec(from)?.[1] ?? from).trim().toLowerCase();
}
