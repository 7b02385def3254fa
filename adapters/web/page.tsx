import type { ComponentChildren, JSX } from "preact";
import { renderToString } from "preact-render-to-string";
import type { CodeFacts, Offer } from "../../src/engine/adapter.ts";
import { languageNames, type Texts } from "./texts.ts";

/** What every page needs: its words and where its files are. */
export interface Frame {
  readonly texts: Texts;
  /** Folder of the page's own files, without a trailing slash. */
  readonly base: string;
}

/** `known`: this browser has a chat. `open`: anybody may start. `closed`: a link or a code is needed. */
export type Door = "known" | "open" | "closed";

/** How somebody without a code comes in. */
export interface WaysIn {
  /** Cohorts that strangers may join. */
  readonly offers: readonly Offer[];
  /** Whether who was here before gets a link by e-mail. */
  readonly returns: boolean;
}

const noWays: WaysIn = { offers: [], returns: false };

/** The form for a code, as it is shown again after a refusal. */
export interface CodeForm {
  /** Random, one per opened form: the same form sent twice counts once. */
  readonly visit: string;
  readonly code?: string;
  readonly error?: string;
}

/** The landing page and the web chat in one. */
export function chatPage(frame: Frame, door: Door, form: CodeForm, ways: WaysIn = noWays): string {
  const { t, client } = frame.texts;
  return document(
    frame,
    <>
      <a class="skip" href={door === "closed" ? "#code" : "#conversation"}>
        {t("web.skip")}
      </a>
      <Header frame={frame}>
        <div class="tools" id="tools" hidden>
          <button type="button" class="quiet" data-command="menu">
            {t("web.menu")}
          </button>
          <button type="button" class="quiet" data-command="help">
            {t("web.help")}
          </button>
        </div>
      </Header>
      <main id="conversation" tabIndex={-1} data-door={door} data-words={JSON.stringify(client)}>
        <Landing frame={frame} door={door} form={form} ways={ways} />
        <noscript>
          <p class="panel">{t("web.noscript")}</p>
        </noscript>
        <section id="chat" aria-label={t("web.conversation")} hidden>
          <h1 class="hidden">{t("web.conversation")}</h1>
          <div id="log" role="log" aria-live="off" aria-label={t("web.conversation")} />
          <div id="dock">
            <button type="button" id="newer" class="pill" hidden>
              {t("web.newer")}
            </button>
            <p id="status" role="status" />
            <form id="composer" autocomplete="off">
              <label class="hidden" for="message">
                {t("web.message")}
              </label>
              <textarea id="message" rows={1} maxLength={4000} placeholder={t("web.placeholder")} enterkeyhint="send" />
              <button type="submit" class="primary">
                <svg class="arrow" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true" focusable="false">
                  <path
                    d="M12 20V5M5.5 11.5 12 5l6.5 6.5"
                    fill="none"
                    stroke="currentColor"
                    stroke-width="2.4"
                    stroke-linecap="round"
                    stroke-linejoin="round"
                  />
                </svg>
                <span class="word">{t("web.send")}</span>
              </button>
            </form>
          </div>
        </section>
      </main>
      <Footer frame={frame} />
    </>,
    door === "known" ? "chatting" : "landing",
  );
}

/** What a join or link address shows. Opening it changes nothing; the button does. */
export function codePage(frame: Frame, kind: "join" | "link", form: CodeForm, facts?: CodeFacts): string {
  const { t } = frame.texts;
  return document(
    frame,
    <>
      <Header frame={frame} />
      <main class="narrow">
        <h1>{t(`web.${kind}.title`)}</h1>
        {facts === undefined ? null : (
          <p class="lead">
            <strong>{facts.name}</strong> ({facts.languages.map(languageNames).join(", ")})
          </p>
        )}
        <p class="lead">{t(`web.${kind}.text`)}</p>
        {form.error !== undefined && (
          <p class="error" role="alert">
            {form.error}
          </p>
        )}
        <form method="post" action={`/${kind}`}>
          <input type="hidden" name="code" value={form.code ?? ""} />
          <input type="hidden" name="visit" value={form.visit} />
          <button type="submit" class="primary">
            {t(`web.${kind}.button`)}
          </button>
        </form>
        <p class="note">{t(`web.${kind}.note`)}</p>
        {facts === undefined ? null : <Ways frame={frame} ways={facts.ways} code={form.code ?? ""} />}
      </main>
      <Footer frame={frame} />
    </>,
  );
}

/** The other platforms on which the same code opens the same cohort. */
function Ways(given: { frame: Frame; ways: CodeFacts["ways"]; code: string }): JSX.Element | null {
  const { t } = given.frame.texts;
  const ways = given.ways.filter((way) => !way.url.endsWith(`/join/${given.code}`));
  if (ways.length === 0) return null;
  return (
    <section>
      <h2>{t("cohorts.page.ways")}</h2>
      <ul>
        {ways.map((way) => (
          <li>
            <a href={way.url}>{way.name}</a>
            {way.complete ? null : <> – {t("cohorts.poster.then", { code: given.code })}</>}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** The cohorts that anybody may join. */
function Offers({ frame, offers }: { frame: Frame; offers: readonly Offer[] }): JSX.Element | null {
  const { t } = frame.texts;
  if (offers.length === 0) return null;
  return (
    <section class="panel">
      <h2>{t("cohorts.page.open")}</h2>
      <ul>
        {offers.map(({ name, code }) => (
          <li>
            <a href={`/join/${code}`}>{name}</a>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** One sentence about what went wrong, and the way back. */
export function problemPage(frame: Frame, problem: string): string {
  const { t } = frame.texts;
  return document(
    frame,
    <>
      <Header frame={frame} />
      <main class="narrow">
        <h1>{t("web.problem")}</h1>
        <p class="lead">{problem}</p>
        <p>
          <a class="primary button" href="/">
            {t("web.toChat")}
          </a>
        </p>
      </main>
      <Footer frame={frame} />
    </>,
  );
}

function Landing(given: { frame: Frame; door: Door; form: CodeForm; ways: WaysIn }): JSX.Element {
  const { frame, door, form, ways } = given;
  const { t } = frame.texts;
  if (door === "known") {
    return (
      <section id="landing">
        <p class="note waiting" role="status">
          {t("web.opening")}
        </p>
      </section>
    );
  }
  return (
    <section id="landing">
      <div class="hero">
        <div class="pitch">
          <h1>{t("web.headline")}</h1>
          <p class="lead">{t("web.lead")}</p>
          {door === "open" ? (
            <>
              <button type="button" id="start" class="primary big" disabled>
                {t("web.start")}
              </button>
              <p class="note waiting" role="status">
                {t("web.startNote")}
              </p>
            </>
          ) : (
            <>
              <Offers frame={frame} offers={ways.offers} />
              <CodeField frame={frame} form={form} />
            </>
          )}
          {ways.returns ? (
            <p>
              <a href="/return">{t("web.return")}</a>
            </p>
          ) : null}
        </div>
        <Sample frame={frame} />
      </div>
      <ol class="points">
        {([1, 2, 3] as const).map((n) => (
          <li key={n}>
            <h2>{t(`web.point${n}.title`)}</h2>
            <p>{t(`web.point${n}.text`)}</p>
          </li>
        ))}
      </ol>
    </section>
  );
}

/** What a lesson looks like: a picture made of text, so nobody is told about it who cannot see it. */
function Sample({ frame }: { frame: Frame }): JSX.Element {
  const { t } = frame.texts;
  const [first, second] = t("web.sample.marks").split(",");
  return (
    <div class="sample" aria-hidden="true">
      <div class="message bot">
        <p>{t("web.sample.question")}</p>
        <div class="choices">
          <div class="choice">
            <span class="mark">{first}</span>
            {t("web.sample.a")}
          </div>
          <div class="choice chosen">
            <span class="mark">{second}</span>
            {t("web.sample.b")}
          </div>
        </div>
      </div>
      <div class="message bot">
        <p>
          <strong>{t("web.sample.right")}</strong> {t("web.sample.why")}
        </p>
      </div>
    </div>
  );
}

function CodeField({ frame, form }: { frame: Frame; form: CodeForm }): JSX.Element {
  const { t } = frame.texts;
  const wrong = form.error !== undefined;
  return (
    <form method="post" action="/join" class="panel">
      <h2>{t("web.code.title")}</h2>
      <p id="code-help">{t("web.code.text")}</p>
      <label for="code">{t("web.code.label")}</label>
      <input
        id="code"
        name="code"
        required
        maxLength={64}
        autocomplete="off"
        autocapitalize="none"
        spellcheck={false}
        value={form.code ?? ""}
        aria-invalid={wrong ? "true" : undefined}
        aria-describedby={wrong ? "code-error code-help" : "code-help"}
        autofocus={wrong}
      />
      {wrong && (
        <p class="error" id="code-error" role="alert">
          {form.error}
        </p>
      )}
      <input type="hidden" name="visit" value={form.visit} />
      <input type="hidden" name="typed" value="1" />
      <button type="submit" class="primary">
        {t("web.code.button")}
      </button>
    </form>
  );
}

function Header({ frame, children }: { frame: Frame; children?: ComponentChildren }): JSX.Element {
  return (
    <header>
      <a class="brand" href="/">
        <img src={`${frame.base}/icon.svg`} width={36} height={36} alt="" />
        Fadder
      </a>
      {children}
    </header>
  );
}

function Footer({ frame }: { frame: Frame }): JSX.Element {
  const { t, language, languages } = frame.texts;
  return (
    <footer>
      <nav aria-label={t("web.language")}>
        {languages.map((other) => (
          <a
            key={other}
            href={`/?lang=${other}`}
            lang={other}
            hreflang={other}
            aria-current={other === language ? "true" : undefined}
          >
            {languageNames(other)}
          </a>
        ))}
      </nav>
      <p>
        <a href="/privacy">{t("web.privacy")}</a> <a href="/terms">{t("web.terms")}</a>
      </p>
    </footer>
  );
}

function document(frame: Frame, body: JSX.Element, view: "landing" | "chatting" | "form" = "form"): string {
  const { t, language } = frame.texts;
  const html = renderToString(
    <html lang={language}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        {view === "form" && <meta name="robots" content="noindex" />}
        <title>{t("web.title")}</title>
        <meta name="description" content={t("web.lead")} />
        <link rel="icon" type="image/svg+xml" href={`${frame.base}/icon.svg`} />
        <link rel="stylesheet" href={`${frame.base}/chat.css`} />
        {view !== "form" && <script type="module" src={`${frame.base}/chat.js`} />}
      </head>
      <body class={view}>{body}</body>
    </html>,
  );
  return `<!doctype html>${html}`;
}
