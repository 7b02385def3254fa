import { randomUUID } from "node:crypto";
import { chatOf } from "../engine/adapter.ts";
import { outboxStatus } from "../store/types.ts";
import { compose, firstName, languageOf, withName } from "./content.ts";
import type { BroadcastDeps } from "./planner.ts";
import { laneIn } from "./rows.ts";
import type { Audience, Content } from "./types.ts";

/** Sends a content to one person's own chat, to try it out. False where they cannot be reached or no text is in their language. */
export async function sendTest(
  deps: BroadcastDeps,
  personId: string,
  { content, audience }: { readonly content: Content; readonly audience: Pick<Audience, "topic"> },
): Promise<boolean> {
  const { db, sql, tell } = deps.store;
  const person = await db.person.findUnique({
    where: { id: personId },
    include: { addresses: { orderBy: { changedAt: "desc" } } },
  });
  const reachable = person?.addresses.filter((address) => address.state === "reachable") ?? [];
  const address = reachable.find((one) => one.id === person?.addressId) ?? reachable[0];
  const language = person === null ? undefined : languageOf(content, person, Object.keys(content.texts)[0] ?? "");
  if (person === null || address === undefined || language === undefined) return false;
  // A broadcast that does not exist: a press under a trial finds nothing to count in.
  const id = randomUUID();
  const text = withName(content.texts[language] ?? "", firstName(person.name));
  const frame = { broadcast: id, token: id.slice(0, 18), topic: audience.topic };
  const { reply, meaning } = compose(content, language, text, frame, deps.words);
  const lane = laneIn(deps.adapters, address);
  const now = deps.now();
  await sql.transaction(async (inside) => {
    await inside.run(
      `INSERT INTO "Outbox"(lane, "addressId", "personId", class, status, payload, "notBefore", attempts, "mayBeSent", "createdAt")
        VALUES ($1, $2, $3, 0, $4, $5, 0, 0, false, $6)`,
      [
        lane,
        chatOf(address),
        personId,
        lane === "" ? outboxStatus.streamed : outboxStatus.waiting,
        JSON.stringify([{ id: `t:${id}`, reply }]),
        now,
      ],
    );
    await inside.run(`INSERT INTO "Token"(token, "personId", meaning, at) VALUES ($1, $2, $3, $4)`, [
      id.slice(0, 18),
      personId,
      JSON.stringify(meaning),
      now,
    ]);
  });
  tell({ lanes: lane === "" ? [] : [lane], chats: lane === "" ? [address.id] : [], jobs: false });
  return true;
}
