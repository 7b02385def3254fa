import { z } from "zod";
import type { Command, TimerHandler } from "../src/engine/dialog.ts";
import type { Effect } from "../src/engine/session.ts";
import { rearm } from "./reminder.ts";

/** How long a code lives, in minutes. It works once. */
const minutes = 15;
/** No letters or digits that look alike. */
const alphabet = "ABCDEFGHJKMNPQRSTUVWXYZ23456789";

/** `link`: a one-time code that another platform takes. `link <code>`: takes one. Nothing is lost on either side. */
export const linkCommand: Command = {
  takesArgs: true,
  run(given, ctx) {
    const code = normalised(given);
    if (code !== "")
      return { effects: [{ type: "job", name: "link", data: { code } }], says: [{ text: ctx.t("link.wait") }] };
    const fresh = codeFrom(ctx.id() + ctx.id());
    const shown = `${fresh.slice(0, 4)}-${fresh.slice(4)}`;
    return {
      effects: [{ type: "job", name: "code", data: { code: fresh, until: ctx.now + minutes * 60_000 } }],
      says: [
        {
          text: ctx.t("link.code", { code: shown, minutes }),
          actions: [
            ...(ctx.publicUrl === undefined
              ? []
              : [{ label: ctx.s("b.browser"), url: `${ctx.publicUrl}/link/${fresh}` }]),
            ...ctx.here(),
          ],
        },
      ],
    };
  },
};

const results = z.object({ result: z.enum(["linked", "same", "wrong", "often"]) });

/** What became of a code. */
export const linkedTimer: TimerHandler = {
  kind: "reply",
  run(data, _due, ctx) {
    const { result } = results.parse(data);
    return {
      says: [{ text: ctx.t(`link.${result}`), actions: ctx.session.seenAt > 0 ? ctx.here() : [] }],
      // The other side's reminder may have been set for another hour.
      effects: result === "linked" ? rearm : [],
    };
  },
};

const kinds = ["link", "join", "here"] as const;
/** What a code is for: another platform, a cohort or a role, being there. */
type CodeKind = (typeof kinds)[number];

/** The code in a command or in the deep link of a first message: `link ABCD`, `start link_ABCD`, `start join_ABCD`, `start here_ABCD`. */
export function codeOf(command: string, args: string): { readonly kind: CodeKind; readonly code: string } | undefined {
  const [, kind, code] =
    /^(join|link|here)[_ -]+(.+)$/u.exec(command === "start" ? args.trim() : `${command} ${args.trim()}`) ?? [];
  const normal = normalised(code ?? "");
  const known = kinds.find((one) => one === kind);
  return known !== undefined && normal !== "" ? { kind: known, code: normal } : undefined;
}

/** Looks a code up, after the turn. */
export function useCode(found: { readonly kind: CodeKind; readonly code: string }, now: number): Effect {
  // The moment of scanning counts, however long it takes until it is looked up.
  if (found.kind === "here") return { type: "job", name: "checkIn", data: { code: found.code, at: now } };
  return { type: "job", name: found.kind === "join" ? "invite" : "link", data: { code: found.code } };
}

function normalised(code: string): string {
  return code.toUpperCase().replace(/[^A-Z0-9]/gu, "");
}

/** Eight characters that are easy to type, from random base64url ones: 40 bits, for fifteen minutes and a few tries. */
function codeFrom(random: string): string {
  const value = [...random]
    .map((letter) => letter.charCodeAt(0))
    .reduce((sum, code) => (sum * 131n + BigInt(code)) & 0xffffffffffffffffn, 0n);
  let rest = value;
  let code = "";
  for (let index = 0; index < 8; index += 1) {
    code += alphabet[Number(rest % BigInt(alphabet.length))];
    rest /= BigInt(alphabet.length);
  }
  return code;
}
