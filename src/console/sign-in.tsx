import type { Express, Request, Response } from "express";
import { RateLimiterMemory } from "rate-limiter-flexible";
import { Text } from "../http/markup.tsx";
import { isOwnForm } from "../http/origin.ts";
import { pageLanguage } from "../http/page.tsx";
import { keyedHash } from "../people/sign-in.ts";
import { layout } from "./layout.tsx";
import type { Sessions } from "./sessions.ts";
import type { ConsoleDeps } from "./types.ts";

/** Presses that signed nobody in, from one address in ten minutes. A whole office may sign in at once. */
const mostMisses = 20;

/**
 * Adds `/sign-in/{token}`: opening it changes nothing, because mail scanners and link previews open links; its button takes the link,
 * once, and opens a session.
 */
export function mountSignIn(app: Express, deps: ConsoleDeps, sessions: Sessions): void {
  const { db } = deps.store;
  const { words, secret } = deps;
  const misses = new RateLimiterMemory({ points: mostMisses, duration: 600 });

  const say = (request: Request, response: Response, status: number, key: string): void => {
    const language = pageLanguage(words, request);
    response.status(status).send(
      layout(words, language, {
        title: words.text(language, `console.signin.${key}.title`),
        body: <Text markup={words.markup(language, `console.signin.${key}`)} />,
      }),
    );
  };

  /** What is wrong with a link at this moment, or whose it is. */
  const look = async (request: Request, token: string) => {
    if (!/^[\w-]{43}$/u.test(token)) return { wrong: "unknown" } as const;
    const row = await db.signIn.findUnique({ where: { tokenHash: keyedHash(secret, "sign-in", token) } });
    if (row === null) return { wrong: "unknown" } as const;
    if (row.usedAt !== null) return { wrong: "used" } as const;
    if (Number(row.expiresAt) <= Date.now()) return { wrong: "expired" } as const;
    const present = await sessions.of(request);
    if (present !== undefined && present.personId !== row.personId) return { wrong: "other" } as const;
    return { row } as const;
  };

  app.get("/sign-in/:token", async (request, response) => {
    const found = await look(request, request.params.token);
    if (found.row === undefined) return say(request, response, 410, found.wrong);
    const language = pageLanguage(words, request);
    response.send(
      layout(words, language, {
        title: words.text(language, "console.signin.title"),
        body: (
          <>
            <Text markup={words.markup(language, "console.signin")} />
            <form method="post" action={request.path}>
              <button type="submit" class="main">
                {words.text(language, "console.signin.button")}
              </button>
            </form>
          </>
        ),
      }),
    );
  });

  app.post("/sign-in/:token", async (request, response) => {
    if (!isOwnForm(request, deps.publicUrl)) return say(request, response, 403, "form");
    // Looked up first: whatever others at this address missed, a good link is good. A token is too long to be found by trying.
    const found = await look(request, request.params.token);
    if (found.row === undefined) {
      const counted = await misses.consume(request.ip ?? "").then(
        () => true,
        () => false,
      );
      return counted ? say(request, response, 410, found.wrong) : say(request, response, 429, "often");
    }
    const { tokenHash, personId, path } = found.row;
    // In one statement: of two presses at once one signs in.
    const taken = await db.signIn.updateMany({
      where: { tokenHash, usedAt: null },
      data: { usedAt: BigInt(Date.now()) },
    });
    if (taken.count === 0) return say(request, response, 410, "used");
    await sessions.close(request, response);
    await sessions.open(response, personId);
    await deps.audit({ actor: personId, action: "console.signin" });
    response.redirect(303, path);
  });
}
