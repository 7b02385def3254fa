import { createTransport } from "nodemailer";
import { type MailConnection, senderAddress } from "./connection.ts";
import { toDeliveryError } from "./errors.ts";
import { CONNECT_MS, GREETING_MS, SILENCE_MS } from "./limits.ts";

/** One e-mail, ready to leave. */
export interface Letter {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** Without brackets. */
  readonly messageId: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly picture?: { readonly cid: string; readonly bytes: Uint8Array };
}

/** One account on a mail server. */
export interface Account {
  /** The sender's address: the tenant of every address behind it. */
  readonly id: string;
  readonly host: string;
  readonly perMinute: number;
  /** Sends one letter over a connection of its own. Throws `DeliveryError` only. */
  send(letter: Letter): Promise<void>;
  /** Connects and signs in without sending. Throws `DeliveryError` only. */
  check(): Promise<void>;
}

/** Talks to the server that a connection names. Nothing is asked of it before the first call. */
export function createAccount({ url, from, perMinute }: MailConnection): Account {
  const { protocol, hostname, port, username, password } = new URL(url);
  const secure = protocol === "smtps:";
  const options = {
    host: hostname,
    port: port === "" ? (secure ? 465 : 587) : Number(port),
    secure,
    ...(username === "" ? {} : { auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) } }),
    // A password never goes over an open line.
    requireTLS: !secure && username !== "" && !["127.0.0.1", "localhost", "[::1]"].includes(hostname),
    connectionTimeout: CONNECT_MS,
    greetingTimeout: GREETING_MS,
    socketTimeout: SILENCE_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  };

  return {
    id: senderAddress(from),
    host: hostname,
    perMinute,
    async send({ picture, messageId, ...letter }) {
      let handedOver = false;
      // The library's errors do not say how far the talk came; its log of commands does, and holds no message.
      const heard = (entry: { readonly tnx?: string }, message: string): void => {
        if (entry.tnx === "client" && message.trim().toUpperCase() === "DATA") handedOver = true;
      };
      const ignore = (): void => undefined;
      const transport = createTransport({
        ...options,
        transactionLog: true,
        logger: {
          level: ignore,
          trace: ignore,
          debug: heard,
          info: ignore,
          warn: ignore,
          error: ignore,
          fatal: ignore,
        },
      });
      try {
        await transport.sendMail({
          ...letter,
          from,
          messageId: `<${messageId}>`,
          ...(picture === undefined
            ? {}
            : {
                attachments: [
                  {
                    cid: picture.cid,
                    filename: "picture.png",
                    contentType: "image/png",
                    contentDisposition: "inline" as const,
                    content: Buffer.from(picture.bytes),
                  },
                ],
              }),
        });
      } catch (error) {
        throw toDeliveryError(error, handedOver);
      } finally {
        transport.close();
      }
    },
    async check() {
      const transport = createTransport(options);
      try {
        await transport.verify();
      } catch (error) {
        throw toDeliveryError(error, false);
      } finally {
        transport.close();
      }
    },
  };
}
