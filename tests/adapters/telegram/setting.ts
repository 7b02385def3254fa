import { createHmac, timingSafeEqual } from "node:crypto";
import { readFileSync } from "node:fs";
import { PNG } from "pngjs";
import type { AdapterDeps, Keep } from "../../../src/engine/adapter.ts";
import type { Json, Outgoing, Reply } from "../../../src/engine/types.ts";
import { createWords, languages } from "../../../src/words.ts";

/** What the composition root would give, in memory. `logged` holds every field and message of every log line. */
export function createSetting(changes: Partial<AdapterDeps> = {}) {
  const kept = new Map<string, Json>();
  const logged: string[] = [];
  const write = (level: string) => (fields: Record<string, unknown>, message: string) =>
    void logged.push(`${level} ${JSON.stringify(fields)} ${message}`);
  const keep: Keep = {
    get: async (key) => kept.get(key),
    set: async (key, value) => void kept.set(key, value),
    delete: async (key) => void kept.delete(key),
    list: async (prefix) => [...kept].filter(([key]) => key.startsWith(prefix)).map(([key, value]) => ({ key, value })),
  };
  const sign = (purpose: string, text: string) =>
    createHmac("sha256", "secret of the product").update(`${purpose}\n${text}`).digest("base64url");
  let drawn = 0;
  const deps: AdapterDeps = {
    keep,
    images: {
      png: async () => {
        drawn += 1;
        return PNG.sync.write(new PNG({ width: 4, height: 3 }));
      },
      url: async () => undefined,
    },
    words: telegramWords(),
    now: () => 1_795_000_000_000,
    log: { debug: write("debug"), info: write("info"), warn: write("warn"), error: write("error") },
    publicUrl: undefined,
    stream: { read: async () => [], subscribe: () => () => undefined },
    sign,
    signed: (purpose, text, signature) => {
      const right = Buffer.from(sign(purpose, text));
      const given = Buffer.from(signature);
      return right.length === given.length && timingSafeEqual(right, given);
    },
    openEnrolment: true,
    ...changes,
  };
  return { deps, kept, logged, drawn: () => drawn };
}

/** The real words of this folder, with a menu of three commands. */
function telegramWords() {
  const menus: Record<string, Record<string, string>> = {
    bg: { "command.menu": "меню, menu", "command.next": "напред" },
    da: { "command.menu": "menu", "command.next": "næste, naeste" },
    sv: { "command.menu": "meny", "command.next": "nästa" },
    fi: { "command.menu": "valikko", "command.next": "seuraava" },
    en: { "command.menu": "menu", "command.next": "next" },
  };
  const tables = languages.map((language) => {
    const path = new URL(`../../../words/telegram/${language}.json`, import.meta.url);
    const words = JSON.parse(readFileSync(path, "utf8")) as Record<string, string>;
    const described = { "command.menu.menu": `What is open (${language})`, "command.next.menu": `Go on (${language})` };
    return [language, new Map(Object.entries({ ...words, ...menus[language], ...described }))] as const;
  });
  return createWords(new Map(tables));
}

export const TOKEN = "700100:AAFakeTokenForTests_0123456789abcdefg";
export const OTHER_TOKEN = "700200:AAFakeTokenForTests_zyxwvutsrqponmlkjih";
/** A prompt's token as the engine makes them. */
export const PROMPT = "aB3_x-Zk9Qw";

let outgoing = 0;

/** A message to one person, as the outbox hands it over. */
export function message(user: number, reply: Reply, more: Partial<Outgoing> = {}): Outgoing {
  outgoing += 1;
  return {
    id: `m${outgoing}`,
    address: { channel: "telegram", tenant: "700100", user: String(user), ref: { chat: user } },
    kind: "reply",
    reply,
    ...more,
  };
}

/** One paragraph. */
export function says(value: string): Reply {
  return { text: [{ type: "paragraph", children: [{ type: "text", value }] }] };
}
