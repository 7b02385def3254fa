import { beforeAll, describe, expect, test } from "vitest";
import { CAPTION_CHARACTERS, MESSAGE_CHARACTERS } from "../../adapters/telegram/limits.ts";
import { contentProblems } from "../../src/broadcasts/check.ts";
import { compose } from "../../src/broadcasts/content.ts";
import type { Content } from "../../src/broadcasts/types.ts";
import type { Adapter, ShownPiece } from "../../src/engine/adapter.ts";
import { toPlain } from "../../src/engine/markup.ts";
import { startConsole } from "../console/world.ts";
import { words } from "../support/chat.ts";
import { everyPlatform } from "./platforms.ts";

const picture = { id: "0".repeat(64), alt: { en: "A red house", da: "Et rødt hus" } };
const content: Content = {
  texts: { en: "Will you come? See *the plan* & <more>.", da: "Kommer du?" },
  next: true,
  acknowledge: false,
  options: [
    { en: "Yes", da: "Ja" },
    { en: "No", da: "Nej" },
  ],
  reply: true,
  picture,
};

let here: readonly Adapter[];
let hidden: readonly Adapter[];
beforeAll(async () => {
  [here, hidden] = await Promise.all([everyPlatform("https://fadder.example.org"), everyPlatform()]);
});

const shownBy = (adapters: readonly Adapter[], channel: string, given: Content = content) => {
  const adapter = adapters.find((one) => one.channel === channel);
  const text = given.texts.en ?? "";
  const { reply } = compose(given, "en", text, { broadcast: "b", token: "previewprev" }, words);
  const shown = adapter?.preview(reply).shown;
  if (shown === undefined) throw new Error(`${channel} shows nothing`);
  return shown;
};
const outline = (pieces: readonly ShownPiece[] | undefined) =>
  pieces?.map((piece) => {
    if (piece.type === "text") return toPlain(piece.text);
    return piece.type === "picture" ? `[${piece.alt}]` : piece.rows;
  });
const said = "Will you come? See *the plan* & <more>.";

describe("a message as each platform will show it", () => {
  test("a bubble: the picture with its words below it, a button under another", () => {
    const { look, messages } = shownBy(here, "telegram");
    expect([look, messages.map(outline)]).toEqual([
      "bubble",
      [["[A red house]", `${said}\n\nA red house`, [["A  Yes"], ["B  No"], ["Continue", "Reply"]]]],
    ]);
  });

  test("blocks, with the buttons side by side", () => {
    const { look, messages } = shownBy(here, "slack");
    expect(look).toBe("block");
    expect(outline(messages[0])?.slice(0, 2)).toEqual(["[A red house]", said]);
    expect(outline(messages[0])?.flat(2)).toEqual(expect.arrayContaining(["Continue", "Reply"]));
  });

  test("a card; without a public address the picture's description stands in its place", () => {
    expect(shownBy(here, "teams").look).toBe("card");
    expect(outline(shownBy(here, "teams").messages[0])?.slice(0, 2)).toEqual([said, "[A red house]"]);
    expect(outline(shownBy(hidden, "teams").messages[0])?.slice(0, 2)).toEqual([said, "A red house"]);
  });

  test("the page, and a letter without anything to press", () => {
    expect(outline(shownBy(here, "web").messages[0])).toEqual([
      "[A red house]",
      said,
      [["A Yes"], ["B No"], ["Continue", "Reply"]],
    ]);
    const letter = outline(shownBy(here, "mail").messages[0])?.join("\n") ?? "";
    expect(letter).toMatch(/^Your course\n\[A red house\]\n/u);
    expect(letter).toContain("A Yes\nB No");
    expect(letter).not.toContain("Continue");
  });

  test("is one message everywhere up to the limit, and one character more is said to be too much", () => {
    const plain: Content = { ...content, options: [], next: false, reply: false };
    const problems = (length: number, given: Content) =>
      contentProblems(
        { content: { ...given, texts: { en: "x".repeat(length) } }, audience: {} },
        { adapters: here, words },
      ).map(({ args }) => args);
    const { picture: _, ...bare } = plain;
    const under = "\n\nA red house".length;
    expect(problems(MESSAGE_CHARACTERS, bare)).toEqual([]);
    expect(problems(MESSAGE_CHARACTERS + 4, bare)).toEqual([{ language: "en", platform: "Telegram", over: 4 }]);
    // The description below a picture counts too.
    expect(problems(CAPTION_CHARACTERS - under, plain)).toEqual([]);
    expect(problems(CAPTION_CHARACTERS - under + 1, plain)).toEqual([
      { language: "en", platform: "Telegram", over: 1 },
    ]);
  });
});

test("the page shows every platform in every language, with what each does differently, and loads nothing from elsewhere", async () => {
  const world = await startConsole();
  try {
    Object.assign(world.deps, { adapters: hidden });
    const town = await world.organisation("Town");
    await world.member("anna", town);
    await world.person("lead");
    await world.grant("lead", "coordinator", town);
    const lead = await world.enter("lead");
    await lead.get("/console/broadcasts/new");
    const answer = await lead.post("/console/broadcasts", {
      cohort: "cohort-anna",
      "text-en": "Dear {name}, will you come to the meeting?",
      "text-da": "Kære {name}, kommer du?",
      "options-en": "Yes\nNo, I cannot come at all this week because of work",
      "options-da": "Ja\nNej",
      "alt-en": "A red house",
      "alt-da": "Et rødt hus",
      pictureid: "0".repeat(64),
      next: "yes",
    });
    const page = (await lead.get(answer.headers.get("location") ?? "")).text;
    for (const platform of ["Telegram", "Slack", "Teams", "Web", "Mail"]) {
      for (const language of ["English", "Danish"]) expect(page).toContain(`${platform}, ${language}`);
    }
    expect(page).toContain("Dear Name, will you come to the meeting?");
    expect(page).toContain("Telegram has no hidden description");
    expect(page).not.toContain("Teams has no hidden description");
    // What a platform adds is in the language of the text.
    expect(page).toContain("Dit kursus");
    expect(page).toContain("Teams shows what the picture says instead of the picture");
    expect(page).toMatch(/An answer is too long for a button/u);
    expect(page).toContain("Buttons are left out: they cannot be pressed there.");
    expect(page.match(/<img src="([^"]*)"/gu)?.every((one) => one.includes("?picture=1"))).toBe(true);
    expect(page).not.toMatch(/style="|<script|onclick/u);
  } finally {
    await world.close();
  }
});
