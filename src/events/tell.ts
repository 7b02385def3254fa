import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { Inside } from "../cohorts/members.ts";

/** What the job `eventNews` is about; it reads the rest when it runs. */
export const eventJob = z.object({
  event: z.string(),
  what: z.enum(["planned", "moved", "cancelled", "offered", "passed", "in", "out", "makeup"]),
});
export type EventJob = z.infer<typeof eventJob>;

/** Seats of people who want to hear what becomes of a session. */
const concerned = ["invited", "coming", "waiting", "offered", "walk-in"] as const;

/** Lets one person hear something of a session, by a job that is stored with what it tells of. */
export async function tellSeat(tx: Pick<Inside, "job">, personId: string, job: EventJob, now: number): Promise<void> {
  await writeJob(tx, personId, "eventNews", job, now);
}

/** Writes a job of a person into the transaction of what it is about. */
export async function writeJob(
  tx: Pick<Inside, "job">,
  personId: string,
  name: string,
  data: object,
  now: number,
): Promise<void> {
  const at = BigInt(now);
  const row = { id: randomUUID(), personId, name, data: JSON.stringify(data), attempts: 0 };
  await tx.job.create({ data: { ...row, notBefore: at, createdAt: at } });
}

/** Lets everybody hear it who is on the list of a session or waits, in one statement. */
export async function tellSeats(tx: Inside, id: string, job: EventJob, now: number): Promise<void> {
  const at = BigInt(now);
  const data = JSON.stringify(job);
  const [a, b, c, d, e] = concerned;
  await tx.$executeRaw`
    INSERT INTO "Job"(id, "personId", name, data, attempts, "notBefore", "createdAt")
    SELECT CAST(${`${randomUUID()}:`} AS TEXT) || s."personId", s."personId", 'eventNews', ${data}, 0,
      CAST(${at} AS BIGINT), CAST(${at} AS BIGINT)
    FROM "Seat" s JOIN "Person" p ON p.id = s."personId"
    WHERE s."eventId" = ${id} AND s.state IN (${a}, ${b}, ${c}, ${d}, ${e})`;
}
