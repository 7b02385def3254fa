import { createHash } from "node:crypto";
import type { Express, Request, Response } from "express";
import { RateLimiterMemory } from "rate-limiter-flexible";
import { z } from "zod";
import type { Catalogue } from "../domain/programme.ts";
import type { Store } from "../store/types.ts";
import { type KeptFramework, keptFrameworks } from "./case-parts.ts";

export interface CaseServiceDeps {
  readonly store: Pick<Store, "db">;
  readonly catalogue: Catalogue;
  readonly publicUrl: string | undefined;
}

/** Asked by one visitor in ten minutes: whoever reads a whole framework part by part is not stopped. */
const mostAsked = 3_000;
const root = "/ims/case/v1p0";
/** How long an answer may be kept by whoever asked, seconds. */
const freshFor = 3_600;
const uuid = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/u;
const page = z.object({
  limit: z.coerce.number().int().min(1).max(500).default(100),
  offset: z.coerce.number().int().min(0).default(0),
});

/** What a failed answer names as its reason. */
type Minor = "unknownobject" | "invaliduuid" | "server_busy" | "invalid_selection_field";

/**
 * Adds the reading half of the CASE 1.0 service, where every address in an exported package leads: public, the same for everybody, no
 * person in it. Ids are the same in every version of a framework: an address gives the newest that has the part, `?version=1.0.0`
 * another one; `?lang=` or the browser's wish chooses the language.
 * https://www.imsglobal.org/sites/default/files/CASE/casev1p0/rest_binding/caseservicev1p0_restbindv1p0.html
 */
export function mountCaseService(app: Express, deps: CaseServiceDeps): void {
  const asked = new RateLimiterMemory({ points: mostAsked, duration: 600 });
  let kept: Promise<readonly KeptFramework[]> | undefined;
  const frameworks = (): Promise<readonly KeptFramework[]> => {
    kept ??= keptFrameworks(deps.catalogue, deps.store.db, deps.publicUrl).catch((error: unknown) => {
      kept = undefined;
      throw error;
    });
    return kept;
  };

  app.use(root, async (request, response, next) => {
    response.set({ "Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin" });
    const may = await asked.consume(request.ip ?? "").then(
      () => true,
      () => false,
    );
    if (may) return next();
    response.set("Retry-After", "600");
    fail(response, 429, "server_busy", "Too many requests from this address. Try again in ten minutes.");
  });

  app.get(`${root}/CFDocuments`, async (request, response) => {
    const read = page.safeParse(request.query);
    if (!read.success) {
      const said = "limit must be a number from 1 to 500, offset one from 0.";
      return fail(response, 400, "invalid_selection_field", said);
    }
    const { limit, offset } = read.data;
    const all = await frameworks();
    const newest = all.filter((one, n) => all.findIndex(({ framework }) => framework.id === one.framework.id) === n);
    const CFDocuments = newest
      .slice(offset, offset + limit)
      .map(({ document, framework }) => document(languageOf(request, framework.languages)));
    response.set("X-Total-Count", String(newest.length));
    send(request, response, { CFDocuments });
  });

  app.get(`${root}/:kind/:id`, async (request, response) => {
    const { kind, id } = request.params;
    if (!uuid.test(id))
      return fail(response, 404, "invaliduuid", `"${kind}" are asked for by a UUID in small letters.`);
    const { version } = request.query;
    for (const { framework, parts } of await frameworks()) {
      if (version !== undefined && version !== framework.version) continue;
      const language = languageOf(request, framework.languages);
      const found = parts(language).get(`${kind}/${id}`);
      if (found === undefined) continue;
      response.set("Content-Language", language);
      return send(request, response, found);
    }
    fail(response, 404, "unknownobject", "There is nothing of this kind and id, or not in this version.");
  });

  // Whatever else is asked of the service is answered in its own form.
  app.use(root, (_request, response) => fail(response, 404, "unknownobject", "This is no address of the service."));
}

/** The language asked for by `?lang=`, else the one the reader prefers, else the first. */
function languageOf(request: Request, languages: readonly string[]): string {
  const { lang } = request.query;
  const [first = "en"] = languages;
  const named = languages.find((one) => one === lang);
  return named ?? (request.acceptsLanguages([...languages]) || first);
}

function send(request: Request, response: Response, found: object): void {
  const body = JSON.stringify(found);
  const etag = `"${createHash("sha256").update(body).digest("base64url").slice(0, 27)}"`;
  response.vary("Accept-Language").set({ ETag: etag, "Cache-Control": `public, max-age=${freshFor}` });
  const known = (request.get("if-none-match") ?? "").split(",").map((one) => one.trim().replace(/^W\//u, ""));
  if (known.includes(etag)) response.status(304).end();
  else response.type("application/json").send(body);
}

/** A failure as the service has them: `imsx_StatusInfo`. */
function fail(response: Response, status: number, minor: Minor, description: string): void {
  response
    .status(status)
    .set("Cache-Control", "no-store")
    .json({
      imsx_codeMajor: "failure",
      imsx_severity: "error",
      imsx_description: description,
      imsx_codeMinor: {
        imsx_codeMinorField: [{ imsx_codeMinorFieldName: "TargetEndSystem", imsx_codeMinorFieldValue: minor }],
      },
    });
}
