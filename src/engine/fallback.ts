import type { Say } from "./dialog.ts";
import type { Run } from "./run.ts";
import type { Activity } from "./session.ts";

/** How many different answers there are to something that was not understood. */
const kinds = 3;

/**
 * Something was not understood. Never the same answer twice in a row: first the open question's options, then how
 * typing works, then a human; after that the last two take turns.
 */
export function fallback(run: Run, focus: Activity | undefined): void {
  const ctx = run.ctx();
  const count = run.session().fallbacks;
  const kind = count < kinds ? count + 1 : 2 + ((count + 1) % 2);
  run.misunderstood();
  if (kind === 1 && focus) return run.offer({ text: ctx.t("fallback.1") }, focus);
  const say: Say =
    kind === 3
      ? {
          text: ctx.t("fallback.3"),
          actions: [{ label: ctx.s("b.contact"), command: "coordinator", primary: true }, ...run.here()],
        }
      : {
          text: ctx.t(kind === 1 ? "fallback.menu" : "fallback.2"),
          actions: [...run.here(), { label: ctx.s("b.help"), command: "help" }],
        };
  run.say(say);
}

/** The text fits several options: the bot asks which one, and only those can be pressed. */
export function unsure(run: Run, focus: Activity, options: readonly string[]): void {
  const ctx = run.ctx();
  const names = focus.open.options
    .filter((option) => options.includes(option.option))
    .map((option) => (option.mark === "" ? option.label : `${option.mark}) ${option.label}`));
  const key = run.session().fallbacks === 0 ? "turn.unsure" : "turn.unsure.again";
  run.misunderstood();
  run.offer({ text: ctx.t(key, { first: names[0] ?? "", second: names.slice(1).join(" / ") }) }, focus, options);
}
