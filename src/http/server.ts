import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Express } from "express";

/** A listening server that can be stopped within a bound. */
export interface Listening {
  /** Where it listens, for a person to open. */
  readonly url: string;
  /** Takes no new connection, ends streams at once and lets requests finish; cuts what is left after `graceMs`. */
  close(graceMs: number): Promise<void>;
}

/** Listens; rejects with one clear sentence where the port is taken or not allowed. */
export async function listen(app: Express, host: string, port: number): Promise<Listening> {
  const server = createServer(app);
  const open = trackResponses(server);
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) =>
      reject(new Error(refusal(error, host, port), { cause: error })),
    );
    server.listen(port, host, resolve);
  });
  const { address, family, port: bound } = server.address() as AddressInfo;
  const shown = address === "0.0.0.0" || address === "::" ? "127.0.0.1" : family === "IPv6" ? `[${address}]` : address;
  let closing: Promise<void> | undefined;
  return {
    url: `http://${shown}:${bound}/`,
    close(graceMs) {
      closing ??= close(server, open, graceMs);
      return closing;
    },
  };
}

async function close(server: Server, open: ReadonlySet<ServerResponse>, graceMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  for (const response of open) {
    // A stream would never end by itself; its reader comes back with the position it had.
    if (String(response.getHeader("content-type")).startsWith("text/event-stream")) {
      // Its writer may not have heard yet; a late line must not become an uncaught error.
      response.on("error", () => undefined);
      response.end();
    } else if (!response.headersSent) response.setHeader("Connection", "close");
  }
  server.closeIdleConnections();
  const cut = setTimeout(() => server.closeAllConnections(), graceMs);
  await closed;
  clearTimeout(cut);
}

function trackResponses(server: Server): ReadonlySet<ServerResponse> {
  const open = new Set<ServerResponse>();
  server.on("request", (_request, response: ServerResponse) => {
    open.add(response);
    response.once("close", () => open.delete(response));
  });
  return open;
}

function refusal(error: NodeJS.ErrnoException, host: string, port: number): string {
  if (error.code === "EADDRINUSE") {
    return `port ${port} on ${host} is taken: stop the program that uses it, or set PORT to another number`;
  }
  if (error.code === "EACCES") return `port ${port} is not allowed for this user: set PORT to a number above 1023`;
  return `cannot listen on ${host}:${port} (${error.code ?? error.message}): set HOST and PORT to an address of this machine`;
}
