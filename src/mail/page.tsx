import { randomInt } from "node:crypto";
import type { Express, Request, Response } from "express";
import express from "express";
import { RateLimiterMemory } from "rate-limiter-flexible";
import { z } from "zod";
import { hourMs } from "../domain/durations.ts";
import type { Log, Receive, Words } from "../engine/adapter.ts";
import { Text } from "../http/markup.tsx";
import { isOwnForm } from "../http/origin.ts";
import { page, pageLanguage } from "../http/page.tsx";
import { tell } from "../inbox/tell.ts";
import { codeHash } from "../people/codes.ts";
import { createSignInLinks } from "../people/sign-in.ts";
import { standingOf } from "../people/standing.ts";
import { confirmMailbox, emailSchema, isGood, letterId, type MailboxDeps, mailWriter, ownerOf } from "./mailbox.ts";

export interface MailPageDeps extends MailboxDeps {
  readonly words: Words;
  readonly publicUrl: string | undefined;
  readonly open: (purpose: string, sealed: Uint8Array, context: string) => string;
  readonly receive: Receive;
  /** Whether the database was restored and not released yet: nothing leaves. */
  readonly held: () => Promise<boolean>;
  readonly log: Log;
}

/** Links that one visitor may ask for in ten minutes, and that one mailbox gets in an hour. */
const [mostAsked, mostSent] = [10, 3];
/** How long a way back into the chat works, milliseconds. */
const returnMs = hourMs;
/** Letters that do not look alike. */
const alphabet = "ABCDEFGHJKMNPQRSTUVWXYZ23456789";

/**
 * Adds `/mailbox/{token}`, whose button confirms a mailbox, and `/return`, which sends whoever has confirmed one a link: into the
 * console those who may open it, back into their chat everybody else. The answer is the same whether or not the mailbox is known.
 */
export function mountMailPages(app: Express, deps: MailPageDeps): void {
  const { db, words, secret, origin, now, log } = deps;
  const asked = new RateLimiterMemory({ points: mostAsked, duration: 600 });
  const sent = new RateLimiterMemory({ points: mostSent, duration: 3600 });
  const signIn = createSignInLinks({ db, secret, origin });

  const say = (request: Request, response: Response, status: number, key: string, form?: "confirm" | "return") => {
    const language = pageLanguage(words, request);
    const body = (
      <>
        <Text markup={words.markup(language, `mail.page.${key}`)} />
        {form === undefined ? null : (
          <form method="post" action={request.path}>
            {form === "return" ? (
              <p>
                <label for="email">{words.text(language, "mail.page.email")}</label>{" "}
                <input id="email" name="email" type="email" autocomplete="email" required maxLength={254} />
              </p>
            ) : null}
            <button type="submit">{words.text(language, `mail.page.${key}.button`)}</button>
          </form>
        )}
      </>
    );
    response
      .status(status)
      .vary("Accept-Language")
      // Without it browsers send a form of this page with the origin "null".
      .set({ "Cache-Control": "no-store", "Referrer-Policy": "same-origin" })
      .type("html")
      .send(page(words, language, words.text(language, `mail.page.${key}.title`), undefined, body));
  };

  app.get("/mailbox/:token", async (request, response) => {
    if (await isGood(deps, request.params.token)) return say(request, response, 200, "confirm", "confirm");
    say(request, response, 410, "gone");
  });

  app.post("/mailbox/:token", async (request, response) => {
    if (!isOwnForm(request, deps.publicUrl)) return say(request, response, 403, "gone");
    const found = await confirmMailbox(deps, deps.open, request.params.token);
    if (found === undefined) return say(request, response, 410, "gone");
    if (found === "taken") return say(request, response, 409, found);
    const id = letterId("mailbox-confirmed", request.params.token);
    await tell(deps, id, found.personId, "mailbox", { state: "confirmed" }).catch((error: unknown) =>
      log.warn({ err: error }, "a chat could not be told of its mailbox"),
    );
    say(request, response, 200, "confirmed");
  });

  app.get("/return", (request, response) => {
    const isOn = mailWriter(deps.adapters) !== undefined;
    if (isOn) say(request, response, 200, "return", "return");
    else say(request, response, 404, "off");
  });

  app.post("/return", express.urlencoded({ extended: false, limit: "2kb" }), async (request, response) => {
    if (!isOwnForm(request, deps.publicUrl)) return say(request, response, 403, "gone");
    const read = z.object({ email: emailSchema }).safeParse(request.body);
    if (!read.success) return say(request, response, 400, "return", "return");
    const may = await asked.consume(request.ip ?? "").then(
      () => true,
      () => false,
    );
    if (!may) return say(request, response, 429, "often");
    // Not waited for: how long it takes would tell whether the mailbox is known.
    void send(read.data.email).catch((error: unknown) =>
      log.warn({ err: error }, "a link by e-mail could not be sent"),
    );
    say(request, response, 200, "sent");
  });

  async function send(email: string): Promise<void> {
    if (await deps.held()) return;
    const writer = mailWriter(deps.adapters);
    const owner = await ownerOf(deps, email);
    if (writer === undefined || owner === undefined) return;
    const { personId, address } = owner;
    const may = await sent.consume(personId).then(
      () => true,
      () => false,
    );
    const person = may ? await db.person.findUnique({ where: { id: personId }, select: { language: true } }) : null;
    if (person === null) return;
    const isStaff = (await standingOf(db, personId, now())).may("console");
    const url = isStaff ? await signIn(personId, "/console") : `${origin}/link/${await returnCode(personId)}`;
    const language = person.language ?? words.languages[0] ?? "en";
    const key = isStaff ? "mail.signin" : "mail.return";
    const reply = {
      text: words.markup(language, key),
      actions: [{ option: "a", label: words.text(language, `${key}.button`), url, primary: true }],
    };
    await writer.deliver({ id: letterId("return", url), address, kind: "reply", reply });
  }

  /** A code with which a chat in a browser becomes this person's chat; typing and opening it work alike, once. */
  async function returnCode(personId: string): Promise<string> {
    const code = Array.from({ length: 12 }, () => alphabet[randomInt(alphabet.length)]).join("");
    const expiresAt = BigInt(now() + returnMs);
    await db.linkCode.create({ data: { codeHash: codeHash(secret, code), personId, expiresAt } });
    return code;
  }
}
