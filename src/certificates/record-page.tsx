import { randomUUID } from "node:crypto";
import type { Express } from "express";
import { RateLimiterMemory } from "rate-limiter-flexible";
import { z } from "zod";
import { hourMs } from "../domain/durations.ts";
import type { Catalogue } from "../domain/programme.ts";
import { progressIn } from "../domain/progress.ts";
import type { Words } from "../engine/adapter.ts";
import { Text } from "../http/markup.tsx";
import { page, pageLanguage } from "../http/page.tsx";
import { rootId } from "../people/standing.ts";
import type { Database } from "../store/client.ts";
import { sealed } from "./award.ts";
import type { Keys } from "./keys.ts";
import { drawTranscript, type LearntHours, signTranscript, transcriptOf } from "./transcript.ts";

export interface RecordPageDeps {
  readonly db: Database;
  readonly keys: Pick<Keys, "signer">;
  readonly words: Words;
  readonly catalogue: Catalogue;
  readonly now: () => number;
  /** Where people reach the pages, without a trailing slash. */
  readonly origin: string;
  readonly seal: (purpose: string, text: string, context: string) => Uint8Array;
  readonly open: (purpose: string, sealed: Uint8Array, context: string) => string;
  /** What a ledger of hours knows of a person; without one nothing. */
  readonly hours?: (personId: string, programme: string, language: string) => Promise<LearntHours>;
}

/** How long a link to a transcript works, milliseconds. The real clock, like everything that protects. */
const worksMs = hourMs;
const purpose = "record-link";
const linkSchema = z.object({ person: z.string(), programme: z.string(), language: z.string(), until: z.number() });

/** A link for its owner to what they have learnt in a programme. Whose it is, is sealed in it. */
export function recordLink(
  { origin, seal }: Pick<RecordPageDeps, "origin" | "seal">,
  about: { readonly person: string; readonly programme: string; readonly language: string },
  format: "pdf" | "json",
): string {
  const text = JSON.stringify({ ...about, until: Date.now() + worksMs });
  return `${origin}/certificates/records/${Buffer.from(seal(purpose, text, "")).toString("base64url")}.${format}`;
}

/** Adds `/certificates/records/{link}`: a signed transcript, made when it is asked for and kept nowhere. */
export function mountRecordPage(app: Express, deps: RecordPageDeps): void {
  const { db, keys, words, catalogue, now, origin, open } = deps;
  const made = new RateLimiterMemory({ points: 20, duration: 600 });

  const read = (token: string) => {
    try {
      const link = linkSchema.parse(JSON.parse(open(purpose, Buffer.from(token, "base64url"), "")));
      return link.until > Date.now() ? link : undefined;
    } catch {
      return undefined;
    }
  };

  /** As it was confirmed for a certificate, else as the person is called here. */
  const nameOf = async (personId: string, called: string): Promise<string> => {
    const award = await db.award.findFirst({ where: { personId }, orderBy: { issuedAt: "desc" } });
    return award === null ? called : open(sealed.purpose, award.name, sealed.name(award.id));
  };

  app.get("/certificates/records/:file", async (request, response) => {
    const [, token = "", format] = /^([\w-]+)\.(pdf|json)$/u.exec(request.params.file) ?? [];
    const link = read(token);
    const person = link === undefined ? null : await db.person.findUnique({ where: { id: link.person } });
    const stored = person === null ? null : await db.progress.findUnique({ where: { personId: person.id } });
    const may = await made.consume(link?.person ?? request.ip ?? "").then(
      () => true,
      () => false,
    );
    const progress = link && progressIn(stored === null ? null : JSON.parse(stored.state), link.programme);
    const programme =
      link && (catalogue.get(link.programme, progress?.enrolment?.version) ?? catalogue.get(link.programme));
    if (!may || link === undefined || person === null || progress === undefined || programme === undefined) {
      const language = pageLanguage(words, request);
      const key = may ? "link" : "often";
      const title = words.text(language, `certificates.page.${key}.title`);
      const text = <Text markup={words.markup(language, `certificates.page.${key}`)} />;
      response
        .status(may ? 410 : 429)
        .set({ "Cache-Control": "no-store", "X-Robots-Tag": "noindex" })
        .type("html");
      return void response.send(page(words, language, title, undefined, text));
    }
    const { language } = link;
    const house = await db.organisation.findUnique({ where: { id: rootId } });
    const hours = (await deps.hours?.(person.id, programme.id, language)) ?? [];
    const name = await nameOf(person.id, person.name);
    const transcript = transcriptOf(programme, progress, { name, language, hours });
    const id = randomUUID();
    const place = { id: `urn:uuid:${id}`, subject: `urn:uuid:${randomUUID()}`, origin, at: now() };
    const issuer = { house: house?.name ?? "Fadder" };
    const credential = await signTranscript(words, transcript, { ...place, ...issuer }, await keys.signer());
    const body =
      format === "json"
        ? Buffer.from(credential)
        : Buffer.from(await drawTranscript(words, transcript, { id, at: place.at, ...issuer }, credential));
    response
      .set({
        "Cache-Control": "private, no-store",
        "X-Robots-Tag": "noindex, nofollow",
        "Content-Disposition": `${format === "pdf" ? "inline" : "attachment"}; filename="record.${format}"`,
      })
      .type(format === "pdf" ? "application/pdf" : "application/json")
      .send(body);
  });
}
