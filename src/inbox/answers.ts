import type { Database } from "../store/client.ts";
import { keepAnswer, readThread } from "./questions.ts";
import { tell } from "./tell.ts";
import type { InboxDeps, ThreadEntry } from "./types.ts";

/** How long an answer from a page can be taken back, milliseconds. */
const takeBackMs = 10_000;

/**
 * Keeps an answer and sends it in ten seconds; until then `takeBack` undoes it. `before` is what others answered to the same words.
 * Undefined where there is no such question.
 */
export async function answerSoon(
  deps: Pick<InboxDeps, "db" | "seal" | "open" | "now">,
  given: { readonly questionId: string; readonly author: string; readonly text: string },
): Promise<{ readonly entryId: number; readonly before: readonly ThreadEntry[] } | undefined> {
  const at = deps.now();
  return keepAnswer(deps, { ...given, at }, (tx, entryId) =>
    tx.job.create({
      data: {
        id: jobOf(entryId),
        personId: given.author,
        name: "tellAnswer",
        data: JSON.stringify({ question: given.questionId, entry: entryId }),
        attempts: 0,
        notBefore: BigInt(at + takeBackMs),
        createdAt: BigInt(at),
      },
    }),
  );
}

/** Takes an answer back that has not left yet: it was never there. False where it is too late. */
export async function takeBack(
  db: Database,
  given: { readonly questionId: string; readonly entryId: number; readonly author: string },
): Promise<boolean> {
  const { questionId, entryId, author } = given;
  return db.$transaction(async (tx) => {
    const { count } = await tx.job.deleteMany({ where: { id: jobOf(entryId), personId: author, takenUntil: null } });
    if (count === 0) return false;
    await tx.questionEntry.deleteMany({ where: { id: entryId, questionId, author } });
    const question = await tx.question.findUnique({
      where: { id: questionId },
      include: { entries: { orderBy: { id: "desc" }, take: 1 } },
    });
    if (question === null) return true;
    const state = question.entries[0]?.author === question.personId ? "open" : "answered";
    await tx.question.update({ where: { id: questionId }, data: { state } });
    return true;
  });
}

/** Lets the asker hear an answer that was kept; once, however often it runs. */
export async function tellAnswer(deps: InboxDeps, questionId: string, entryId: number): Promise<void> {
  const question = await deps.db.question.findUnique({ where: { id: questionId } });
  const entry = (await readThread(deps, questionId)).find((one) => one.id === entryId);
  if (question === null || entry === undefined) return;
  await tell(deps, `answer:${entryId}`, question.personId, "answered", { text: entry.text });
}

function jobOf(entryId: number): string {
  return `answer:${entryId}`;
}
