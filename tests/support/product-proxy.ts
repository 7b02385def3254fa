import { connect, createServer, type Socket } from "node:net";

/** A line between two programs that can be cut. */
export interface Line {
  readonly port: number;
  /** Ends all connections and refuses new ones. */
  cut(): void;
  mend(): void;
  close(): Promise<void>;
}

/** Passes connections on to the first of these ports that takes them, asked anew for each. */
export async function startLine(
  targets: () => readonly { readonly host: string; readonly port: number }[],
): Promise<Line> {
  const open = new Set<Socket>();
  let isCut = false;
  const server = createServer((socket) => {
    if (isCut) return void socket.resetAndDestroy();
    keep(socket);
    pass(socket, [...targets()]);
  });
  const keep = (socket: Socket) => {
    open.add(socket);
    socket.on("error", () => socket.destroy());
    socket.on("close", () => open.delete(socket));
  };
  const pass = (socket: Socket, left: { readonly host: string; readonly port: number }[]) => {
    const target = left.shift();
    if (target === undefined) return void socket.resetAndDestroy();
    const other = connect(target);
    const refused = () => pass(socket, left);
    other.once("error", refused);
    other.once("connect", () => {
      other.removeListener("error", refused);
      keep(other);
      other.on("close", () => socket.destroy());
      socket.on("close", () => other.destroy());
      socket.pipe(other).pipe(socket);
    });
  };
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the line does not listen");
  const end = () => {
    for (const socket of open) socket.resetAndDestroy();
  };
  return {
    port: address.port,
    cut() {
      isCut = true;
      end();
    },
    mend() {
      isCut = false;
    },
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      end();
      await closed;
    },
  };
}
