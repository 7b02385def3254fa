import type { Express, NextFunction, Request, Response } from "express";
import multer from "multer";
import type { JSX } from "preact";
import { RateLimiterMemory } from "rate-limiter-flexible";
import { categoriesOf } from "../domain/framework.ts";
import { type Catalogue, inLanguage, languageFor } from "../domain/programme.ts";
import type { Words } from "../engine/adapter.ts";
import { Text } from "../http/markup.tsx";
import { isOwnForm } from "../http/origin.ts";
import { page, pageLanguage } from "../http/page.tsx";
import { look } from "../privacy/look.ts";
import { cleanFile, fileTypes, mostFileBytes } from "./content.ts";
import type { EvidenceItem } from "./types.ts";
import { keepFile, type UploadDeps, uploadFor } from "./upload.ts";

export interface UploadPageDeps extends UploadDeps {
  readonly words: Words;
  readonly catalogue: Catalogue;
  readonly publicUrl: string | undefined;
  /** Names of the platforms people write on, which are nobody's names. */
  readonly platforms: readonly string[];
}

/** In ten minutes: files that come to one item, and from one visitor (a class may share an address), and pages that one opens. */
const [mostTries, mostSent, mostOpened] = [12, 80, 200];
/** What stands around the file in a form. */
const aroundBytes = 64 * 1024;

/** Adds `/upload/{token}`, where a file of evidence is handed in: without scripts, once, for half an hour. */
export function mountUploadPage(app: Express, deps: UploadPageDeps): void {
  const { words } = deps;
  const sent = new RateLimiterMemory({ points: mostSent, duration: 600 });
  const opened = new RateLimiterMemory({ points: mostOpened, duration: 600 });
  const tried = new RateLimiterMemory({ points: mostTries, duration: 600 });
  const within = (limit: RateLimiterMemory, key: string | undefined): Promise<boolean> =>
    limit.consume(key ?? "").then(
      () => true,
      () => false,
    );
  const readForm = multer({
    storage: multer.memoryStorage(),
    limits: { fileSize: mostFileBytes, files: 1, fields: 5, parts: 6, fieldSize: 1_024, headerPairs: 50 },
  }).single("file");

  const answer = (request: Request, response: Response, status: number, title: string, body: JSX.Element) => {
    const language = pageLanguage(words, request);
    // The languages of the page lead here again: the link stays good until it is used.
    const path = status === 200 && request.method === "GET" ? request.path : undefined;
    response
      .status(status)
      .vary("Accept-Language")
      .set({ "Cache-Control": "no-store", "Referrer-Policy": "same-origin" })
      .type("html")
      .send(page(words, language, words.text(language, title), path, body));
  };
  const say = (request: Request, response: Response, status: number, key: string, title = `${key}.title`) =>
    answer(request, response, status, title, <Text markup={words.markup(pageLanguage(words, request), key)} />);
  const often = (request: Request, response: Response) =>
    say(request, response, 429, "evidence.page.often", "evidence.page.title");
  const gone = (request: Request, response: Response, status = 410) =>
    say(request, response, status, "evidence.page.gone");

  const ask = (
    request: Request,
    response: Response,
    status: number,
    item: EvidenceItem,
    until: number,
    problem?: string,
  ) => {
    const language = pageLanguage(words, request);
    const text = (key: string, args?: Record<string, string | number>) => words.text(language, key, args);
    const asked = typeof request.query.lang === "string" ? `?lang=${language}` : "";
    const minutes = Math.max(1, Math.ceil((until - deps.now()) / 60_000));
    const titles = titlesOf(deps.catalogue, item, language);
    const endings = Object.values(fileTypes).map((ending) => `.${ending}`);
    const body = (
      <>
        {problem === undefined ? null : (
          <div role="alert" id="problem">
            <Text markup={words.markup(language, `evidence.page.problem.${problem}`)} />
          </div>
        )}
        <p>{text("evidence.page.for", { competences: titles || text("evidence.nocompetence") })}</p>
        <p id="types">{text("evidence.page.types")}</p>
        <form method="post" action={`${request.path}${asked}`} encType="multipart/form-data">
          <p>
            <label for="file">{text("evidence.page.file")}</label>
            <br />
            <input
              id="file"
              name="file"
              type="file"
              required
              accept={["image/*", ...endings, ".jpeg"].join(",")}
              aria-describedby={problem === undefined ? "types" : "problem types"}
            />
          </p>
          <p>
            <label>
              <input name="tick" type="checkbox" value="yes" required /> {text("evidence.page.tick")}
            </label>
          </p>
          <p>
            <button type="submit">{text("evidence.page.button")}</button>
          </p>
        </form>
        <p>{text("evidence.page.until", { minutes })}</p>
        <p>{text("evidence.page.who")}</p>
      </>
    );
    answer(request, response, status, "evidence.page.title", body);
  };

  app.get("/upload/:token", async (request, response) => {
    if (!(await within(opened, request.ip))) return often(request, response);
    const found = await uploadFor(deps, request.params.token);
    if (found === undefined) return gone(request, response);
    ask(request, response, 200, found.item, found.until);
  });

  app.post("/upload/:token", async (request, response, next) => {
    if (!isOwnForm(request, deps.publicUrl)) return gone(request, response, 403);
    if (!(await within(sent, request.ip))) return often(request, response);
    const { token } = request.params;
    // Before anything of the file is read: whoever has no link sends nothing into the memory.
    const found = await uploadFor(deps, token);
    if (found === undefined) return gone(request, response);
    if (!(await within(tried, found.item.id))) return often(request, response);
    const again = (status: number, problem: string) => ask(request, response, status, found.item, found.until, problem);
    if (Number(request.get("content-length") ?? 0) > mostFileBytes + aroundBytes) {
      response.set("Connection", "close");
      return again(413, "large");
    }
    const fault = await reading(readForm, request, response);
    if (fault === "large") return again(413, "large");
    if (fault !== undefined) return next(fault);
    if ((request.body as { tick?: unknown } | undefined)?.tick !== "yes") return again(400, "tick");
    const language = pageLanguage(words, request);
    const file = cleanFile(request.file?.buffer ?? new Uint8Array(), (text) => mentions(deps, text, language));
    if (typeof file === "string") return again(file === "large" ? 413 : 415, file);
    const name = nameOf(deps, request.file?.originalname ?? "", language);
    if (!(await keepFile(deps, token, { file, name }))) return gone(request, response);
    say(request, response, 200, "evidence.page.done");
  });
}

/** Reads the form; `large` where the file is, else what failed. */
function reading(
  read: ReturnType<ReturnType<typeof multer>["single"]>,
  request: Request,
  response: Response,
): Promise<unknown> {
  return new Promise((resolve) => {
    const done: NextFunction = (error?: unknown) => {
      const { code } = (error ?? {}) as { code?: unknown };
      if (typeof code === "string" && code.startsWith("LIMIT_")) resolve("large");
      else resolve(error === undefined ? undefined : { status: 400 });
    };
    read(request, response, done);
  });
}

/** Whether a text names people or tells a case. */
function mentions({ platforms }: UploadPageDeps, text: string, language: string): boolean {
  return look(text, language, platforms).findings.length > 0;
}

/** What the file is called, where that is the name of nobody; else it gets one of ours. */
function nameOf(deps: UploadPageDeps, name: string, language: string): string {
  const known = Buffer.from(name, "latin1").toString("utf8");
  const plain = known.replace(/[^\p{L}\p{N} ._-]/gu, "").trim();
  const said = plain.replace(/[._-]+/gu, " ");
  return plain === "" || plain.length > 80 || mentions(deps, said, language) ? "" : plain;
}

/** What the file is for, in a language of the page. */
function titlesOf(catalogue: Catalogue, item: EvidenceItem, language: string): string {
  const programme = catalogue.get(item.programme, item.version) ?? catalogue.get(item.programme);
  if (programme === undefined) return "";
  const shown = languageFor(programme.languages, [language]);
  const known = categoriesOf(programme).flatMap((part) => part.competences);
  const titles = known.filter(({ id }) => item.competences.includes(id)).map(({ title }) => inLanguage(title, shown));
  return new Intl.ListFormat(language, { type: "conjunction" }).format(titles);
}
