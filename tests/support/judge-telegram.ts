import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** A piece of markup as Telegram understood it; offsets and lengths are UTF-16 units. */
export interface JudgedEntity {
  readonly type: string;
  readonly offset: number;
  readonly length: number;
  readonly url?: string;
}
export type Judged =
  | { readonly ok: true; readonly text: string; readonly entities: readonly JudgedEntity[] }
  | { readonly ok: false; readonly error: string };

/** Telegram's own parser as a judge that shares no line with the renderer. Offline, without an account. */
export interface Judge {
  /** Reads a text as a send with `parse_mode: HTML` would; errors are Telegram's own. */
  html(text: string): Judged;
  /** What Telegram makes links of by itself in a plain text. */
  automatic(text: string): readonly JudgedEntity[];
}

/** The part of the binding that is used; its own types would need all of Telegram's. */
interface Tdl {
  configure(options: { tdjson: string; verbosityLevel: number }): void;
  execute(request: object): unknown;
}

let loaded: Judge | string | undefined;

/** The judge, or the reason why there is none on this machine. TDLib is there for Linux on x64 with glibc only. */
export function telegramJudge(): Judge | string {
  loaded ??= load();
  return loaded;
}

function load(): Judge | string {
  const require = createRequire(import.meta.url);
  try {
    const library = dirname(require.resolve("@prebuilt-tdlib/linux-x64-glibc/package.json"));
    const tdl = require("tdl") as Tdl;
    tdl.configure({ tdjson: join(library, "libtdjson.so"), verbosityLevel: 0 });
    const judge = over(tdl);
    judge.html("probe");
    return judge;
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error);
    return `TDLib is not here (${process.platform} ${process.arch}): ${reason}`;
  }
}

interface RawEntity {
  readonly offset: number;
  readonly length: number;
  readonly type: { readonly _: string; readonly url?: string };
}
type RawAnswer =
  | { readonly _: "formattedText"; readonly text: string; readonly entities: readonly RawEntity[] }
  | { readonly _: "textEntities"; readonly entities: readonly RawEntity[] }
  | { readonly _: "error"; readonly message: string };

function over(tdl: Tdl): Judge {
  return {
    html(text) {
      const answer = tdl.execute({
        _: "parseTextEntities",
        text,
        parse_mode: { _: "textParseModeHTML" },
      }) as RawAnswer;
      if (answer._ === "formattedText") return { ok: true, text: answer.text, entities: answer.entities.map(entity) };
      return { ok: false, error: answer._ === "error" ? answer.message : answer._ };
    },
    automatic(text) {
      const answer = tdl.execute({ _: "getTextEntities", text }) as RawAnswer;
      return answer._ === "textEntities" ? answer.entities.map(entity) : [];
    },
  };
}

function entity({ offset, length, type }: RawEntity): JudgedEntity {
  return {
    type: type._.replace("textEntityType", ""),
    offset,
    length,
    ...(type.url === undefined ? {} : { url: type.url }),
  };
}
