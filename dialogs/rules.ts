import type { Command } from "../src/engine/dialog.ts";

/** Those who look after others; where they do, the grants say. */
const staff = ["coordinator", "deputy", "admin"] as const;

/**
 * Who may use a command: everybody; whoever has one of these roles, with what others are told; or whoever has the right in the
 * grants, which the command's job asks, because it depends on the organisation.
 */
export type CommandRule = "everybody" | "grants" | { readonly roles: readonly string[]; readonly refusal: string };

/** Every command's rule. One without a rule does not load. */
export const commandRules: Readonly<Record<string, CommandRule>> = {
  start: "everybody",
  menu: "everybody",
  next: "everybody",
  back: "everybody",
  lesson: "everybody",
  quiz: "everybody",
  review: "everybody",
  plan: "everybody",
  progress: "everybody",
  path: "everybody",
  assessment: "everybody",
  appointment: "everybody",
  // The job asks the grants, for each assessment.
  queue: "grants",
  hours: "everybody",
  agree: "everybody",
  extension: "everybody",
  assess: "everybody",
  certificate: "everybody",
  feedback: "everybody",
  used: "everybody",
  find: "everybody",
  saved: "everybody",
  coordinator: "everybody",
  rhythm: "everybody",
  pause: "everybody",
  resume: "everybody",
  stop: "everybody",
  language: "everybody",
  programme: "everybody",
  timezone: "everybody",
  link: "everybody",
  mailbox: "everybody",
  join: "everybody",
  days: "everybody",
  here: "everybody",
  // Stand behind buttons of messages to many; the job asks whether the person got that message.
  noted: "everybody",
  subscribe: "everybody",
  leavenews: "everybody",
  leaveevents: "everybody",
  help: "everybody",
  urgent: "everybody",
  privacy: "everybody",
  consent: "everybody",
  mydata: "everybody",
  deleteme: "everybody",
  evidence: "everybody",
  answer: { roles: staff, refusal: "answer.notyours" },
  digest: { roles: staff, refusal: "supervision.notyours" },
  console: "grants",
  broadcast: "grants",
};

/** The commands behind their rules. */
export function ruled(commands: Readonly<Record<string, Command>>): Readonly<Record<string, Command>> {
  return Object.fromEntries(Object.entries(commands).map(([name, command]) => [name, behindRule(name, command)]));
}

function behindRule(name: string, command: Command): Command {
  const rule = commandRules[name];
  if (rule === undefined) throw new Error(`the command "${name}" has no rule: say in dialogs/rules.ts who may use it`);
  if (typeof rule === "string") return command;
  return {
    ...command,
    run(args, ctx) {
      if (ctx.person.roles.some((role) => rule.roles.includes(role))) return command.run(args, ctx);
      return { says: [{ text: ctx.t(rule.refusal), actions: ctx.here() }] };
    },
  };
}
