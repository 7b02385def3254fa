import type { Words } from "../engine/adapter.ts";
import type { Session } from "../engine/session.ts";
import type { Input } from "../engine/types.ts";
import { understand, understandSeveral } from "../engine/understand.ts";
import { type Kind, kinds, look } from "./look.ts";

/** Takes out of an input what nothing may keep. Pure; called before anything typed is written anywhere. */
export type Guard = (input: Input, language: string | null, session: Session | undefined) => Input;

/** What does not matter where a place, a day or a code is asked for. */
const outside: readonly Kind[] = ["name", "address", "case"];

/** Commands and questions whose text is no free text about people, and the kinds that are all right there. */
const allowed: Readonly<Record<string, readonly Kind[]>> = {
  timezone: outside,
  language: outside,
  pause: outside,
  rhythm: outside,
  /** A code may be digits only. */
  link: kinds,
  join: kinds,
  start: kinds,
  /** One's own address is what is asked for. */
  mailbox: ["name", "address"],
  /** Coordinators tell where and whom to call. */
  answer: ["phone"],
  /** The learner's own name, for the certificate alone. */
  award: ["name"],
  /** Seen by its author before it is sent, and published: names of speakers and places belong there. */
  broadcast: ["name", "phone", "address"],
};

/** The longest code that anybody types, with its separators. */
const longestCode = 24;

/** The guard over free text: a command, an option and a code pass; everything else is looked at. `platforms`: what people write on. */
export function createGuard(words: Words, platforms: readonly string[] = []): Guard {
  const judge = (text: string, language: string | null, place: string | undefined, input: Input): Input => {
    const { danger, findings } = look(text, language ?? words.languages[0] ?? "en", platforms);
    const isCode = place !== undefined && allowed[place] === kinds;
    // A code is one short word; a sentence behind a command is free text like any other.
    const fine = isCode && (text.length > longestCode || /\s/u.test(text)) ? [] : (allowed[place ?? ""] ?? []);
    const left = findings.filter((kind) => !fine.includes(kind));
    return danger || left.length > 0 ? { type: "withheld", danger, findings: left } : input;
  };

  return (input, language, session) => {
    switch (input.type) {
      case "file":
        // What a person called a file is typed text too, and nothing here needs it.
        return { ...input, name: "" };
      case "command": {
        const command = words.command(input.name);
        if (input.args.trim() === "" && command !== undefined) return input;
        return command === undefined
          ? judge(`${input.name} ${input.args}`, language, undefined, input)
          : judge(input.args.trim(), language, command, input);
      }
      case "text": {
        if (words.command(input.text) !== undefined) return input;
        const focus = session?.focus === null ? undefined : session?.activities[session.focus];
        if (focus && answers(input.text, focus.open.options)) return input;
        const named = commandBefore(words, input.text);
        return named === undefined
          ? judge(input.text, language, focus?.open.free === true ? focus.dialog : undefined, input)
          : judge(named.args, language, named.name, input);
      }
      default:
        return input;
    }
  };
}

/** Whether a text is one of the answers that are shown, or several of them. */
function answers(text: string, options: Parameters<typeof understand>[1]): boolean {
  return understand(text, options).type !== "none" || understandSeveral(text, options) !== undefined;
}

/** "time zone Sofia": a command of up to three words before other words. */
function commandBefore(words: Words, text: string): { readonly name: string; readonly args: string } | undefined {
  const typed = text.trim().split(/\s+/u);
  for (let length = Math.min(3, typed.length - 1); length > 0; length -= 1) {
    const name = words.command(typed.slice(0, length).join(" "));
    if (name !== undefined && allowed[name] !== undefined) return { name, args: typed.slice(length).join(" ") };
  }
  return undefined;
}
