import type { CookieOptions, Request, Response } from "express";

/** Reads and writes the console's cookies, which no script can read and no other site can send along with a form. */
export interface Cookies {
  get(request: Request, name: string): string | undefined;
  /** `maxAgeMs` from this moment. */
  set(response: Response, name: string, value: string, maxAgeMs: number): void;
  clear(response: Response, name: string): void;
}

/** With `secure`, cookies go over https only and carry the prefix that binds them to this host. */
export function createCookies(secure: boolean): Cookies {
  const named = (name: string): string => `${secure ? "__Host-" : ""}fadder_${name}`;
  const options: CookieOptions = { httpOnly: true, sameSite: "lax", secure, path: "/" };
  return {
    get(request, name) {
      const wanted = named(name);
      for (const pair of (request.headers.cookie ?? "").split(";")) {
        const [key, value] = pair.split("=");
        if (key?.trim() === wanted) return value?.trim();
      }
      return undefined;
    },
    set: (response, name, value, maxAgeMs) =>
      void response.cookie(named(name), value, { ...options, maxAge: maxAgeMs }),
    clear: (response, name) => void response.clearCookie(named(name), options),
  };
}
