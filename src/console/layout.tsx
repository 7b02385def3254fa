import type { ComponentChildren } from "preact";
import { render } from "preact-render-to-string";
import type { Words } from "../engine/adapter.ts";
import { CONSOLE_STYLE_PATH } from "./style.ts";
import type { Heading } from "./types.ts";

/** In the order of the navigation. */
const headings: readonly Heading[] = ["people", "training", "programmes", "house"];

/** A page of the navigation: its address below `/console`, the key of its name, and the heading it stands under. */
interface Place {
  readonly path: string;
  readonly name: string;
  readonly heading?: Heading | undefined;
}

/** What stands around a page of somebody who is signed in. */
export interface Around {
  readonly name: string;
  readonly csrf: string;
  /** Where this person may go. */
  readonly places: readonly Place[];
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
              <Navigation text={text} around={around} />
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

/** What is used all day is always in sight; the rest opens under a heading, without a script, and fits on a phone. */
function Navigation({ text, around }: { readonly text: (key: string) => string; readonly around: Around }) {
  const { path: here, places } = around;
  const link = ({ path, name }: Place) => (
    <li>
      <a href={`/console${path}`} aria-current={isAt(here, path) ? "page" : undefined}>
        {text(name)}
      </a>
    </li>
  );
  return (
    <nav class="main" aria-label={text("console.nav")}>
      <ul>
        {places.filter(({ heading }) => heading === undefined).map(link)}
        {headings.map((heading) => {
          const own = places.filter((place) => place.heading === heading);
          if (own.length === 0) return null;
          return (
            <li>
              <details name="navigation">
                <summary class={own.some(({ path }) => isAt(here, path)) ? "here" : undefined}>
                  {text(`console.nav.${heading}`)}
                </summary>
                <ul>{own.map(link)}</ul>
              </details>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}

function isAt(path: string, place: string): boolean {
  return path === place || path.startsWith(`${place}/`);
}
