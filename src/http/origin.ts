import type { Request } from "express";

const loopbackHosts = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?$/u;

/**
 * Whether a form was sent by a page of this product. Browsers say where a form stands, by Origin, by Sec-Fetch-Site or by both;
 * one that says neither is refused.
 */
export function isOwnForm(request: Request, publicUrl: string | undefined): boolean {
  const site = request.get("sec-fetch-site");
  if (site !== undefined && site !== "same-origin" && site !== "none") return false;
  const origin = request.get("origin");
  if (origin === undefined) return site === "same-origin";
  const own =
    publicUrl === undefined ? `${request.protocol}://${request.get("host") ?? ""}` : new URL(publicUrl).origin;
  return origin === own;
}

/** Whether a request comes from this very machine, by the connection and by the name it asked for. */
export function isFromHere(request: Request): boolean {
  const { remoteAddress = "" } = request.socket;
  const near = /^(::1|(::ffff:)?127\.\d+\.\d+\.\d+)$/u.test(remoteAddress);
  // A proxy on this machine also connects from here; what it passes on does not come from here.
  const passedOn = request.get("x-forwarded-for") !== undefined || request.get("forwarded") !== undefined;
  return near && !passedOn && isLoopbackHost(request.get("host") ?? "");
}

/** Whether a host, with or without port, names this machine for itself. */
export function isLoopbackHost(host: string): boolean {
  return loopbackHosts.test(host);
}
