import { z } from "zod";
import type { Keep, Log } from "../../src/engine/adapter.ts";
import type { Inbound } from "../../src/engine/types.ts";
import type { Workspace } from "./workspaces.ts";

export interface People {
  /**
   * Name, language and time zone of a person as Slack knows them. Slack is asked once a month, and never for long: what
   * it does not tell in time stays undefined. The name is only given when Slack was just asked; it is not kept here.
   */
  describe(workspace: Workspace, user: string): Promise<Inbound["person"]>;
}

const MONTH_MS = 30 * 24 * 3600_000;
/** A look-up that failed is not tried again at once, or every message would wait for it. */
const FAILED_MS = 60_000;
const REMEMBERED = 10_000;

interface Known {
  readonly until: number;
  readonly person: Inbound["person"];
}

/** See `People`. */
export function createPeople(keep: Keep, now: () => number, log: Log): People {
  const memory = new Map<string, Known>();

  function remember(key: string, person: Inbound["person"], until: number): Inbound["person"] {
    if (memory.size >= REMEMBERED) memory.delete(memory.keys().next().value ?? "");
    memory.set(key, { person: { ...person, name: "" }, until });
    return person;
  }

  return {
    async describe(workspace, user) {
      // Keys about a person end in `:tenant:user`, so that erasing a person finds them.
      const key = `person:${workspace.team}:${user}`;
      const known = memory.get(key);
      if (known && known.until > now()) return known.person;
      try {
        const kept = keptShape.safeParse(await keep.get(key));
        if (kept.success && kept.data.until > now()) {
          const { until, ...rest } = kept.data;
          return remember(key, { name: "", ...rest }, until);
        }
        const answer = await workspace.clients.lookup.users.info({ user, include_locale: true });
        const person = toPerson(infoShape.parse(answer).user);
        const until = now() + MONTH_MS;
        await keep.set(key, { until, locale: person.locale, timeZone: person.timeZone });
        return remember(key, person, until);
      } catch (error) {
        log.debug(
          { team: workspace.team, error: error instanceof Error ? error.name : "unknown" },
          "person not looked up",
        );
        return remember(key, { name: "" }, now() + FAILED_MS);
      }
    },
  };
}

const keptShape = z.object({ until: z.number(), locale: z.string().optional(), timeZone: z.string().optional() });

const infoShape = z.object({
  user: z.object({
    real_name: z.string().nullish(),
    profile: z.object({ display_name: z.string().nullish() }).nullish(),
    tz: z.string().nullish(),
    locale: z.string().nullish(),
  }),
});

function toPerson(user: z.infer<typeof infoShape>["user"]): Inbound["person"] {
  const name = user.profile?.display_name || user.real_name || "";
  return {
    name: name.slice(0, 200),
    ...(user.locale ? { locale: user.locale } : {}),
    ...(user.tz ? { timeZone: user.tz } : {}),
  };
}
