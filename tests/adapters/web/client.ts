import { randomUUID } from "node:crypto";

export const uuid = (): string => randomUUID();

/** The cookies an answer sets, as a request sends them back. */
export function cookieFrom(response: Response): string {
  return response.headers
    .getSetCookie()
    .map((cookie) => cookie.split(";")[0])
    .join("; ");
}

/** A browser that has opened the chat: its cookie. */
export async function newcomer(url: string): Promise<string> {
  const response = await fetch(`${url}/chat/stream`, { headers: { accept: "application/json" } });
  await response.arrayBuffer();
  return cookieFrom(response);
}

/** Posts a message as the page does. An empty header value takes the header away. */
export function post(
  url: string,
  body: unknown,
  how: { cookie?: string; language?: string; raw?: string; headers?: Readonly<Record<string, string>> } = {},
): Promise<Response> {
  const headers = {
    "content-type": "application/json",
    "sec-fetch-site": "same-origin",
    "accept-language": how.language ?? "en",
    cookie: how.cookie ?? "",
    ...how.headers,
  };
  return fetch(`${url}/chat/message`, {
    method: "POST",
    headers: Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== "")),
    body: how.raw ?? JSON.stringify(body),
  });
}

/** Sends one of the two forms, as a browser without scripts does. */
export function submit(
  url: string,
  path: string,
  fields: Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string>> = {},
): Promise<Response> {
  return fetch(url + path, {
    method: "POST",
    redirect: "manual",
    headers: { "sec-fetch-site": "same-origin", ...headers },
    body: new URLSearchParams(fields),
  });
}

export interface Event {
  readonly event: string;
  readonly id: string;
  readonly data: string;
}

/** Opens the stream and hands out its events one by one. */
export async function readEvents(url: string, cookie: string, how: { after?: string; lastEventId?: string } = {}) {
  const abort = new AbortController();
  const query = how.after === undefined ? "" : `?after=${how.after}`;
  const response = await fetch(`${url}/chat/stream${query}`, {
    headers: {
      cookie,
      accept: "text/event-stream",
      ...(how.lastEventId !== undefined && { "last-event-id": how.lastEventId }),
    },
    signal: abort.signal,
  });
  if (!response.body) throw new Error(`the stream has no body (status ${response.status})`);
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let buffer = "";

  const next = async (): Promise<Event> => {
    for (;;) {
      const end = buffer.indexOf("\n\n");
      if (end >= 0) {
        const lines = buffer.slice(0, end).split("\n");
        buffer = buffer.slice(end + 2);
        const fields = new Map(
          lines.map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 2)]),
        );
        const data = fields.get("data");
        if (data !== undefined) return { event: fields.get("event") ?? "message", id: fields.get("id") ?? "", data };
        continue;
      }
      const { done, value } = await reader.read();
      if (done) throw new Error("the stream has ended");
      buffer += value;
    }
  };
  return {
    next,
    /** Resolves when the server has closed the stream. */
    async ended(): Promise<void> {
      while (!(await reader.read()).done);
    },
    close: () => abort.abort(),
  };
}
