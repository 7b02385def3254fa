import { z } from "zod";
import type { Command, TimerHandler } from "../src/engine/dialog.ts";

/** `mailbox`: what is known; `mailbox anna@example.org`: asks to confirm it; `mailbox off`: forgets it. */
export const mailboxCommand: Command = {
  takesArgs: true,
  run: (given, ctx) => ({
    effects: [{ type: "job", name: "mailbox", data: { args: given.trim() } }],
    says: [{ text: ctx.t("mail.chat.wait") }],
  }),
};

const found = z.object({
  state: z.enum(["none", "known", "sent", "confirmed", "off", "wrong", "often", "unavailable"]),
});

/** What became of it. */
export const mailboxTimer: TimerHandler = {
  kind: "reply",
  run(data, _due, ctx) {
    const { state } = found.parse(data);
    const isThere = state === "known" || state === "confirmed";
    const off = isThere ? [{ label: ctx.s("mail.chat.forget"), command: "mailbox", args: "off" }] : [];
    return { says: [{ text: ctx.t(`mail.chat.${state}`), actions: [...off, ...ctx.here()] }] };
  },
};
