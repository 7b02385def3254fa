import type { Express, Request, Response } from "express";
import express from "express";
import type { ComponentChildren } from "preact";
import { RateLimiterMemory } from "rate-limiter-flexible";
import {
  type Answers,
  type Competence,
  competencesOf,
  type Framework,
  levelsFrom,
  nextLevel,
} from "../domain/framework.ts";
import type { Catalogue, Programme } from "../domain/programme.ts";
import type { Adapter, Words } from "../engine/adapter.ts";
import { Text } from "../http/markup.tsx";
import { isOwnForm } from "../http/origin.ts";
import { page, pageLanguage } from "../http/page.tsx";
import type { Store } from "../store/types.ts";
import { LevelsShown, readerOf } from "./levels-shown.tsx";
import { answerSelfCheck, beginSelfCheck, codeForSelfCheck, type OpenCheck, openSelfCheck } from "./self-check.ts";
import { answersIn, CompetenceForm, Fallback, headingOf, Parts } from "./self-check-views.tsx";

export interface SelfCheckPageDeps {
  readonly store: Pick<Store, "db">;
  readonly catalogue: Catalogue;
  readonly words: Words;
  readonly adapters: readonly Adapter[];
  readonly secret: string;
  readonly publicUrl: string | undefined;
  readonly now: () => number;
}

/** Begun by one visitor in ten minutes; sent by one visitor in a minute. */
const [mostBegun, mostSent] = [20, 120];
const root = "/self-check";

/**
 * Adds `/self-check/{programme}`, where everybody can try a programme's framework without an account, if the programme says so. A page for
 * each competence, a report at the end; after a day all of it is forgotten, unless somebody took it into their chat with a code.
 */
export function mountSelfCheck(app: Express, deps: SelfCheckPageDeps): void {
  const { words, secret, now } = deps;
  const { db } = deps.store;
  const begun = new RateLimiterMemory({ points: mostBegun, duration: 600 });
  const sent = new RateLimiterMemory({ points: mostSent, duration: 60 });
  const allowed = (limit: RateLimiterMemory, request: Request): Promise<boolean> =>
    limit.consume(request.ip ?? "").then(
      () => true,
      () => false,
    );

  interface Shown {
    readonly status?: number;
    readonly title: string;
    readonly body: ComponentChildren;
  }
  const show = (request: Request, response: Response, { status = 200, title, body }: Shown): void => {
    response
      .status(status)
      .vary("Accept-Language")
      // Without a referrer browsers send a form of this page with the origin "null".
      .set({ "Cache-Control": "no-store", "Referrer-Policy": "same-origin", "X-Robots-Tag": "noindex, nofollow" })
      .type("html")
      .send(page(words, pageLanguage(words, request), title, request.path, body));
  };
  const say = (request: Request, response: Response, status: number, key: string): void => {
    const language = pageLanguage(words, request);
    const title = words.text(language, "framework.check.title");
    show(request, response, { status, title, body: <Text markup={words.markup(language, key)} /> });
  };
  const missing = (request: Request, response: Response) => say(request, response, 404, "framework.check.missing");
  const gone = (request: Request, response: Response) => say(request, response, 410, "framework.check.gone");

  /** A programme that opened its framework to everybody; an attempt stays with the version it began with. */
  const opened = (id: string, version?: string): { programme: Programme; framework: Framework } | undefined => {
    const taught = deps.catalogue.programmes.find((one) => one.id === id && one.selfCheck === true);
    const programme = taught && (version === undefined ? taught : (deps.catalogue.get(id, version) ?? taught));
    return programme?.framework && { programme, framework: programme.framework };
  };

  app.get(`${root}/:programme`, (request, response) => {
    const found = opened(request.params.programme);
    if (found === undefined) return missing(request, response);
    const language = pageLanguage(words, request);
    const read = readerOf(found.framework, language);
    const body = (
      <>
        <Fallback words={words} language={language} framework={found.framework} />
        <p>{read(found.framework.about)}</p>
        <Text markup={words.markup(language, "framework.check.intro")} />
        <Text markup={words.markup(language, "self.never")} />
        <form method="post" action={`${request.path}?lang=${language}`}>
          <button type="submit">{words.text(language, "b.start")}</button>
        </form>
      </>
    );
    show(request, response, { title: read(found.framework.title), body });
  });

  app.post(`${root}/:programme`, async (request, response) => {
    if (!isOwnForm(request, deps.publicUrl)) return say(request, response, 403, "framework.check.gone");
    const found = opened(request.params.programme);
    if (found === undefined) return missing(request, response);
    if (!(await allowed(begun, request))) return say(request, response, 429, "framework.check.often");
    const token = await beginSelfCheck(db, secret, found.programme, now());
    response.redirect(303, `${root}/${found.programme.id}/${token}?lang=${pageLanguage(words, request)}`);
  });

  interface Found {
    readonly check: OpenCheck;
    readonly framework: Framework;
    readonly token: string;
    readonly base: string;
  }
  /** The attempt that an address names, or the page that says it is gone. */
  const entered = async (request: Request, response: Response): Promise<Found | undefined> => {
    const { programme, token } = request.params as { programme: string; token: string };
    const check = await openSelfCheck(db, secret, token, now());
    const found = check?.programme === programme ? opened(programme, check.version) : undefined;
    if (check === undefined || found === undefined) {
      gone(request, response);
      return undefined;
    }
    return { check, framework: found.framework, token, base: `${root}/${programme}/${token}` };
  };

  app.get(`${root}/:programme/:token`, async (request, response) => {
    const found = await entered(request, response);
    if (found === undefined) return;
    const { framework, check, base } = found;
    const all = competencesOf(framework);
    const asked = all.find(({ id }) => id === request.query.at);
    const next = asked ?? all.find((one) => nextLevel(framework, one, check.answers) !== undefined);
    if (next === undefined) return response.redirect(303, `${base}/report?lang=${pageLanguage(words, request)}`);
    form(request, response, found, { competence: next, answers: check.answers, incomplete: false });
  });

  app.post(
    `${root}/:programme/:token`,
    express.urlencoded({ extended: false, limit: "4kb" }),
    async (request, response) => {
      if (!isOwnForm(request, deps.publicUrl)) return say(request, response, 403, "framework.check.gone");
      if (!(await allowed(sent, request))) return say(request, response, 429, "framework.check.often");
      const found = await entered(request, response);
      if (found === undefined) return;
      const { framework, check, token, base } = found;
      const fields = new Map(Object.entries((request.body ?? {}) as Record<string, unknown>));
      const competence = competencesOf(framework).find(({ id }) => id === fields.get("competence"));
      if (competence === undefined) return missing(request, response);
      const answers = { ...check.answers, ...answersIn(framework, competence, fields) };
      if (!(await answerSelfCheck(db, secret, { token, answers, now: now() }))) return gone(request, response);
      if (nextLevel(framework, competence, answers) !== undefined)
        return form(request, response, found, { competence, answers, incomplete: true });
      response.redirect(303, `${base}?lang=${pageLanguage(words, request)}`);
    },
  );

  app.get(`${root}/:programme/:token/report`, async (request, response) => {
    const found = await entered(request, response);
    if (found === undefined) return;
    const { framework, check, base } = found;
    const language = pageLanguage(words, request);
    const attempt = { words, language, framework, answers: check.answers, base };
    const text = (key: string, args?: Record<string, string | number>) => words.text(language, key, args);
    const body = (
      <>
        <Fallback {...attempt} />
        <LevelsShown
          framework={framework}
          language={language}
          text={text}
          self={levelsFrom(framework, check.answers)}
          selfLabel={text("self.radar.self")}
        />
        <Text markup={words.markup(language, "self.never")} />
        <Text markup={words.markup(language, "framework.check.keep")} />
        <form method="post" action={`${base}/keep?lang=${language}`}>
          <button type="submit">{text("framework.check.keep.button")}</button>
        </form>
        <Parts {...attempt} />
      </>
    );
    show(request, response, { title: text("framework.check.report"), body });
  });

  app.post(`${root}/:programme/:token/keep`, async (request, response) => {
    if (!isOwnForm(request, deps.publicUrl)) return say(request, response, 403, "framework.check.gone");
    if (!(await allowed(sent, request))) return say(request, response, 429, "framework.check.often");
    const found = await entered(request, response);
    if (found === undefined) return;
    const code = await codeForSelfCheck(db, secret, found.token, now());
    if (code === undefined) return gone(request, response);
    const language = pageLanguage(words, request);
    const ways = await Promise.allSettled(deps.adapters.map((adapter) => adapter.joinWays?.(code) ?? []));
    const links = ways.flatMap((one) => (one.status === "fulfilled" ? one.value : []));
    const body = (
      <>
        <Text markup={words.markup(language, "framework.check.code", { code })} />
        <ul>
          {links.map((way) => (
            <li>
              <a href={way.url} rel="noreferrer">
                {way.name}
              </a>
            </li>
          ))}
        </ul>
      </>
    );
    // The code would not be there after a change of language: this page has no address of its own.
    response
      .set({ "Cache-Control": "no-store", "Referrer-Policy": "same-origin", "X-Robots-Tag": "noindex, nofollow" })
      .type("html")
      .send(page(words, language, words.text(language, "framework.check.keep.title"), undefined, body));
  });

  function form(
    request: Request,
    response: Response,
    { framework, base }: Found,
    given: { readonly competence: Competence; readonly answers: Answers; readonly incomplete: boolean },
  ): void {
    const { competence, answers, incomplete } = given;
    const language = pageLanguage(words, request);
    const attempt = { words, language, framework, answers, base };
    const title = headingOf(competence, readerOf(framework, language));
    const body = <CompetenceForm attempt={attempt} competence={competence} incomplete={incomplete} />;
    show(request, response, { status: incomplete ? 422 : 200, title, body });
  }
}
