import { randomUUID } from "node:crypto";
import type { Json } from "../engine/types.ts";
import type { ConsoleDeps } from "./types.ts";

/** Hands a person's own chat something to say or to change, as a turn; false where there is no chat. */
export async function tellPerson(
  deps: Pick<ConsoleDeps, "store" | "receive" | "now">,
  personId: string,
  name: string,
  data: Json,
): Promise<boolean> {
  const person = await deps.store.db.person.findUnique({
    where: { id: personId },
    // A mailbox, which takes nothing in, comes last.
    select: { addressId: true, addresses: { orderBy: { changedAt: "desc" } } },
  });
  const addresses = person?.addresses ?? [];
  const reachable = addresses.filter(({ state }) => state !== "gone");
  const found = reachable.find(({ id }) => id === person?.addressId) ?? reachable[0] ?? addresses[0];
  if (found === undefined) return false;
  const { channel, tenant, user, ref } = found;
  await deps.receive({
    id: `console:${randomUUID()}`,
    address: { channel, tenant, user, ref: JSON.parse(ref) as Json },
    person: { name: "" },
    input: { type: "timer", name, due: deps.now(), data, row: false },
    receivedAt: deps.now(),
  });
  return true;
}
