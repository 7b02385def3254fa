import type { Address, Json } from "../engine/types.ts";
import { loadPerson } from "../people/loaded.ts";
import type { InboxDeps } from "./types.ts";

/**
 * Lets a turn of one person say something, once per `id`: the handler of the timer `name` gets `data`. False where the person is
 * not there or has no address.
 */
export async function tell(
  { db, receive, now }: Pick<InboxDeps, "db" | "receive" | "now">,
  id: string,
  personId: string,
  name: string,
  data: Json,
): Promise<boolean> {
  const found = await loadPerson(db, personId);
  const address = found?.addresses[0];
  if (address === undefined) return false;
  await tellAt({ receive, now }, id, address, name, data);
  return true;
}

/** The same for somebody whose address is known already. */
export async function tellAt(
  { receive, now }: Pick<InboxDeps, "receive" | "now">,
  id: string,
  address: Address,
  name: string,
  data: Json,
): Promise<void> {
  const input = { type: "timer", name, due: now(), data, row: false } as const;
  await receive({ id, address, person: { name: "" }, input, receivedAt: now() });
}
