import type { Response } from "express";

/**
 * Nothing from anywhere else, nothing inline. `Referrer-Policy` is not the usual `no-referrer`: browsers would then send
 * `Origin: null` with a form, and the check for foreign pages could not tell.
 */
const headers = {
  "Content-Security-Policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  "Referrer-Policy": "same-origin",
  "Cache-Control": "private, no-cache",
  Vary: "Accept-Language, Cookie",
};

/** Sends one page of ours with the headers every page has. */
export function sendPage(res: Response, status: number, html: string): void {
  res.set(headers).status(status).type("html").send(html);
}
