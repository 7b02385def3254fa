import { createServer, type Socket } from "node:net";

/** What the server does instead of taking a message: an answer to one command, or an end of the connection. */
export type SmtpFault =
  | { readonly at: "MAIL" | "RCPT" | "DATA" | "END"; readonly answer: string }
  /** The connection breaks: before the message is asked for, or after it came and before the answer. */
  | { readonly at: "MAIL" | "END"; readonly answer: "reset" };

/** One message as it came. */
export interface SmtpMessage {
  readonly from: string;
  readonly to: string;
  /** Header and body, line feeds as they came. */
  readonly raw: string;
}

/** A mail server on loopback that takes everything, one message after the other, unless a fault is set for the next. */
export async function createFakeSmtp() {
  const messages: SmtpMessage[] = [];
  const faults: SmtpFault[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket)).on("error", () => undefined);
    talk(socket);
  });

  function talk(socket: Socket): void {
    let rest = "";
    let from = "";
    let to = "";
    let body: string[] | undefined;
    const say = (line: string): void => void socket.write(`${line}\r\n`);
    /** Whether a fault was set for this point; it is used up. */
    const fails = (at: SmtpFault["at"]): boolean => {
      if (faults[0]?.at !== at) return false;
      const answer = faults.shift()?.answer ?? "";
      if (answer === "reset") socket.resetAndDestroy();
      else say(answer);
      return true;
    };
    const take = (line: string): void => {
      if (body !== undefined) {
        if (line !== ".") return void body.push(line.startsWith(".") ? line.slice(1) : line);
        const raw = body.join("\r\n");
        body = undefined;
        // A server that breaks off after the last line has the message all the same.
        if (faults[0]?.answer === "reset") messages.push({ from, to, raw });
        if (fails("END")) return;
        messages.push({ from, to, raw });
        return say("250 2.0.0 taken");
      }
      const command = line.slice(0, 4).toUpperCase();
      if (command === "EHLO" || command === "HELO") return say("250 fake");
      if (command === "MAIL") {
        from = /<([^>]*)>/.exec(line)?.[1] ?? "";
        return void (fails("MAIL") || say("250 ok"));
      }
      if (command === "RCPT") {
        to = /<([^>]*)>/.exec(line)?.[1] ?? "";
        return void (fails("RCPT") || say("250 ok"));
      }
      if (command === "DATA") {
        if (fails("DATA")) return;
        body = [];
        return say("354 go on");
      }
      if (command === "QUIT") return void socket.end("221 bye\r\n");
      say("250 ok");
    };
    say("220 fake");
    socket.setEncoding("utf8").on("data", (chunk: string) => {
      const lines = (rest + chunk).split("\r\n");
      rest = lines.pop() ?? "";
      for (const line of lines) take(line);
    });
  }

  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const bound = server.address();
  if (bound === null || typeof bound === "string") throw new Error("no port");
  return {
    url: `smtp://127.0.0.1:${bound.port}`,
    messages,
    /** What happens to the next message. */
    fail: (fault: SmtpFault): void => void faults.push(fault),
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
