import { randomUUID } from "node:crypto";
import { z } from "zod";
import { dayMs } from "../domain/durations.ts";
import type { Keep, Words } from "../engine/adapter.ts";
import type { GroupMessage, InGroup } from "../engine/groups.ts";
import type { Address, Reply } from "../engine/types.ts";
import type { WriteAudit } from "../people/audit.ts";
import { standingOf } from "../people/standing.ts";
import type { Database } from "../store/client.ts";
import { normalisedCode } from "./codes.ts";

/** How often a group is told to write to the bot directly, milliseconds. */
const toldMs = dayMs;

interface GroupsDeps {
  readonly db: Database;
  /** Remembers when a group was told. */
  readonly keep: Pick<Keep, "get" | "set">;
  readonly words: Words;
  readonly now: () => number;
  readonly audit: WriteAudit;
}

const stored = z.object({ channel: z.string(), tenant: z.string(), user: z.string(), ref: z.json() });

/** The group chat in a cohort's column; undefined where there is none. */
export function groupIn(column: string | null): Address | undefined {
  if (column === null) return undefined;
  const found = stored.safeParse(JSON.parse(column));
  return found.success ? found.data : undefined;
}

/**
 * What the bot says in chats of several people. A coordinator links the chat to a cohort with `link group <code>`; everybody else
 * is asked, once a day, to write to the bot alone, and nothing personal is ever answered there.
 */
export function createGroups(deps: GroupsDeps): { readonly inGroup: InGroup } {
  const { keep, words, now } = deps;

  return {
    async inGroup(message) {
      if (message.text === undefined) {
        await forget(deps, message.group);
        return undefined;
      }
      const language = words.match(message.locale) ?? words.languages[0] ?? "en";
      const code = codeIn(message.text, words);
      if (code !== undefined) return say(words, language, message, await link(deps, message, code));
      const { channel, tenant, user } = message.group;
      const key = `told:${channel}:${tenant}:${user}`;
      const last = await keep.get(key);
      if (typeof last === "number" && now() - last < toldMs) return undefined;
      await keep.set(key, now());
      return say(words, language, message, { key: "direct" });
    },
  };
}

type Answer = { readonly key: "linked"; readonly name: string } | { readonly key: "direct" | "refused" | "wrong" };

/** The code behind the word for `link`, with or without a word between them. */
function codeIn(text: string, words: Words): string | undefined {
  const typed = text.trim().split(/\s+/u);
  const begins = typed.findIndex((_word, at) => words.command(typed.slice(0, at + 1).join(" ")) === "link");
  const code = typed.at(-1);
  return begins < 0 || typed.length < begins + 2 ? undefined : code;
}

async function link({ db, now, audit }: GroupsDeps, message: GroupMessage, code: string): Promise<Answer> {
  const { group, user } = message;
  const writer = await db.address.findUnique({ where: { id: `${group.channel}:${group.tenant}:${user}` } });
  // Whether a code exists is nobody's business but a coordinator's.
  if (writer === null) return { key: "refused" };
  const standing = await standingOf(db, writer.personId, now());
  if (!standing.may("cohorts.change")) return { key: "refused" };
  const cohort = await db.cohort.findUnique({ where: { code: normalisedCode(code) }, include: { parts: true } });
  const lead = cohort?.parts.find((part) => part.lead)?.organisationId ?? "";
  const own = cohort && standing.may("cohorts.change", { organisationId: lead, programme: cohort.programme });
  if (!cohort || !own) return { key: "wrong" };
  const { channel, tenant, ref } = group;
  await db.cohort.update({
    where: { id: cohort.id },
    data: { group: JSON.stringify({ channel, tenant, user: group.user, ref }) },
  });
  await audit({ actor: writer.personId, action: "cohort.group.link", subject: cohort.id, organisationId: lead });
  return { key: "linked", name: cohort.name };
}

function say(words: Words, language: string, { direct }: GroupMessage, answer: Answer): Reply {
  const text = words.markup(
    language,
    `cohorts.group.${answer.key}`,
    answer.key === "linked" ? { name: answer.name } : {},
  );
  if (direct === undefined) return { text };
  return { text, actions: [{ option: "a", label: words.text(language, "cohorts.group.open"), url: direct }] };
}

/** The bot is in this chat no more: no cohort is linked with it. */
async function forget({ db, audit }: GroupsDeps, group: Address): Promise<void> {
  const rows = await db.cohort.findMany({ where: { group: { not: null } }, select: { id: true, group: true } });
  for (const { id, group: column } of rows) {
    const known = groupIn(column);
    const same = known?.channel === group.channel && known.tenant === group.tenant && known.user === group.user;
    if (same && (await unlinkGroup(db, id))) await audit({ actor: "system", action: "cohort.group.left", subject: id });
  }
}

/** Ends the link of a cohort with its group chat. False where there was none. */
export async function unlinkGroup(db: Pick<Database, "cohort">, cohortId: string): Promise<boolean> {
  const changed = await db.cohort.updateMany({ where: { id: cohortId, group: { not: null } }, data: { group: null } });
  return changed.count > 0;
}

/** Whether a message that shall also go to a group has none to go to. */
export async function groupProblem(
  db: Pick<Database, "cohort">,
  written: {
    readonly audience: { readonly cohort?: string | undefined };
    readonly content: { readonly group?: boolean | undefined };
  },
): Promise<boolean> {
  if (written.content.group !== true) return false;
  const id = written.audience.cohort;
  const cohort = id === undefined ? null : await db.cohort.findUnique({ where: { id }, select: { group: true } });
  return groupIn(cohort?.group ?? null) === undefined;
}

/** Lets a broadcast also go to the group of its cohort, at its time; the job looks again whether it still leaves then. */
export async function postToGroup(
  db: Pick<Database, "job">,
  given: {
    readonly broadcast: string;
    readonly author: string;
    /** When the broadcast starts: the job of an earlier sending that was taken back does nothing. */
    readonly startsAt: number;
    readonly notBefore: number;
    readonly now: number;
  },
): Promise<void> {
  const { broadcast, author, startsAt, notBefore, now } = given;
  await db.job.create({
    data: {
      id: `group:${broadcast}:${randomUUID()}`,
      personId: author,
      name: "groupNotice",
      data: JSON.stringify({ broadcast, startsAt }),
      attempts: 0,
      notBefore: BigInt(notBefore),
      createdAt: BigInt(now),
    },
  });
}
