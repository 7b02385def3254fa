import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import * as adaptivecards from "adaptivecards";
import { Ajv, type ValidateFunction } from "ajv";
import { createGenerator } from "ts-json-schema-generator";

const require = createRequire(import.meta.url);
const root = join(import.meta.dirname, "../..");

/** The vendor's older, and lowest, bound of a card in UTF-16 bytes. */
const BOUND = 28 * 1024;

/** Buttons that Teams shows in one row. */
const ROW = 6;

/** What was added after Adaptive Cards 1.5 and is in the vendor's types all the same. */
const LATER = ["Carousel", "Badge", "Icon", "CompoundButton", "Rating", "Input.Rating", "ProgressBar", "ProgressRing"];

let cached: ValidateFunction | undefined;

/**
 * What is wrong with an activity that is to be sent to Teams; empty where nothing is. Three judges: the vendor's types as
 * a strict schema, the vendor's renderer, and the limits neither of them knows.
 */
export function judgeActivity(activity: unknown): readonly string[] {
  const { type, text, summary, attachments } = activity as Record<string, unknown>;
  const problems: string[] = [];
  if (type !== "message") problems.push(`type is ${JSON.stringify(type)}, not message`);
  if (text !== undefined && text !== "") problems.push("text beside a card: Teams would part the activity");
  if (typeof summary !== "string" || summary.trim() === "")
    problems.push("no summary: the notification would be empty");
  if (!Array.isArray(attachments) || attachments.length !== 1) return [...problems, "not exactly one attachment"];
  const [{ contentType, content }] = attachments as [{ contentType?: unknown; content?: unknown }];
  if (contentType !== "application/vnd.microsoft.card.adaptive") problems.push(`contentType is ${String(contentType)}`);
  return [...problems, ...judgeCard(content)];
}

/** What is wrong with one card. */
export function judgeCard(card: unknown): readonly string[] {
  return [...bySchema(card), ...byRenderer(card), ...byLimits(card)];
}

function bySchema(card: unknown): string[] {
  cached ??= compile();
  if (cached(card)) return [];
  const errors = (cached.errors ?? []).filter((error) => !["anyOf", "oneOf", "if"].includes(error.keyword));
  return [
    `schema: ${errors
      .slice(0, 6)
      .map((error) => `${error.instancePath} ${error.message}`)
      .join("; ")}`,
  ];
}

function byRenderer(card: unknown): string[] {
  const context = new adaptivecards.SerializationContext(adaptivecards.Versions.v1_5);
  const parsed = new adaptivecards.AdaptiveCard();
  parsed.hostConfig = new adaptivecards.HostConfig({ actions: { maxActions: ROW } });
  parsed.parse(card, context);
  const problems: string[] = [];
  for (let index = 0; index < context.eventCount; index++)
    problems.push(`renderer: ${context.getEventAt(index).message}`);
  for (const { failures } of parsed
    .validateProperties()
    .validationEvents.map((event) => ({ failures: event.message }))) {
    problems.push(`renderer: ${failures}`);
  }
  return problems;
}

function byLimits(card: unknown): string[] {
  const problems: string[] = [];
  const size = JSON.stringify(card).length * 2;
  if (size > BOUND) problems.push(`limit: ${size} bytes of ${BOUND}`);
  const { version, fallbackText } = card as { version?: unknown; fallbackText?: unknown };
  if (version !== "1.5") problems.push(`limit: version ${String(version)}`);
  if (typeof fallbackText !== "string" || fallbackText === "") problems.push("limit: no fallbackText");
  for (const node of nodes(card)) {
    const { type, url, altText, actions, inlines, wrap, verb, data, fallback, title } = node;
    if (typeof type === "string" && (LATER.includes(type) || type.startsWith("Chart."))) {
      problems.push(`limit: ${type} is newer than 1.5`);
    }
    if (Array.isArray(actions) && actions.length > ROW) problems.push(`limit: ${actions.length} actions in a row`);
    if (Array.isArray(inlines) && inlines.length === 0) problems.push("limit: a RichTextBlock without text");
    if (type === "TextBlock" && wrap !== true) problems.push("limit: a TextBlock that does not wrap");
    if (type === "Image") {
      if (typeof url !== "string" || !url.startsWith("https://")) problems.push("limit: a picture that is not https");
      if (typeof altText !== "string" || altText === "") problems.push("limit: a picture without altText");
    }
    if (typeof type === "string" && type.startsWith("Action.") && typeof title !== "string") {
      problems.push(`limit: ${type} without title`);
    }
    if (type === "Action.OpenUrl" && !/^(https?|mailto):/.test(String(url)))
      problems.push("limit: a link that runs something");
    if (type === "Action.Execute") {
      if (verb !== "press") problems.push("limit: an unknown verb");
      const other = fallback as { type?: unknown; data?: unknown } | undefined;
      if (other?.type !== "Action.Submit") problems.push("limit: Action.Execute without a fallback for older clients");
      if (JSON.stringify(other?.data) !== JSON.stringify(data))
        problems.push("limit: the fallback sends something else");
      if (!/^\{"t":"[A-Za-z0-9_-]{12}"\}$/.test(JSON.stringify(data)))
        problems.push("limit: data is not token and option");
    }
  }
  return problems;
}

function* nodes(value: unknown): Generator<Record<string, unknown>> {
  if (Array.isArray(value)) for (const item of value) yield* nodes(item);
  else if (typeof value === "object" && value !== null) {
    yield value as Record<string, unknown>;
    for (const item of Object.values(value)) yield* nodes(item);
  }
}

function compile(): ValidateFunction {
  const { version } = require("@microsoft/teams.cards/package.json") as { version: string };
  const folder = join(root, "node_modules/.cache/fadder");
  const key = createHash("sha256").update(`${version} 1`).digest("hex").slice(0, 12);
  const path = join(folder, `teams-card-${key}.json`);
  if (!existsSync(path)) {
    mkdirSync(folder, { recursive: true });
    const entry = join(folder, `teams-card-${process.pid}.ts`);
    writeFileSync(
      entry,
      'import type { IAdaptiveCard } from "@microsoft/teams.cards";\nexport type TeamsCard = IAdaptiveCard;\n',
    );
    const schema = createGenerator({ path: entry, type: "TeamsCard", expose: "all", skipTypeCheck: true }).createSchema(
      "TeamsCard",
    );
    // Several test files may come here at once: each writes its own file and the last rename wins.
    writeFileSync(`${path}.${process.pid}`, JSON.stringify(schema));
    renameSync(`${path}.${process.pid}`, path);
  }
  return new Ajv({ allErrors: false, strict: false }).compile(JSON.parse(readFileSync(path, "utf8")) as object);
}
