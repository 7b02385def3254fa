import { randomBytes } from "node:crypto";
import type { Request, Response } from "express";
import type { AdapterDeps } from "../../src/engine/adapter.ts";
import { limits } from "./limits.ts";

/** Who a browser is: a random id in a signed cookie that no script can read. */
export interface Identity {
  /** The browser's id, or undefined without a cookie of ours. */
  of(req: Request): string | undefined;
  /** Sets or prolongs the cookie. */
  keep(res: Response, user: string): void;
  /** A new id, 128 random bits. */
  fresh(): string;
  /** The id that belongs to one opened form: the same form sent twice is the same person. */
  ofVisit(visit: string): string;
}

const cookie = "fadder_chat";
const purpose = "web-cookie";

export function createIdentity(deps: Pick<AdapterDeps, "sign" | "signed" | "publicUrl">): Identity {
  const secure = deps.publicUrl?.startsWith("https:") ?? false;
  return {
    of(req) {
      const [, user, signature] = /^([0-9a-f]{32})\.([\w-]{20,100})$/.exec(cookieOf(req, cookie) ?? "") ?? [];
      if (user === undefined || signature === undefined) return undefined;
      return deps.signed(purpose, user, signature) ? user : undefined;
    },
    keep(res, user) {
      res.cookie(cookie, `${user}.${deps.sign(purpose, user)}`, {
        httpOnly: true,
        sameSite: "lax",
        secure,
        maxAge: limits.cookieMs,
        path: "/",
      });
    },
    fresh: () => randomBytes(16).toString("hex"),
    ofVisit: (visit) => Buffer.from(deps.sign("web-visit", visit), "base64url").subarray(0, 16).toString("hex"),
  };
}

/** The value of one cookie of a request. */
export function cookieOf(req: Request, name: string): string | undefined {
  for (const pair of (req.headers.cookie ?? "").split(";")) {
    const at = pair.indexOf("=");
    if (pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim();
  }
  return undefined;
}
