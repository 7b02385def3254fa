import { z } from "zod";
import { nextMonday } from "../src/domain/clock-week.ts";
import type { Command, Context, TimerHandler } from "../src/engine/dialog.ts";
import { join } from "../src/engine/markup.ts";
import type { Effect } from "../src/engine/session.ts";

const looksAfter = ["coordinator", "deputy", "admin"];
/** For whoever chose no hour. */
const usualTime = "09:00";
/** The parts of a digest, in the order of urgency. */
const parts = ["questions", "applied", "silent", "unreachable", "unsent"] as const;

const facts = z.object({
  questions: z.number(),
  applied: z.number(),
  silent: z.number(),
  unreachable: z.number(),
  unsent: z.number(),
  members: z.number(),
  asked: z.boolean(),
});

/** Sets a coordinator's digest for the next Monday at their own hour; nothing for everybody else. */
export function armDigest({ person, now }: Context): readonly Effect[] {
  if (!person.roles.some((role) => looksAfter.includes(role))) return [];
  const due = nextMonday(now, person.timeZone, person.rhythm?.time ?? usualTime);
  return [{ type: "timer.set", name: "digest", due, data: {} }];
}

/** Asks for the facts when it is due, and says them when they are there. Silent where nothing waits, unless somebody asked. */
export const digestTimer: TimerHandler = {
  kind: "reminder",
  run(data, _due, ctx) {
    const found = facts.safeParse(data);
    if (!found.success) {
      const { stopped, pausedUntil } = ctx.person;
      const quiet = stopped || (pausedUntil ?? 0) > ctx.now;
      const job: readonly Effect[] = quiet ? [] : [{ type: "job", name: "digest", data: { asked: false } }];
      return { effects: [...armDigest(ctx), ...job] };
    }
    const waiting = parts.filter((part) => found.data[part] > 0);
    if (waiting.length === 0 && !found.data.asked) return {};
    const { members } = found.data;
    const text =
      waiting.length === 0
        ? ctx.t("supervision.well", { members })
        : join(
            ctx.t("supervision.digest", { members }),
            ...waiting.map((part) => ctx.t(`supervision.digest.${part}`, { count: found.data[part] })),
          );
    return {
      says: [{ text, actions: [{ label: ctx.s("supervision.open"), command: "console", primary: true }] }],
    };
  },
};

/** What waits for a coordinator, at once. */
export const digestCommand: Command = {
  run: () => ({ effects: [{ type: "job", name: "digest", data: { asked: true } }] }),
};
