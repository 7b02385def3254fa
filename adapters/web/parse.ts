import { z } from "zod";
import type { Address, Inbound, Input } from "../../src/engine/types.ts";
import { limits } from "./limits.ts";

/** The address of one browser. Nothing has to be known to send here: its stream reads by chat. */
export function webAddress(user: string): Address {
  return { channel: "web", tenant: "web", user, ref: {} };
}

/**
 * What the page posted, as an `Inbound`; undefined where it is not of the agreed shape. Pure.
 * The id is the browser's own, kept apart per person so that nobody can use up somebody else's.
 */
export function parseMessage(body: unknown, user: string, receivedAt: number): Inbound | undefined {
  const parsed = message.safeParse(body);
  if (!parsed.success) return undefined;
  const { id, locale, timeZone, ...rest } = parsed.data;
  return {
    id: `${user}:${id}`,
    address: webAddress(user),
    person: {
      name: "",
      ...(locale !== undefined && { locale }),
      ...(timeZone !== undefined && isTimeZone(timeZone) && { timeZone }),
    },
    input: inputOf(rest),
    receivedAt,
  };
}

/** A typed text made safe to keep: well-formed, without NUL, within the limit. */
export function cleanText(text: string): string {
  // A lone half of a surrogate pair cannot be stored; the cut may leave one behind, so it is mended afterwards.
  return text
    .replaceAll("\0", "")
    .slice(0, limits.textChars)
    .replace(/\p{Surrogate}/gu, "\uFFFD")
    .trim();
}

const common = {
  /** Made by the page; sent again unchanged when an answer was lost. */
  id: z.uuid(),
  locale: z
    .string()
    .regex(/^[A-Za-z0-9-]{2,35}$/)
    .optional(),
  timeZone: z.string().max(64).optional(),
};

const message = z.discriminatedUnion("type", [
  z.object({ ...common, type: z.literal("text"), text: z.string().transform(cleanText).pipe(z.string().min(1)) }),
  z.object({
    ...common,
    type: z.literal("press"),
    token: z.string().regex(/^[\w-]{1,40}$/),
    option: z.string().regex(/^[a-z]$/),
  }),
  z.object({
    ...common,
    type: z.literal("command"),
    name: z
      .string()
      .regex(/^\p{L}{1,32}$/u)
      .toLowerCase(),
    args: z.string().max(200).transform(cleanText).default(""),
  }),
  z.object({ ...common, type: z.literal("open") }),
]);

type Message = z.infer<typeof message>;
type WithoutCommon<T> = T extends unknown ? Omit<T, keyof typeof common> : never;

function inputOf(message: WithoutCommon<Message>): Input {
  switch (message.type) {
    case "text":
      return { type: "text", text: message.text };
    case "press":
      return { type: "press", token: message.token, option: message.option };
    case "command":
      return { type: "command", name: message.name, args: message.args };
    case "open":
      return { type: "open", place: "home" };
  }
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    // Offsets such as "+02:00" are accepted by Intl but follow no daylight saving: not a place.
    return /^[A-Za-z]/.test(name);
  } catch {
    return false;
  }
}
