import type { Express, Request, Response } from "express";
import multer from "multer";
import { RateLimiterMemory } from "rate-limiter-flexible";
import { longDate } from "../domain/long-date.ts";
import type { Words } from "../engine/adapter.ts";
import { Text } from "../http/markup.tsx";
import { page, pageLanguage } from "../http/page.tsx";
import { credentialIn, mostFileBytes } from "./read-file.ts";
import type { Verdict, Verify } from "./verify.ts";

/** Files that one visitor may have checked in ten minutes. */
const mostChecked = 30;

/** Adds `/certificates/check`: a form that takes a file and says what it is worth. Nothing of the file is kept. */
export function mountCheckPage(
  app: Express,
  { words, verify }: { readonly words: Words; readonly verify: Verify },
): void {
  const checked = new RateLimiterMemory({ points: mostChecked, duration: 600 });
  const path = "/certificates/check";
  const upload = multer({
    storage: multer.memoryStorage(),
    limits: { fileSize: mostFileBytes, files: 1, fields: 2, parts: 3, headerPairs: 50 },
  }).single("file");

  const send = (
    request: Request,
    response: Response,
    status: number,
    verdict?: Verdict | "large" | "often" | "none",
  ) => {
    const language = pageLanguage(words, request);
    const kind = typeof verdict === "object" ? verdict.kind : verdict;
    const { said, until: end } = typeof verdict === "object" ? verdict : {};
    const until: Record<string, string> = end === undefined ? {} : { until: longDate(language, end) };
    const body = (
      <>
        {kind === undefined ? null : (
          <div role="status">
            <h2>{words.text(language, `certificates.check.${kind}.title`)}</h2>
            <Text markup={words.markup(language, `certificates.check.${kind}`, until)} />
            {said === undefined ? null : (
              <p>
                <strong>{said.title}</strong>
                {said.name === undefined ? null : ` – ${said.name}`}
              </p>
            )}
          </div>
        )}
        <Text markup={words.markup(language, "certificates.check.text")} />
        <form method="post" action={path} encType="multipart/form-data">
          <p>
            <label for="file">{words.text(language, "certificates.check.file")}</label>{" "}
            <input id="file" name="file" type="file" required accept=".json,.png,.svg,.pdf" />
          </p>
          <button type="submit">{words.text(language, "certificates.check.button")}</button>
        </form>
      </>
    );
    response
      .status(status)
      .vary("Accept-Language")
      .set({ "Cache-Control": "no-store" })
      .type("html")
      .send(page(words, language, words.text(language, "certificates.check.title"), path, body));
  };

  app.get(path, (request, response) => send(request, response, 200));

  app.post(path, async (request, response) => {
    const may = await checked.consume(request.ip ?? "").then(
      () => true,
      () => false,
    );
    if (!may) return send(request, response, 429, "often");
    const fault = await new Promise<unknown>((resolve) => upload(request, response, resolve));
    if (fault !== undefined && fault !== null) {
      const isLarge = fault instanceof multer.MulterError && fault.code === "LIMIT_FILE_SIZE";
      return send(request, response, isLarge ? 413 : 400, isLarge ? "large" : "none");
    }
    const text = request.file === undefined ? undefined : credentialIn(request.file.buffer);
    if (text === undefined) return send(request, response, 400, "none");
    send(request, response, 200, await verify(text));
  });
}
