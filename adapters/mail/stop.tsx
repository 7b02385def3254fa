import express, { type Express, type Request } from "express";
import { render } from "preact-render-to-string";
import type { AdapterDeps } from "../../src/engine/adapter.ts";

const PATH = "/mail/stop";
const PURPOSE = "mail-stop";

/** Whoever wants no more mail, by the user of the address. */
export interface Stops {
  /** The page where one press ends all mail to this address; undefined without a public address. */
  link(user: string): string | undefined;
  has(user: string): Promise<boolean>;
  mount(app: Express): void;
}

/**
 * The way out that every notice carries. The page asks before it does anything, since mail scanners open links; mail programs
 * that offer one click post to the same address (RFC 8058).
 */
export function createStops(
  deps: Pick<AdapterDeps, "keep" | "sign" | "signed" | "words" | "publicUrl" | "log">,
): Stops {
  const { keep, words } = deps;
  const key = (user: string): string => `stopped:${user}`;

  /** The user whom a request names, where the link is ours. */
  const userOf = (request: Request): string | undefined => {
    const { u, s } = request.query;
    return typeof u === "string" && typeof s === "string" && deps.signed(PURPOSE, u, s) ? u : undefined;
  };
  const languageOf = (request: Request): string =>
    request
      .acceptsLanguages()
      .map((locale) => words.match(locale))
      .find((language) => language !== undefined) ??
    words.languages[0] ??
    "en";

  function show(request: Request, what: "ask" | "done" | "wrong"): string {
    const language = languageOf(request);
    const t = (name: string): string => words.text(language, `mail.stop.${name}`);
    const html = render(
      <html lang={language}>
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <title>{t("title")}</title>
          <link rel="stylesheet" href="/pages.css" />
        </head>
        <body>
          <main>
            <h1>{t("title")}</h1>
            <p>{t(what)}</p>
            {what === "ask" ? (
              <form method="post" action={request.originalUrl}>
                <button type="submit">{t("button")}</button>
              </form>
            ) : null}
          </main>
        </body>
      </html>,
    );
    return `<!doctype html>${html}`;
  }

  return {
    link(user) {
      if (deps.publicUrl === undefined) return undefined;
      const query = new URLSearchParams({ u: user, s: deps.sign(PURPOSE, user) });
      return `${deps.publicUrl}${PATH}?${query}`;
    },
    has: async (user) => (await keep.get(key(user))) !== undefined,
    mount(app) {
      app.get(PATH, (request, response) => {
        const known = userOf(request) !== undefined;
        response
          .set("Cache-Control", "no-store")
          .status(known ? 200 : 404)
          .type("html");
        response.send(show(request, known ? "ask" : "wrong"));
      });
      app.post(PATH, express.urlencoded({ extended: false, limit: "1kb" }), async (request, response) => {
        const user = userOf(request);
        response.set("Cache-Control", "no-store").type("html");
        if (user === undefined) {
          response.status(404).send(show(request, "wrong"));
          return;
        }
        try {
          await keep.set(key(user), true);
        } catch (error) {
          deps.log.warn({ error: error instanceof Error ? error.name : "?" }, "a wish for no more mail was not stored");
          response.status(503).set("Retry-After", "5").send(show(request, "ask"));
          return;
        }
        response.send(show(request, "done"));
      });
    },
  };
}
