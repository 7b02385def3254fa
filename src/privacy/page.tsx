import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Express, Request, Response } from "express";
import type { JSX } from "preact";
import { RateLimiterMemory } from "rate-limiter-flexible";
import type { Words } from "../engine/adapter.ts";
import { Text } from "../http/markup.tsx";
import { isOwnForm } from "../http/origin.ts";
import { page, pageLanguage } from "../http/page.tsx";
import type { Store } from "../store/types.ts";
import { everythingAbout } from "./about.ts";
import { entriesAbout, filesAbout, type Opening } from "./files.ts";
import { archiveHash, archiveMinutes, archivePath, createArchiveLink, dataHash, dataPath } from "./link.ts";
import { zipOf } from "./zip.ts";

/** How often one archive may be fetched. */
const mostFetched = 10;

export interface DataPageDeps extends Opening {
  readonly store: Pick<Store, "db">;
  readonly words: Words;
  readonly secret: string;
  readonly publicUrl: string | undefined;
  readonly now: () => number;
}

/**
 * Adds `/mydata/{token}`: opening it changes nothing, because link previews open links; its button takes the link, once, and shows
 * everything about the person in words and as a file. Files that somebody handed in come in an archive behind a second address, for
 * half an hour. Nothing is kept between link and page.
 */
export function mountDataPage(app: Express, deps: DataPageDeps): void {
  const { words, secret, now } = deps;
  const { db } = deps.store;
  const fetched = new RateLimiterMemory({ points: mostFetched, duration: archiveMinutes * 60 });

  const gone = (request: Request, response: Response, status = 410): void => {
    const language = pageLanguage(words, request);
    const body = <Text markup={words.markup(language, "privacy.page.gone")} />;
    send(response.status(status), page(words, language, words.text(language, "privacy.page.title"), undefined, body));
  };

  const good = (token: string) => ({
    tokenHash: dataHash(secret, token),
    path: dataPath,
    usedAt: null,
    expiresAt: { gt: BigInt(now()) },
  });

  app.get(`${dataPath}/:token`, async (request, response) => {
    if ((await db.signIn.findFirst({ where: good(request.params.token) })) === null) return gone(request, response);
    const language = pageLanguage(words, request);
    const body = (
      <>
        <Text markup={words.markup(language, "privacy.page.text")} />
        <form method="post" action={request.path}>
          <button type="submit">{words.text(language, "privacy.page.button")}</button>
        </form>
      </>
    );
    send(response, page(words, language, words.text(language, "privacy.page.title"), undefined, body));
  });

  app.post(`${dataPath}/:token`, async (request, response) => {
    if (!isOwnForm(request, deps.publicUrl)) return gone(request, response, 403);
    const where = good(request.params.token);
    const row = await db.signIn.findFirst({ where });
    // In one statement: of two presses at once one sees the data.
    const taken = await db.signIn.updateMany({ where, data: { usedAt: BigInt(now()) } });
    const found =
      row === null || taken.count === 0 ? undefined : await everythingAbout(deps.store, row.personId, deps.open);
    if (found === undefined) return gone(request, response);
    const language = pageLanguage(words, request);
    const json = JSON.stringify(found, null, 2);
    const file = `data:application/json;base64,${Buffer.from(json).toString("base64")}`;
    const body = (
      <>
        <p>
          <a href={file} download="mydata.json">
            {words.text(language, "privacy.page.file")}
          </a>
        </p>
        {await archive(row?.personId ?? "", language)}
        {Object.entries(found).map(([table, rows]) =>
          rows.length === 0 ? null : (
            <section>
              <h2>{`${words.text(language, `privacy.table.${table}`)}: ${rows.length}`}</h2>
              {rows.map((one) => (
                <ul>
                  {Object.entries(one).map(([name, value]) => (
                    <li>{`${name}: ${typeof value === "string" ? value : JSON.stringify(value)}`}</li>
                  ))}
                </ul>
              ))}
            </section>
          ),
        )}
      </>
    );
    send(response, page(words, language, words.text(language, "privacy.page.title"), undefined, body));
  });

  /** The way to everything in one file; nothing where nobody handed in a file. */
  async function archive(personId: string, language: string): Promise<JSX.Element | null> {
    const { count, bytes } = await filesAbout(deps.store, personId);
    if (count === 0) return null;
    const megabytes = new Intl.NumberFormat(language, { maximumFractionDigits: 1 }).format(bytes / 1_048_576);
    return (
      <form method="post" action={await createArchiveLink(db, secret, personId, now())}>
        <button type="submit">{words.text(language, "privacy.page.archive", { count, megabytes })}</button>
        <p>{words.text(language, "privacy.page.archive.until", { minutes: archiveMinutes })}</p>
      </form>
    );
  }

  app.post(`${archivePath}/:token`, async (request, response) => {
    if (!isOwnForm(request, deps.publicUrl)) return gone(request, response, 403);
    const tokenHash = archiveHash(secret, request.params.token);
    const where = { tokenHash, path: archivePath, expiresAt: { gt: BigInt(now()) } };
    const row = await db.signIn.findFirst({ where });
    const may = await fetched.consume(tokenHash).then(
      () => true,
      () => false,
    );
    if (row === null || !may) return gone(request, response);
    response
      .set({ "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff" })
      .attachment("mydata.zip")
      .type("application/zip");
    // Where the reader goes away, or a file does not open, the answer ends unfinished and shows as a broken download.
    await pipeline(Readable.from(zipOf(entriesAbout(deps.store, row.personId, deps, now()))), response).catch(
      () => undefined,
    );
  });
}

function send(response: Response, html: string): void {
  // Without a referrer browsers say "null" as a form's origin, and the button would be refused.
  const headers = { "Cache-Control": "no-store", "Referrer-Policy": "same-origin" };
  response.vary("Accept-Language").set(headers).type("html").send(html);
}
