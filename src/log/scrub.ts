/** What a credential looks like, whoever issued it. A prefix or a label that says nothing is kept for the reader. */
const SECRETS: readonly (readonly [RegExp, string])[] = [
  [/(?<!\d)\d{5,}:[A-Za-z0-9_-]{20,}/g, "[token]"],
  [/(?:xox[a-z]|xapp)-[A-Za-z0-9-]{6,}/g, "[token]"],
  [/eyJ[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]{5,}\.?[A-Za-z0-9_-]*/g, "[token]"],
  [/\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{6,}/gi, "$1 [token]"],
  [/([a-z][a-z0-9+.-]*:\/\/)[^\s/@:]*:[^\s/@]*@/gi, "$1[password]@"],
  [
    /\b((?:client_|signing_|app_)?(?:secret|password|token|api_?key|signature|code)["']?\s*[=:]\s*["']?)[^\s"'&,;}]{6,}/gi,
    "$1[secret]",
  ],
];

/** A text without anything that looks like a token, a password or a key. */
export function scrub(text: string): string {
  let clean = text;
  for (const [pattern, put] of SECRETS) clean = clean.replace(pattern, put);
  return clean;
}

/** What a log line says about an error: no arguments of a failed statement, no response body, no credential. */
export interface ErrorFields {
  readonly type: string;
  readonly message: string;
  readonly code?: string | number;
  readonly failure?: string;
  readonly stack?: string;
  readonly cause?: ErrorFields;
}

/** An error as log fields; causes are followed three deep. */
export function describeError(error: Error, depth = 3): ErrorFields {
  const { code, failure, cause } = error as { code?: unknown; failure?: unknown; cause?: unknown };
  const stack = frames(error);
  return {
    type: error.name,
    message: summary(error).slice(0, 500),
    ...(typeof code === "string" || typeof code === "number" ? { code } : {}),
    ...(typeof failure === "string" ? { failure } : {}),
    ...(stack === "" ? {} : { stack }),
    ...(cause instanceof Error && depth > 0 ? { cause: describeError(cause, depth - 1) } : {}),
  };
}

/** An error for a person at a terminal: one line, or one a finding where several things are wrong at once. */
export function summary(error: unknown): string {
  if (!(error instanceof Error)) return scrub(String(error)).slice(0, 300);
  // The database client prints the whole call, values included, above its last line.
  const text = error.name.startsWith("PrismaClient") ? (error.message.trim().split("\n").at(-1) ?? "") : error.message;
  return scrub(text)
    .split("\n")
    .slice(0, 200)
    .map((line) => line.slice(0, 500))
    .join("\n");
}

/** The stack's places without its first lines: they repeat the message as it was. */
function frames(error: Error): string {
  const lines = (error.stack ?? "").split("\n").filter((line) => /^\s+at /.test(line));
  return scrub(lines.slice(0, 12).join("\n"));
}
