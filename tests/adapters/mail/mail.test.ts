import type { AddressInfo } from "node:net";
import express from "express";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createMailAdapter } from "../../../adapters/mail/index.ts";
import { mail } from "../../../adapters/mail/platform.ts";
import { type AdapterDeps, DeliveryError } from "../../../src/engine/adapter.ts";
import { plainText } from "../../../src/engine/markup.ts";
import type { Address, Json, Outgoing, Reply } from "../../../src/engine/types.ts";
import { words } from "../../support/chat.ts";
import { quietLog } from "../../support/databases.ts";
import { createFakeSmtp } from "../../support/fake-smtp.ts";

let smtp: Awaited<ReturnType<typeof createFakeSmtp>>;
beforeEach(async () => {
  smtp = await createFakeSmtp();
});
afterEach(() => smtp.close());

const from = "Fadder <Fadder@example.org>";

function adapterWith(publicUrl?: string, url = smtp.url) {
  const kept = new Map<string, Json>();
  const deps = {
    keep: {
      get: async (key: string) => kept.get(key),
      set: async (key: string, value: Json) => void kept.set(key, value),
      delete: async (key: string) => void kept.delete(key),
      list: async () => [],
    },
    images: { png: async () => new Uint8Array([137, 80, 78, 71]), url: async () => undefined },
    words,
    now: Date.now,
    log: quietLog,
    publicUrl,
    stream: { read: async () => [], subscribe: () => () => undefined },
    sign: (purpose: string, text: string) => Buffer.from(`${purpose} ${text}`).toString("base64url"),
    signed: (purpose: string, text: string, signature: string) =>
      signature === Buffer.from(`${purpose} ${text}`).toString("base64url"),
    openEnrolment: false,
  } satisfies AdapterDeps;
  return createMailAdapter([{ url, from, perMinute: 30 }], deps);
}
type Adapter = ReturnType<typeof adapterWith>;

function anna(adapter: Adapter, language = "en"): Address {
  const found = adapter.mailbox?.("Anna@Example.org", language);
  if (found === undefined) throw new Error("no mailbox");
  return found;
}

const send = (adapter: Adapter, given: Partial<Outgoing> = {}) => {
  const reply: Reply = { text: plainText("Meeting at six.") };
  return adapter.deliver?.({ id: "one", address: anna(adapter), kind: "broadcast", reply, ...given });
};

/** The failure and the code of a send that does not work. */
async function failure(adapter: Adapter, given: Partial<Outgoing> = {}): Promise<string> {
  try {
    await send(adapter, given);
  } catch (error) {
    if (error instanceof DeliveryError) return `${error.failure} ${error.code}`;
    throw error;
  }
  return "sent";
}

/** The parts of a message with their encoding undone. */
function readable(raw: string): string {
  return raw
    .replace(/=\r\n/gu, "")
    .replace(/(?:=[0-9A-F]{2})+/gu, (run) => Buffer.from(run.replaceAll("=", ""), "hex").toString("utf8"));
}

describe("a message", () => {
  test("leaves as text and as HTML, with a neutral subject in the reader's language and no way to be followed", async () => {
    const adapter = adapterWith("https://fadder.example.org");
    const reply: Reply = {
      text: [
        { type: "paragraph", children: [{ type: "strong", children: [{ type: "text", value: "<b>Møde</b>" }] }] },
        {
          type: "list",
          ordered: true,
          items: [[{ type: "link", url: "javascript:alert(1)", children: [{ type: "text", value: "nothing" }] }]],
        },
      ],
      choices: [{ option: "a", mark: "A", label: "Yes" }],
      actions: [
        { option: "b", label: "Sign in", url: "https://fadder.example.org/console" },
        { option: "c", label: "Pressed only in a chat" },
      ],
    };
    await send(adapter, { address: anna(adapter, "da"), reply });
    const [message] = smtp.messages;
    const raw = readable(message?.raw ?? "");
    expect(message).toMatchObject({ from: "Fadder@example.org", to: "Anna@example.org" });
    expect(raw).toContain("Subject: Dit kursus");
    expect(raw).toContain("Auto-Submitted: auto-generated");
    expect(raw).toContain("<strong>&lt;b>Møde&lt;/b></strong>");
    expect(raw).toContain(
      "\r\n<b>Møde</b>\r\n\r\n1. nothing\r\n\r\nA  Yes\r\n\r\nSign in:\r\nhttps://fadder.example.org/console",
    );
    expect(raw).toContain("Skriv i chatten i stedet");
    expect(raw).not.toMatch(/javascript:|Pressed only|<img|<script|<link|<style/u);
  });

  test("carries its picture inside, with what it says for those who cannot see it", async () => {
    const adapter = adapterWith();
    await send(adapter, { reply: { text: plainText("Look"), image: { kind: "card", data: {}, alt: "A tree" } } });
    const raw = readable(smtp.messages[0]?.raw ?? "");
    expect(raw).toMatch(/<img src="cid:[^"]+" alt="A tree"/u);
    expect(raw).toContain("Content-Type: image/png");
    expect(raw).toContain("[A tree]");
    expect(raw).not.toContain("https://");
  });

  test("has the same id when it is sent again, so that a mailbox can see that it is the same", async () => {
    const adapter = adapterWith();
    const sent = [await send(adapter), await send(adapter), await send(adapter, { id: "two" })];
    const ids = smtp.messages.map(({ raw }) => /^Message-ID: <(.+)>/imu.exec(raw)?.[1]);
    expect(ids).toEqual(sent.map((one) => one?.messageId));
    expect(ids[0]).toBe(ids[1]);
    expect(ids[0]).not.toBe(ids[2]);
  });
});

describe("a send that does not work is named for what it asks for", () => {
  test.each([
    ["there is no such mailbox", { at: "RCPT", answer: "550 5.1.1 no such user" }, "gone 550 5.1.1"],
    ["a refusal without a reason", { at: "RCPT", answer: "550 no" }, "gone 550"],
    ["a full mailbox", { at: "RCPT", answer: "552 5.2.2 full" }, "rejected 552 5.2.2"],
    ["a policy", { at: "RCPT", answer: "550 5.7.1 not from you" }, "rejected 550 5.7.1"],
    ["grey-listing", { at: "RCPT", answer: "451 4.2.0 later" }, "unreachable 451 4.2.0"],
    ["too many connections", { at: "MAIL", answer: "421 4.7.0 slower" }, "throttled 421 4.7.0"],
    ["a sender that is not ours", { at: "MAIL", answer: "550 5.7.60 not you" }, "misconfigured 550 5.7.60"],
    ["a message that is refused", { at: "END", answer: "554 5.6.0 spam" }, "rejected 554 5.6.0"],
    [
      "a server that is out of space after the message",
      { at: "END", answer: "452 4.3.1 space" },
      "throttled 452 4.3.1",
    ],
    ["a connection that breaks before the message", { at: "MAIL", answer: "reset" }, "unreachable ECONNRESET"],
    ["a connection that breaks after the message", { at: "END", answer: "reset" }, "unknown ECONNRESET"],
  ] as const)("%s", async (_name, fault, expected) => {
    smtp.fail(fault);
    const adapter = adapterWith();
    expect((await failure(adapter)).replace("ESOCKET", "ECONNRESET").replace("ECONNECTION", "ECONNRESET")).toBe(
      expected,
    );
    expect(smtp.messages).toHaveLength(expected.startsWith("unknown") ? 1 : 0);
    expect(await failure(adapter)).toBe("sent");
  });

  test("nobody listens there: nothing was sent, and the doctor says what to look at", async () => {
    await smtp.close();
    const adapter = adapterWith();
    expect(await failure(adapter)).toMatch(/^unreachable /u);
    const { ok, connections } = await adapter.health();
    expect(ok).toBe(false);
    expect(connections[0]?.repair).toContain("reaches 127.0.0.1");
    smtp = await createFakeSmtp();
  });

  test("another account's address and one without a mailbox never reach the server", async () => {
    const adapter = adapterWith();
    expect(await failure(adapter, { address: { ...anna(adapter), tenant: "else@example.org" } })).toMatch(
      /^misconfig/u,
    );
    expect(await failure(adapter, { address: { ...anna(adapter), ref: {} } })).toMatch(/^rejected/u);
    expect(smtp.messages).toHaveLength(0);
  });
});

describe("no more e-mail", () => {
  test("a link asks, a press stops notices, and links asked for still come", async () => {
    const app = express();
    const server = await new Promise<import("node:http").Server>((resolve) => {
      const made = app.listen(0, "127.0.0.1", () => resolve(made));
    });
    const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    try {
      const adapter = adapterWith(base);
      await adapter.mount(app, () => Promise.reject(new Error("nothing comes in by e-mail")));
      await send(adapter);
      const raw = (smtp.messages[0]?.raw ?? "").replace(/\r\n[ \t]/gu, " ");
      const link = /^List-Unsubscribe: <([^>]+)>/imu.exec(raw)?.[1] ?? "";
      expect(raw).toContain("List-Unsubscribe-Post: List-Unsubscribe=One-Click");
      expect(link).not.toContain("example.org");

      expect(await (await fetch(link)).text()).toContain("<form");
      expect(await failure(adapter)).toBe("sent");
      expect((await fetch(link.replace(/s=.*/u, "s=forged"), { method: "POST" })).status).toBe(404);
      expect(await failure(adapter)).toBe("sent");

      const body = new URLSearchParams({ "List-Unsubscribe": "One-Click" });
      expect((await fetch(link, { method: "POST", body })).status).toBe(200);
      expect(await failure(adapter)).toBe("gone unsubscribed");
      expect(await failure(adapter, { kind: "reply" })).toBe("sent");
    } finally {
      await new Promise((resolve) => server.close(resolve));
    }
  });

  test("without a public address the header names the sender", async () => {
    await send(adapterWith());
    expect(smtp.messages[0]?.raw).toContain("List-Unsubscribe: <mailto:fadder@example.org?subject=stop>");
  });
});

describe("the settings", () => {
  const facts = { publicUrl: undefined, loopback: true };
  test("both variables switch it on; without one it is off", () => {
    const env = { SMTP_URL: "smtps://u:p@mail.example.org", MAIL_FROM: from };
    expect(mail.fromEnvironment(env, facts)?.connection).toEqual({ url: env.SMTP_URL, from });
    expect(mail.fromEnvironment({ ...env, MAIL_FROM: "" }, facts)).toBeUndefined();
  });

  test("a lane of its own per sender, slower than the account may be", async () => {
    const adapter = adapterWith();
    expect(anna(adapter).tenant).toBe("fadder@example.org");
    expect(anna(adapter)).toMatchObject({ user: adapter.mailbox?.(" anna@example.org ")?.user });
    expect(adapter.capabilities.rates).toEqual([{ scope: "lane", count: 20, perMs: 60_000 }]);
    expect((await adapter.health()).connections).toMatchObject([{ name: "fadder@example.org", ok: true }]);
  });
});
