import type { Express, Request, Response } from "express";
import type { Words } from "../engine/adapter.ts";
import { Text } from "./markup.tsx";
import { page, pageLanguage, STYLE, STYLE_PATH } from "./page.tsx";

/** The parts of each page, in order; every part has a title and a text in `words/pages`. */
const NOTICES = {
  privacy: ["who", "what", "see", "long", "rights", "stop"],
  terms: ["use", "care", "results", "promise"],
} as const;

/** Adds `/privacy` and `/terms` in every interface language, and the style sheet of pages. */
export function mountNotices(app: Express, words: Words): void {
  app.get(STYLE_PATH, (_request, response) => {
    response.type("css").set("Cache-Control", "public, max-age=3600").send(STYLE);
  });
  for (const [name, parts] of Object.entries(NOTICES)) {
    app.get(`/${name}`, (request, response) => {
      const language = pageLanguage(words, request);
      const body = parts.map((part) => (
        <section>
          <h2>{words.text(language, `pages.${name}.${part}.title`)}</h2>
          <Text markup={words.markup(language, `pages.${name}.${part}`)} />
        </section>
      ));
      const title = words.text(language, `pages.${name}.title`);
      response
        .vary("Accept-Language")
        .type("html")
        .send(page(words, language, title, `/${name}`, body));
    });
  }
}

/** Whatever nobody else answered: a page for people, JSON for programs. */
export function notFound(words: Words) {
  return (request: Request, response: Response): void => {
    response.status(404);
    if (request.accepts(["json", "html"]) !== "html") {
      response.json({ error: "There is nothing here." });
      return;
    }
    const language = pageLanguage(words, request);
    const title = words.text(language, "pages.missing.title");
    const body = <Text markup={words.markup(language, "pages.missing")} />;
    response
      .vary("Accept-Language")
      .type("html")
      .send(page(words, language, title, undefined, body));
  };
}
