import { urlOf } from "../engine/url.ts";

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\]|::1)$/;

/** Whether a host names this machine itself. */
export function isLoopback(host: string): boolean {
  return LOOPBACK.test(host.toLowerCase());
}

/** The public address without a trailing slash, or what is wrong with it and the repair. */
export function publicAddress(
  text: string,
): { readonly url: string; readonly loopback: boolean } | { readonly problem: string } {
  const example = "Give an address such as https://fadder.example.org.";
  if (urlOf(text) === undefined) return { problem: `is not an address. ${example}` };
  const url = new URL(text);
  const loopback = isLoopback(url.hostname);
  if (url.protocol !== "https:" && !(url.protocol === "http:" && loopback)) {
    return { problem: `must start with https:// (http:// is accepted on this machine only). ${example}` };
  }
  if (url.username !== "" || url.password !== "" || url.search !== "" || url.hash !== "" || url.pathname !== "/") {
    return { problem: `must be the scheme and the host only, without path, query or password. ${example}` };
  }
  return { url: url.origin, loopback };
}
