import { expect, test } from "vitest";
import { captureConsole } from "../../src/log/console.ts";
import { scrub, summary } from "../../src/log/scrub.ts";
import { createLog } from "../../src/log.ts";

const TOKENS = [
  "123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw",
  "xoxb-123456789012-abcdefghijkl",
  "xapp-1-A0B1C2D3-1234567890-abcdef",
  "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl",
];

function capture(level = "debug") {
  const lines: string[] = [];
  return { log: createLog(level, { write: (line: string) => void lines.push(line) }), lines };
}

test("a line is JSON with level, time and message", () => {
  const { log, lines } = capture();
  log.info({ turns: 3 }, "done");
  const line = JSON.parse(lines[0] ?? "");
  expect(line).toMatchObject({ level: "info", turns: 3, message: "done" });
  expect(Date.parse(line.time)).not.toBeNaN();
});

test("lines below the level are not written", () => {
  const { log, lines } = capture("warn");
  log.info({}, "quiet");
  log.warn({}, "loud");
  expect(lines).toHaveLength(1);
});

test("fields for texts, names and secrets are never filled", () => {
  const { log, lines } = capture();
  log.info({ text: "my secret worry", name: "A. Person", token: "t", inbound: { text: "again", password: "p" } }, "x");
  expect(lines[0]).not.toMatch(/worry|Person|again|"t"|"p"/);
});

test.each(TOKENS)("a token is taken out of messages, fields, errors, stacks and causes: %s", (token) => {
  const { log, lines } = capture();
  const error = new Error(`request to https://api.example.org/bot${token}/send failed`, {
    cause: new Error(`Authorization: Bearer ${token}`),
  });
  log.error({ error, url: `https://api.example.org/bot${token}/send` }, `failed with ${token}`);
  expect(lines[0]).not.toContain(token);
  expect(JSON.parse(lines[0] ?? "").error.cause.message).toContain("[token]");
});

test("passwords in addresses and labelled secrets are taken out, and what surrounds them stays", () => {
  expect(scrub("postgresql://fadder:hunter22@db.example.org:5432/fadder")).toBe(
    "postgresql://[password]@db.example.org:5432/fadder",
  );
  expect(scrub("client_secret=abcdef123456&grant=x")).toBe("client_secret=[secret]&grant=x");
  expect(scrub("port 3978 on 127.0.0.1 is taken")).toBe("port 3978 on 127.0.0.1 is taken");
});

test("of a database client's error only the last line is told: the rest repeats the values", () => {
  const error = new Error('Invalid `create()` invocation:\n{ data: { name: "A. Person" } }\nArgument `id` is missing.');
  error.name = "PrismaClientValidationError";
  const { log, lines } = capture();
  log.error({ error }, "x");
  expect(summary(error)).toBe("Argument `id` is missing.");
  expect(lines[0]).not.toContain("A. Person");
});

test("what libraries print becomes lines, without the objects they print", () => {
  const { log, lines } = capture();
  const release = captureConsole(log);
  console.warn("socket closed", { text: "my secret worry" }, new Error(`bad ${TOKENS[1]}`));
  console.log("fine");
  release();
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { level: "warn", from: "console", message: "socket closed [Object] Error: bad [token]" },
    { level: "info", from: "console", message: "fine" },
  ]);
});

test("process warnings become lines", async () => {
  const { log, lines } = capture();
  const release = captureConsole(log);
  process.emitWarning("something old", { code: "OLD01" });
  await expect.poll(() => lines.length).toBe(1);
  release();
  expect(JSON.parse(lines[0] ?? "")).toMatchObject({
    level: "warn",
    error: { code: "OLD01", message: "something old" },
  });
});

test("an explanation keeps every finding of a long list, and a log line is bounded", () => {
  const findings = Array.from(
    { length: 40 },
    (_, n) => `  VARIABLE_${n}: is wrong in a way that takes a while to say.`,
  );
  const error = new Error(["40 settings are wrong:", ...findings].join("\n"));
  for (const finding of findings) expect(summary(error)).toContain(finding);
  const { log, lines } = capture();
  log.error({ error }, "x");
  expect(JSON.parse(lines[0] ?? "").error.message.length).toBeLessThanOrEqual(500);
});
