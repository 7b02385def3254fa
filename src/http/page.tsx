import type { Request } from "express";
import type { ComponentChildren } from "preact";
import { render } from "preact-render-to-string";
import type { Words } from "../engine/adapter.ts";

/** Where the pages' one style sheet is; no page carries a style of its own. */
export const STYLE_PATH = "/pages.css";

/** Plain, readable, dark where the reader's machine is dark, and as wide as a telephone at least. */
export const STYLE = `:root { color-scheme: light dark; font: 1.0625rem/1.6 system-ui, sans-serif; }
body { margin: 0 auto; max-width: 40rem; padding: 1.5rem 1rem 3rem; }
h1 { font-size: 1.6rem; line-height: 1.25; }
h2 { font-size: 1.15rem; margin: 1.75rem 0 0.25rem; }
p, ul { margin: 0.5rem 0; }
a { color: LinkText; }
input, button { font: inherit; max-width: 100%; }
button { padding: 0.4rem 1rem; }
nav ul { display: flex; flex-wrap: wrap; gap: 0.25rem 1rem; list-style: none; padding: 0; }
footer { border-top: 1px solid; margin-top: 2.5rem; padding-top: 0.75rem; }
`;

/** A whole page. `path` is where it stands, for the links to its other languages. */
export function page(
  words: Words,
  language: string,
  title: string,
  path: string | undefined,
  children: ComponentChildren,
): string {
  const others = path === undefined ? [] : words.languages.filter((other) => other !== language);
  const html = render(
    <html lang={language}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{`${title} – Fadder`}</title>
        <link rel="stylesheet" href={STYLE_PATH} />
      </head>
      <body>
        <main>
          <h1>{title}</h1>
          {children}
        </main>
        <footer>
          <p>
            <a href="/">{words.text(language, "pages.home")}</a>
          </p>
          {others.length === 0 ? null : (
            <nav aria-label={words.text(language, "pages.languages")}>
              <ul>
                {others.map((other) => (
                  <li>
                    <a href={`${path}?lang=${other}`} lang={other} hreflang={other}>
                      {words.text(other, "pages.language")}
                    </a>
                  </li>
                ))}
              </ul>
            </nav>
          )}
        </footer>
      </body>
    </html>,
  );
  return `<!doctype html>${html}`;
}

/** The language asked for by `?lang=`, else the first one the browser prefers that there is, else the default. */
export function pageLanguage(words: Words, request: Request): string {
  const asked = typeof request.query.lang === "string" ? words.match(request.query.lang) : undefined;
  const preferred = request.acceptsLanguages().map((locale) => words.match(locale));
  return asked ?? preferred.find((language) => language !== undefined) ?? words.languages[0] ?? "en";
}
