import { randomBytes } from "node:crypto";
import type { Adapter, AdapterDeps } from "../../src/engine/adapter.ts";
import { loadAssets } from "./assets.ts";
import { createForms } from "./forms.ts";
import { createLimiter, fromOurPage } from "./guard.ts";
import { createIdentity } from "./identity.ts";
import { limits } from "./limits.ts";
import { createMessages } from "./messages.ts";
import { chatPage } from "./page.tsx";
import { sendPage } from "./pages.ts";
import { previewOf } from "./render.ts";
import { shownPage } from "./shown.ts";
import { createStreams } from "./stream.ts";
import { languageCookie, textsFor } from "./texts.ts";

/**
 * The web chat: a page, a stream of server-sent events and one route for messages. `heartbeatMs` is there for tests.
 * It has no lane: pages read the chat's rows by position, so nothing is delivered and nothing can be undeliverable.
 */
export function createWebAdapter(deps: AdapterDeps, heartbeatMs: number = limits.heartbeatMs): Adapter {
  const assets = loadAssets();
  const identity = createIdentity(deps);
  const limiter = createLimiter();
  const streams = createStreams(deps, heartbeatMs);
  let closed = false;

  return {
    channel: "web",
    capabilities: { lane: false, rates: [], concurrency: 0, edits: true, home: false },
    listeners: [],
    async mount(app, receive) {
      assets.mount(app);
      app.get("/", async (req, res) => {
        const wanted = req.query.lang;
        if (typeof wanted === "string") {
          if (deps.words.languages.includes(wanted)) {
            res.cookie(languageCookie, wanted, { sameSite: "lax", maxAge: limits.cookieMs, path: "/" });
          }
          res.redirect(303, "/");
          return;
        }
        const user = identity.of(req);
        if (user !== undefined) identity.keep(res, user);
        const door = user !== undefined ? "known" : deps.openEnrolment ? "open" : "closed";
        const frame = { texts: textsFor(req, deps.words), base: assets.base };
        // The page is there without them, whatever the database says.
        const offers = door === "closed" ? await (deps.offers?.() ?? Promise.resolve([])).catch(() => []) : [];
        const form = { visit: randomBytes(16).toString("hex") };
        sendPage(res, 200, chatPage(frame, door, form, { offers, returns: deps.returns?.() === true }));
      });

      app.get("/chat/stream", async (req, res) => {
        const { t } = textsFor(req, deps.words);
        if (closed) {
          res
            .set("Retry-After", "2")
            .status(503)
            .json({ error: "stopping", message: t("web.error.unavailable") });
          return;
        }
        if (req.get("sec-fetch-site") === "cross-site") {
          res.status(403).json({ error: "foreign", message: t("web.error.foreign") });
          return;
        }
        const known = identity.of(req);
        if (known === undefined && !deps.openEnrolment) {
          res.status(401).json({ error: "no_session", message: t("web.error.noSession") });
          return;
        }
        const wait = (await limiter.stream(req)) ?? (known === undefined ? await limiter.newcomer(req) : undefined);
        if (wait !== undefined) {
          res
            .set("Retry-After", String(wait))
            .status(429)
            .json({ error: "too_many", message: t("web.error.tooMany") });
          return;
        }
        // The cookie comes with the stream, before the first message: an answer lost on the way then costs nothing,
        // because the page sends the same message again as the same person. Nobody is stored until a message arrives.
        const user = known ?? identity.fresh();
        identity.keep(res, user);
        const after = position(req.get("last-event-id")) ?? position(req.query.after);
        if (req.accepts(["text/event-stream", "application/json"]) === "application/json") {
          try {
            res.set("Cache-Control", "no-store").json({ rows: await streams.rows(user, after) });
          } catch {
            res
              .set("Retry-After", "2")
              .status(503)
              .json({ error: "unavailable", message: t("web.error.unavailable") });
          }
          return;
        }
        streams.open(user, after, req, res);
      });

      createMessages({ deps, identity, limiter, fromOurPage }).mount(app, receive);
      createForms({ deps, identity, limiter, fromOurPage, base: assets.base }).mount(app, receive);
    },
    async setUp() {},
    preview: (reply) => ({ parts: [previewOf(reply)], shown: shownPage(reply) }),
    async health() {
      const detail = closed ? "stopped" : `page at /, ${deps.openEnrolment ? "open to everybody" : "by link or code"}`;
      return { ok: !closed, connections: [{ name: "web", ok: !closed, detail }], hosts: [] };
    },
    joinWays: async (code, word = "join") =>
      // In the browser a code for being there is typed: the page for codes admits people and checks nobody in.
      deps.publicUrl === undefined || word !== "join"
        ? []
        : [{ name: new URL(deps.publicUrl).host, url: `${deps.publicUrl}/join/${code}`, complete: true }],
    async close() {
      closed = true;
      streams.close();
    },
  };
}

function position(value: unknown): number | undefined {
  return typeof value === "string" && /^\d{1,15}$/.test(value) ? Number(value) : undefined;
}
