import type { Express, Request, Response } from "express";
import type { JSX } from "preact";
import { RateLimiterMemory } from "rate-limiter-flexible";
import { longDate } from "../domain/long-date.ts";
import type { Words } from "../engine/adapter.ts";
import { Text } from "../http/markup.tsx";
import { page, pageLanguage } from "../http/page.tsx";
import type { Database } from "../store/client.ts";
import { type AwardRow, displayIn, sealed, standingAt, untilOf } from "./award.ts";
import type { Certificates } from "./certificates.ts";
import { mountCheckPage } from "./check-page.tsx";
import { inFirst } from "./facts.ts";
import { createFiles } from "./files.ts";
import { createGenuine } from "./genuine.ts";
import { type Format, isFileLink, type LinkDeps } from "./links.ts";
import { listSeconds } from "./status.ts";

export interface CertificatePageDeps extends LinkDeps {
  readonly db: Database;
  readonly certificates: Certificates;
  readonly words: Words;
  readonly now: () => number;
  readonly open: (purpose: string, sealed: Uint8Array, context: string) => string;
}

/** What a public page says of a certificate. */
type Shown = "valid" | "early" | "expired" | "withdrawn" | "superseded" | "unknown";

/** Files that one visitor gets in ten minutes: each may have to be drawn. */
const mostFiles = 60;

/**
 * Adds what the world sees of certificates: `/certificates/{token}` says whether one counts, with a name and a programme only where
 * its owner lets it; its files for whoever has a link of the owner; the keys, the lists of states, and a form that checks a file.
 */
export function mountCertificatePages(app: Express, deps: CertificatePageDeps): void {
  const { db, certificates, words, now, open } = deps;
  const files = createFiles(deps);
  const isGenuine = createGenuine(certificates.verifyKept, open);
  const drawn = new RateLimiterMemory({ points: mostFiles, duration: 600 });

  app.get("/.well-known/did.json", async (_request, response) => {
    const document = await certificates.keys.webDocument();
    if (document === undefined) return void response.status(404).json({ error: "no public address" });
    forEverybody(response, listSeconds).type("application/did+json").send(JSON.stringify(document));
  });

  app.get("/status/:list", async (request, response) => {
    const list = await certificates.status.credential(request.params.list);
    if (list === undefined) return void response.status(404).json({ error: "no such list" });
    forEverybody(response, listSeconds).type("application/vc").send(list);
  });

  mountCheckPage(app, { words, verify: certificates.verify });

  app.get("/certificates/:file", async (request, response) => {
    const [, token = "", format] = /^([\w-]{16,64})(?:\.(pdf|png|svg|json))?$/u.exec(request.params.file) ?? [];
    const row = token === "" ? null : await db.award.findUnique({ where: { token } });
    const shown = row === null ? "unknown" : await shownAs(row);
    if (format !== undefined) return sendFile(request, response, shown === "unknown" ? null : row, format as Format);
    const language = pageLanguage(words, request);
    const title = words.text(language, `certificates.page.${shown}.title`);
    const path = shown === "unknown" ? undefined : request.path;
    const body = row === null || shown === "unknown" ? unknown(language) : about(row, shown, language);
    response
      .status(shown === "unknown" ? 404 : 200)
      .vary("Accept-Language")
      .set({ "Cache-Control": "no-store", "X-Robots-Tag": "noindex, nofollow" })
      .type("html")
      .send(page(words, language, title, path, body));
  });

  async function shownAs(row: AwardRow): Promise<Shown> {
    const standing = standingAt(row, now());
    if (standing === "erased" || !(await isGenuine(row))) return "unknown";
    return standing;
  }

  async function sendFile(request: Request, response: Response, row: AwardRow | null, format: Format): Promise<void> {
    const language = pageLanguage(words, request);
    const refuse = (status: number, key: "unknown" | "link" | "often") => {
      const title = words.text(language, `certificates.page.${key}.title`);
      const text = <Text markup={words.markup(language, `certificates.page.${key}`)} />;
      response.status(status).set({ "Cache-Control": "no-store", "X-Robots-Tag": "noindex, nofollow" }).type("html");
      response.send(page(words, language, title, undefined, text));
    };
    if (row === null) return refuse(404, "unknown");
    // A file has name and programme in it: its owner gives it, or lets the page say both.
    const isOwn = isFileLink(deps, row.token, format, request.query);
    if (!isOwn && !(row.showName && row.showProgramme && !row.neutral)) return refuse(403, "link");
    const may = await drawn.consume(request.ip ?? "").then(
      () => true,
      () => false,
    );
    if (!may) return refuse(429, "often");
    const { mime, body } = await files(row, format);
    const name = `certificate.${format}`;
    response
      .set({
        "Cache-Control": "private, no-store",
        "X-Robots-Tag": "noindex, nofollow",
        "Content-Disposition": `${format === "pdf" ? "inline" : "attachment"}; filename="${name}"`,
      })
      .type(mime)
      .send(typeof body === "string" ? body : Buffer.from(body));
  }

  function unknown(language: string): JSX.Element {
    return (
      <>
        <Text markup={words.markup(language, "certificates.page.unknown")} />
        {checkLink(language)}
      </>
    );
  }

  function checkLink(language: string): JSX.Element {
    return (
      <p>
        <a href="/certificates/check">{words.text(language, "certificates.page.check")}</a>
      </p>
    );
  }

  function about(row: AwardRow, shown: Exclude<Shown, "unknown">, language: string): JSX.Element {
    const display = displayIn(row);
    const until = untilOf(row);
    const dates = {
      from: longDate(language, Number(row.validFrom)),
      until: until === null ? words.text(language, "certificates.paper.always") : longDate(language, until),
    };
    const isNamed = row.showProgramme;
    const title = row.neutral && display.neutralTitle !== undefined ? display.neutralTitle : display.title;
    const lines: [string, string][] = [];
    const line = (key: "name" | "certificate" | "level" | "programme" | "issuer" | "number", text: string): void => {
      lines.push([words.text(language, `certificates.page.${key}`), text]);
    };
    if (row.showName) line("name", open(sealed.purpose, row.name, sealed.name(row.id)));
    if (isNamed) line("certificate", inFirst(title, language));
    if (isNamed && display.level !== undefined) line("level", inFirst(display.level, language));
    if (isNamed && !row.neutral) line("programme", inFirst(display.programme, language));
    // The house stands behind it in any case; which organisation of it may say more than its owner wants.
    if (isNamed) line("issuer", display.issuer.name);
    line("number", row.id);
    return (
      <>
        <Text markup={words.markup(language, `certificates.page.${shown}`, dates)} />
        <ul>
          {lines.map(([label, text]) => (
            <li>
              {`${label}: `}
              <strong>{text}</strong>
            </li>
          ))}
        </ul>
        {row.showName ? null : <p>{words.text(language, "certificates.page.private")}</p>}
        {checkLink(language)}
      </>
    );
  }
}

/** Keys and lists are for whoever checks, also from a page of somebody else. */
function forEverybody(response: Response, seconds: number): Response {
  return response.set({
    "Cache-Control": `public, max-age=${seconds}`,
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
  });
}
