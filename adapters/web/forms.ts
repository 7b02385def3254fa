import { randomBytes } from "node:crypto";
import express, { type Express, type NextFunction, type Request, type Response } from "express";
import { z } from "zod";
import type { AdapterDeps, CodeFacts, Receive } from "../../src/engine/adapter.ts";
import type { fromOurPage, Limiter } from "./guard.ts";
import type { Identity } from "./identity.ts";
import { limits } from "./limits.ts";
import { type CodeForm, chatPage, codePage, problemPage } from "./page.tsx";
import { sendPage } from "./pages.ts";
import { webAddress } from "./parse.ts";
import { textsFor } from "./texts.ts";

interface Parts {
  readonly deps: AdapterDeps;
  readonly identity: Identity;
  readonly limiter: Limiter;
  readonly fromOurPage: typeof fromOurPage;
  readonly base: string;
}

type Kind = "join" | "link";

/**
 * `/join/{code}` and `/link/{code}`: pages that say what a button will do, and the button. Mail scanners open links,
 * so opening changes nothing. Works without scripts.
 */
export function createForms({ deps, identity, limiter, fromOurPage, base }: Parts) {
  const body = express.urlencoded({ extended: false, limit: limits.formBytes });

  function refuse(req: Request, res: Response, kind: Kind, status: number, error: string, sent?: Form): void {
    const frame = { texts: textsFor(req, deps.words), base };
    const form: CodeForm = { visit: sent?.visit ?? newVisit(), code: sent?.code ?? "", error: frame.texts.t(error) };
    // A typed code is corrected where it was typed; a code from a link is shown on the link's own page again.
    const page = sent?.typed ? chatPage(frame, "closed", form) : codePage(frame, kind, form);
    sendPage(res, status, page);
  }

  function read(req: Request, res: Response, next: NextFunction): void {
    body(req, res, (error?: unknown) => {
      if (error === undefined) return next();
      const frame = { texts: textsFor(req, deps.words), base };
      sendPage(res, 400, problemPage(frame, frame.texts.t("web.error.badCode")));
    });
  }

  async function submit(kind: Kind, receive: Receive, req: Request, res: Response): Promise<void> {
    const texts = textsFor(req, deps.words);
    const { t, language } = texts;
    const frame = { texts, base };
    if (!fromOurPage(req, deps.publicUrl)) return sendPage(res, 403, problemPage(frame, t("web.error.foreign")));
    const parsed = form.safeParse(req.body);
    if (!parsed.success) return sendPage(res, 400, problemPage(frame, t("web.error.badCode")));
    const sent = parsed.data;
    const known = identity.of(req);
    const wait = known === undefined ? await limiter.mayTryCode(req) : await limiter.message(req, known);
    if (wait !== undefined) {
      res.set("Retry-After", String(wait));
      return refuse(req, res, kind, 429, "web.error.tooMany", sent);
    }
    try {
      if (known === undefined && !(await (deps.admit?.(sent.code) ?? false))) {
        await limiter.wrongCode(req);
        return refuse(req, res, kind, 422, "web.code.unknown", sent);
      }
      // The form's own random number names person and delivery: sent twice, by a finger or a lost answer, it counts once.
      const user = known ?? identity.ofVisit(sent.visit);
      identity.keep(res, user);
      await receive({
        id: `${user}:${kind}:${sent.visit}`,
        address: webAddress(user),
        person: { name: "", locale: language },
        input: { type: "command", name: kind, args: sent.code },
        receivedAt: deps.now(),
      });
    } catch {
      res.set("Retry-After", "2");
      return refuse(req, res, kind, 503, "web.error.unavailable", sent);
    }
    res.redirect(303, "/");
  }

  /** Names of cohorts are not to be found by trying: unknown codes count like wrong ones, and a page without facts is shown. */
  async function about(req: Request, code: string): Promise<CodeFacts | undefined> {
    if (deps.about === undefined || (await limiter.mayTryCode(req)) !== undefined) return undefined;
    try {
      const facts = await deps.about(code);
      if (facts === undefined) await limiter.wrongCode(req);
      return facts;
    } catch {
      return undefined;
    }
  }

  return {
    mount(app: Express, receive: Receive): void {
      for (const kind of ["join", "link"] as const) {
        app.get(`/${kind}/:code`, async (req, res) => {
          const frame = { texts: textsFor(req, deps.words), base };
          const code = codeSchema.safeParse(req.params.code);
          if (!code.success) return sendPage(res, 404, problemPage(frame, frame.texts.t("web.error.badCode")));
          const facts = kind === "join" ? await about(req, code.data) : undefined;
          sendPage(res, 200, codePage(frame, kind, { visit: newVisit(), code: code.data }, facts));
        });
        app.post(`/${kind}`, read, (req, res) => submit(kind, receive, req, res));
      }
    },
  };
}

const codeSchema = z
  .string()
  .trim()
  .regex(/^[\w-]{1,64}$/);

const form = z.object({
  code: codeSchema,
  visit: z.string().regex(/^[0-9a-f]{32}$/),
  typed: z.string().optional(),
});

type Form = z.infer<typeof form>;

function newVisit(): string {
  return randomBytes(16).toString("hex");
}
