import type { ComponentChildren } from "preact";
import { render } from "preact-render-to-string";
import type { Words } from "../engine/adapter.ts";
import { CONSOLE_STYLE_PATH } from "./style.ts";

/** What stands around a page of somebody who is signed in. */
export interface Around {
  readonly name: string;
  readonly csrf: string;
  /** Where this person may go: address below `/console` and the key of its name. */
  readonly places: readonly { readonly path: string; readonly name: string }[];
  /** The page's own address below `/console`. */
  readonly path: string;
  /** The id of the picture of the organisation, where it has one. */
  readonly logo?: string | undefined;
}

/** A page of the console, whole. `said` is a text that is shown once, above everything else. */
export function layout(
  words: Words,
  language: string,
  given: {
    readonly title: string;
    readonly body: ComponentChildren;
    readonly said?: string;
    readonly around?: Around /** Seconds. */;
    readonly refresh?: number;
  },
): string {
  const { title, body, said, around, refresh } = given;
  const text = (key: string): string => words.text(language, key);
  const html = render(
    <html lang={language}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        {refresh === undefined ? null : <meta http-equiv="refresh" content={String(refresh)} />}
        <meta name="robots" content="noindex" />
        <title>{`${title} – Fadder`}</title>
        <link rel="stylesheet" href={CONSOLE_STYLE_PATH} />
      </head>
      <body>
        <a class="skip" href="#main">
          {text("console.skip")}
        </a>
        <header class="top">
          {around?.logo === undefined ? null : <img class="logo" src={`/console/logos/${around.logo}`} alt="" />}
          <span class="brand">Fadder</span>
          {around === undefined ? null : (
            <>
              <span class="who">{around.name}</span>
              <form method="post" action="/console/sign-out">
                <input type="hidden" name="csrf" value={around.csrf} />
                <button type="submit">{text("console.signout")}</button>
              </form>
              <nav class="main" aria-label={text("console.nav")}>
                <ul>
                  {around.places.map(({ path, name }) => (
                    <li>
                      <a href={`/console${path}`} aria-current={isAt(around.path, path) ? "page" : undefined}>
                        {text(name)}
                      </a>
                    </li>
                  ))}
                </ul>
              </nav>
            </>
          )}
        </header>
        <main id="main" class={around === undefined ? "narrow" : undefined} tabIndex={-1}>
          {said === undefined ? null : (
            <p class="notice" role="status">
              {said}
            </p>
          )}
          <h1>{title}</h1>
          {body}
        </main>
      </body>
    </html>,
  );
  return `<!doctype html>${html}`;
}

function isAt(path: string, place: string): boolean {
  return path === place || path.startsWith(`${place}/`);
}
