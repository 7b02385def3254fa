import type { IncomingMessage } from "node:http";

/** A file of a multipart request. */
export interface Upload {
  readonly name: string;
  readonly bytes: Buffer;
}

/** What a Bot API method was called with: fields, and the files that `attach://…` names. */
export interface Call {
  readonly method: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly files: ReadonlyMap<string, Upload>;
  /** Epoch milliseconds of the fake's clock. */
  readonly at: number;
}

/** Reads a request as the Bot API does: JSON, or multipart with JSON inside its fields. */
export async function readCall(request: IncomingMessage, method: string, at: number): Promise<Call> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  const type = request.headers["content-type"] ?? "";
  const boundary = /boundary=([^;]+)/u.exec(type)?.[1];
  if (boundary !== undefined) return { method, at, ...readForm(body, boundary) };
  const text = body.toString("utf8");
  return { method, at, params: text === "" ? {} : (JSON.parse(text) as Record<string, unknown>), files: new Map() };
}

function readForm(body: Buffer, boundary: string): Pick<Call, "params" | "files"> {
  const params: Record<string, unknown> = {};
  const files = new Map<string, Upload>();
  // Bytes as Latin-1 characters: one each, so that a file survives the cutting.
  for (const part of body.toString("latin1").split(`--${boundary}`).slice(1, -1)) {
    const end = part.indexOf("\r\n\r\n");
    const head = Buffer.from(part.slice(0, end), "latin1").toString("utf8");
    const content = Buffer.from(part.slice(end + 4, -2), "latin1");
    const name = /name="([^"]*)"/u.exec(head)?.[1] ?? "";
    const filename = /filename="?([^";\r\n]+)/u.exec(head)?.[1];
    if (filename === undefined) params[name] = field(content.toString("utf8"));
    else files.set(name, { name: filename, bytes: content });
  }
  return { params, files };
}

function field(text: string): unknown {
  if (!/^(?:[[{]|-?\d+$|true$|false$)/u.test(text)) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
