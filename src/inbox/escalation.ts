import { Temporal } from "temporal-polyfill";
import { dayMs } from "../domain/durations.ts";
import { createAudit } from "../people/audit.ts";
import { loadSettings, type Settings } from "../people/settings.ts";
import { readThread } from "./questions.ts";
import { programmeOf, responsibleAbove, responsibleFor } from "./responsible.ts";
import { tell } from "./tell.ts";
import type { InboxDeps } from "./types.ts";

/** When somebody is there to answer: weekdays (1 = Monday … 7) and local times. */
type AnsweringHours = NonNullable<Settings["answeringHours"]>;

/**
 * When a question that nobody answered goes to those above: a day after the first answering hour that follows it, at an answering
 * hour. Epoch milliseconds.
 */
export function escalationDue(askedAt: number, hours: AnsweringHours | undefined, timeZone: string): number {
  if (hours === undefined) return askedAt + dayMs;
  return nextOpen(nextOpen(askedAt, hours, timeZone) + dayMs, hours, timeZone);
}

function nextOpen(at: number, hours: AnsweringHours, timeZone: string): number {
  const local = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone);
  for (let days = 0; days <= 7; days += 1) {
    const day = local.toPlainDate().add({ days });
    if (!hours.days.includes(day.dayOfWeek)) continue;
    const from = day.toZonedDateTime({ timeZone, plainTime: hours.from }).epochMilliseconds;
    const to = day.toZonedDateTime({ timeZone, plainTime: hours.to }).epochMilliseconds;
    if (at < to) return Math.max(at, from);
  }
  return at;
}

/**
 * Takes a person's questions that nobody answered in time to those above, each once. Gives the instant of the next one that still
 * has time, or undefined.
 */
export async function escalate(deps: InboxDeps, personId: string): Promise<number | undefined> {
  const { db } = deps;
  const now = deps.now();
  const person = await db.person.findUnique({ where: { id: personId }, select: { name: true, timeZone: true } });
  const open = await db.question.findMany({ where: { personId, state: "open" }, orderBy: { createdAt: "asc" } });
  const settings = await loadSettings(db);
  let next: number | undefined;
  for (const question of open) {
    if ((await db.audit.count({ where: { action: "question.escalate", subject: question.id } })) > 0) continue;
    const organisationId = question.organisationId ?? "root";
    const thread = await readThread(deps, question.id);
    const lastStaff = thread.findLastIndex((one) => one.author !== personId);
    const waiting = thread.slice(lastStaff + 1);
    const since = waiting[0]?.at ?? Number(question.changedAt);
    const due = escalationDue(since, settings.of(organisationId).answeringHours, person?.timeZone ?? "UTC");
    if (due > now) {
      next = Math.min(next ?? due, due);
      continue;
    }
    const programme = await programmeOf(db, question.cohortId);
    const place = { organisationId, caredBy: question.caredBy, programme };
    const known = await responsibleFor(db, place, now);
    const above = await responsibleAbove(db, place, known, now);
    for (const to of above) {
      await tell(deps, `escalated:${question.id}:${to}`, to, "asked", {
        question: question.id,
        name: person?.name ?? "",
        text: waiting.map((one) => one.text).join("\n"),
        late: true,
      });
    }
    await createAudit(
      db,
      deps.now,
    )({
      actor: "system",
      action: "question.escalate",
      subject: question.id,
      organisationId,
      detail: { told: above.length },
    });
  }
  return next;
}
