import { type ErrorRequestHandler, type Express, type Request, type Response, Router } from "express";
import { RateLimiterMemory } from "rate-limiter-flexible";
import type { Words } from "../engine/adapter.ts";
import { Text } from "../http/markup.tsx";
import { isOwnForm } from "../http/origin.ts";
import { pageLanguage } from "../http/page.tsx";
import { mailWriter } from "../mail/mailbox.ts";
import { loadSettings } from "../people/settings.ts";
import { standingOf } from "../people/standing.ts";
import { formOf, readBody } from "./body.ts";
import { type Cookies, createCookies } from "./cookies.ts";
import { layout } from "./layout.tsx";
import { createSessions, type Sessions, type SignedIn } from "./sessions.ts";
import { isSetUp, mountSetup } from "./setup.tsx";
import { mountSignIn } from "./sign-in.tsx";
import { CONSOLE_STYLE, CONSOLE_STYLE_PATH } from "./style.ts";
import type { Answer, ConsoleDeps, Route, Section, Visit } from "./types.ts";

/** Forms one person may send in a minute. */
const mostForms = 120;
const saidCookie = "said";

/** Mounts the console: sign-in, first run, every route of every section, and one answer for whatever is not there or not allowed. */
export function mountConsole(app: Express, deps: ConsoleDeps, sections: readonly Section[]): void {
  const cookies = createCookies(deps.publicUrl?.startsWith("https:") === true);
  const sessions = createSessions(deps.store.db, deps.secret, cookies);
  app.get(CONSOLE_STYLE_PATH, (_request, response) => {
    response.type("css").set("Cache-Control", "public, max-age=300").send(CONSOLE_STYLE);
  });
  app.use(["/console", "/sign-in"], (_request, response, next) => {
    // Without a referrer browsers say "null" as a form's origin.
    response.set({ "Cache-Control": "no-store", "Referrer-Policy": "same-origin" }).type("html");
    next();
  });
  mountSignIn(app, deps, sessions);
  mountSetup(app, deps, sessions);
  app.use("/console", consoleRouter(deps, sections, sessions, cookies));
  app.use(["/console", "/sign-in"], failed(deps));
}

interface Entered {
  readonly session: SignedIn;
  /** The picture of the first organisation in which this person has a role. */
  readonly logo: string | undefined;
  readonly visit: Omit<Visit, "params" | "query" | "form" | "files">;
}

function consoleRouter(deps: ConsoleDeps, sections: readonly Section[], sessions: Sessions, cookies: Cookies): Router {
  const { words } = deps;
  const router = Router();
  const forms = new RateLimiterMemory({ points: mostForms, duration: 60 });
  const routes = sections.flatMap((section) => section.routes).sort(literalFirst);

  /** Who is there; answers with the way to sign in where nobody is. */
  const enter = async (request: Request, response: Response): Promise<Entered | undefined> => {
    const session = await sessions.of(request);
    const person = session && (await deps.store.db.person.findUnique({ where: { id: session.personId } }));
    if (session === undefined || !person) {
      const language = pageLanguage(words, request);
      const begun = await isSetUp(deps.store.db);
      const key = begun ? "console.signin.needed" : "console.signin.first";
      const title = words.text(language, `${key}.title`);
      const body = (
        <>
          <Text markup={words.markup(language, key)} />
          {begun && mailWriter(deps.adapters) !== undefined ? (
            <p>
              <a href="/return">{words.text(language, "mail.page.return.title")}</a>
            </p>
          ) : null}
          {begun ? null : (
            <p>
              <a href="/console/setup">{words.text(language, "console.setup.title")}</a>
            </p>
          )}
        </>
      );
      response.status(401).send(layout(words, language, { title, body }));
      return undefined;
    }
    const standing = await standingOf(deps.store.db, person.id, deps.now());
    const language = words.match(person.language ?? undefined) ?? pageLanguage(words, request);
    const organisation = standing.held.find((one) => one.role !== "learner")?.organisationId;
    return {
      session,
      logo: organisation === undefined ? undefined : (await loadSettings(deps.store.db)).of(organisation).logo,
      visit: { standing, person: { id: person.id, name: person.name }, language, csrf: session.csrf },
    };
  };

  const places = (visit: Entered["visit"]) =>
    sections.flatMap(({ path, heading, name, routes: own }) => {
      const route = own.find((one) => one.method === "get" && one.path === path);
      return path !== undefined && route !== undefined && visit.standing.may(route.action)
        ? [{ path, heading, name }]
        : [];
    });

  const show = (request: Request, response: Response, { visit, logo }: Entered, answer: Answer): void => {
    const { language } = visit;
    if (answer.type === "go") {
      if (answer.said !== undefined) cookies.set(response, saidCookie, answer.said, 60_000);
      response.redirect(303, addressOf(answer.to));
      return;
    }
    if (answer.type === "file") {
      response
        // Whatever a file is, it runs nowhere: not as a page of ours, and not as what its bytes look like.
        .set({ "Content-Security-Policy": "default-src 'none'; sandbox", "X-Content-Type-Options": "nosniff" })
        .attachment(answer.name)
        .type(answer.mime)
        .send(typeof answer.body === "string" ? answer.body : Buffer.from(answer.body));
      return;
    }
    const said = cookies.get(request, saidCookie);
    if (said !== undefined) cookies.clear(response, saidCookie);
    const missing = answer.type === "missing";
    response.status(missing ? 404 : (answer.status ?? 200)).send(
      layout(words, language, {
        title: missing ? words.text(language, "console.missing.title") : answer.title,
        body: missing ? <Text markup={words.markup(language, "console.missing")} /> : answer.body,
        ...(missing || answer.refresh === undefined ? {} : { refresh: answer.refresh }),
        ...saidText(words, language, said),
        around: {
          name: visit.person.name,
          csrf: visit.csrf,
          places: places(visit),
          path: missing ? "" : request.path,
          logo,
        },
      }),
    );
  };

  const handle = (route: Route) => async (request: Request, response: Response) => {
    const entered = await enter(request, response);
    if (entered === undefined) return;
    if (!entered.visit.standing.may(route.action)) return show(request, response, entered, { type: "missing" });
    const params = Object.fromEntries(
      Object.entries(request.params).flatMap(([name, value]) => (typeof value === "string" ? [[name, value]] : [])),
    );
    const query = new URL(request.originalUrl, "http://console.invalid").searchParams;
    const { fields, files } = route.method === "post" ? formOf(request) : formOf({});
    const visit: Visit = { ...entered.visit, params, query, form: fields, files };
    show(request, response, entered, await route.handle(visit, deps));
  };

  /** Stands before every form: who sends it, how many, and from where, before anything of it is read. */
  router.use(async (request, response, next) => {
    if (request.method === "GET" || request.method === "HEAD") return next();
    const entered = await enter(request, response);
    if (entered === undefined) return;
    const refuse = (status: number, key: string): void =>
      show(request, response, entered, {
        type: "page",
        status,
        title: words.text(entered.visit.language, `console.${key}.title`),
        body: <Text markup={words.markup(entered.visit.language, `console.${key}`)} />,
      });
    if (!isOwnForm(request, deps.publicUrl)) return refuse(403, "form");
    const allowed = await forms.consume(entered.visit.person.id).then(
      () => true,
      () => false,
    );
    if (!allowed) return refuse(429, "often");
    readAll(request, response, (error) => {
      if (error !== undefined) return next(error);
      if (!sessions.holds(entered.session, formOf(request).fields.get("csrf"))) return refuse(403, "form");
      next();
    });
  });

  router.post("/sign-out", async (request, response) => {
    await sessions.close(request, response);
    const language = pageLanguage(words, request);
    const title = words.text(language, "console.signedout.title");
    response.send(
      layout(words, language, { title, body: <Text markup={words.markup(language, "console.signedout")} /> }),
    );
  });
  for (const route of routes) router[route.method](route.path, handle(route));
  router.get("/", async (request, response) => {
    const entered = await enter(request, response);
    if (entered === undefined) return;
    const [first] = places(entered.visit);
    show(request, response, entered, first === undefined ? { type: "missing" } : { type: "go", to: first.path });
  });
  router.use(async (request, response) => {
    const entered = await enter(request, response);
    if (entered !== undefined) show(request, response, entered, { type: "missing" });
  });
  return router;
}

/** The words behind what a browser brought back; nothing where it brought something else. */
function saidText(words: Words, language: string, said: string | undefined): { readonly said?: string } {
  if (said === undefined || !/^[\w.-]{1,80}$/u.test(said)) return {};
  try {
    return { said: words.text(language, said) };
  } catch {
    return {};
  }
}

/** `/people/import` stands before `/people/:id`, whichever section comes first. */
function literalFirst(one: Route, other: Route): number {
  const [first, second] = [one, other].map(({ path }) => path.replace(/:[^/]+/gu, "\uffff"));
  return first === second ? 0 : (first ?? "") < (second ?? "") ? -1 : 1;
}

function readAll(request: Request, response: Response, done: (error?: unknown) => void): void {
  const [first, ...rest] = readBody;
  const run = (handler: typeof first, after: typeof rest): void => {
    if (handler === undefined) return done();
    handler(request, response, (error?: unknown) => (error ? done(error) : run(after[0], after.slice(1))));
  };
  run(first, rest);
}

/** An address of the console, however a page wrote it; never one elsewhere. */
function addressOf(to: string): string {
  const path = to === "/console" || to.startsWith("/console/") || to.startsWith("/console?") ? to : `/console${to}`;
  return path.replaceAll("\\", "/");
}

/** A page that says nothing about the inside. */
function failed(deps: ConsoleDeps): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    if (response.headersSent) return next(error);
    const { status: said, code } = (typeof error === "object" && error !== null ? error : {}) as {
      status?: unknown;
      code?: unknown;
    };
    const large = said === 413 || (typeof code === "string" && code.startsWith("LIMIT_"));
    const status = large ? 413 : typeof said === "number" && said >= 400 && said < 500 ? said : 500;
    if (status === 500) deps.log.error({ method: request.method, status, error }, "a page of the console failed");
    const language = pageLanguage(deps.words, request);
    const key = large ? "console.large" : "console.failed";
    response.status(status).type("html");
    response.send(
      layout(deps.words, language, {
        title: deps.words.text(language, `${key}.title`),
        body: <Text markup={deps.words.markup(language, key)} />,
      }),
    );
  };
}
