import { z } from "zod";

const shape = z.object({
  serviceUrl: z.string(),
  /** The personal chat; absent for a person who was only announced. */
  conversation: z.string().optional(),
  /** The person's id for this bot (`29:…`); it differs from bot to bot. */
  user: z.string(),
  bot: z.string(),
  tenant: z.string(),
  /** The activity came without a signature from this machine: no token is sent there. */
  unsigned: z.boolean().optional(),
  /** A channel or a chat of several people. */
  group: z.boolean().optional(),
});

/** What it takes to write to a person: the conversation reference of the last activity. */
export type TeamsRef = z.output<typeof shape>;

/** Reads an address's reference back; undefined where it was written by something else. */
export function readRef(ref: unknown): TeamsRef | undefined {
  return shape.safeParse(ref).data;
}
