import { strFromU8, unzipSync } from "fflate";
import { PNG } from "pngjs";
import { describe, expect, test } from "vitest";
import { teams } from "../../../adapters/teams/platform.ts";
import { testWords } from "./harness.ts";

const appId = "11111111-1111-1111-1111-111111111111";
const options = {
  publicUrl: "https://fadder.example.org",
  privacyUrl: "https://fadder.example.org/privacy",
  termsUrl: "https://fadder.example.org/terms",
  words: testWords,
  connections: [{ appId }],
};

async function files(more: object = {}): Promise<Record<string, Uint8Array>> {
  const [file] = (await teams.manifest?.({ ...options, ...more })) ?? [];
  return unzipSync(file?.content as Uint8Array);
}

const json = (bytes: Uint8Array | undefined) =>
  JSON.parse(strFromU8(bytes ?? new Uint8Array())) as Record<string, never>;

describe("the app package", () => {
  test("holds the manifest, two icons and a file per further language, all at the top", async () => {
    expect(Object.keys(await files()).sort()).toEqual([
      "bg.json",
      "color.png",
      "da.json",
      "fi.json",
      "manifest.json",
      "outline.png",
      "sv.json",
    ]);
  });

  test("has every required field within its length", async () => {
    const manifest = json((await files())["manifest.json"]) as unknown as {
      [key: string]: unknown;
      developer: Record<string, string>;
      name: Record<string, string>;
      description: Record<string, string>;
    };
    expect(manifest).toMatchObject({
      $schema: "https://developer.microsoft.com/json-schemas/teams/v1.19/MicrosoftTeams.schema.json",
      manifestVersion: "1.19",
      version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
      id: appId,
      icons: { color: "color.png", outline: "outline.png" },
      accentColor: expect.stringMatching(/^#[0-9A-F]{6}$/),
      developer: {
        websiteUrl: options.publicUrl,
        privacyUrl: options.privacyUrl,
        termsOfUseUrl: options.termsUrl,
      },
      validDomains: ["fadder.example.org"],
      bots: [{ botId: appId, scopes: ["personal", "team", "groupChat"] }],
    });
    const limits: readonly (readonly [string | undefined, number])[] = [
      [manifest.developer.name, 32],
      [manifest.name.short, 30],
      [manifest.name.full, 100],
      [manifest.description.short, 80],
      [manifest.description.full, 4000],
    ];
    for (const [text, limit] of limits) {
      expect(text?.length).toBeGreaterThan(0);
      expect(text?.length).toBeLessThanOrEqual(limit);
    }
  });

  test("offers at most ten commands, within their lengths", async () => {
    const { bots } = json((await files())["manifest.json"]) as unknown as {
      bots: { commandLists: { scopes: string[]; commands: { title: string; description: string }[] }[] }[];
    };
    const [list] = bots[0]?.commandLists ?? [];
    expect(list?.scopes).toEqual(["personal"]);
    expect(list?.commands).toHaveLength(10);
    for (const { title, description } of list?.commands ?? []) {
      expect(title.length).toBeLessThanOrEqual(32);
      expect(description.length).toBeLessThanOrEqual(128);
    }
  });

  test("every language file translates what the manifest says, with the words typed in that language", async () => {
    const found = await files();
    expect(json(found["manifest.json"])).toMatchObject({
      localizationInfo: {
        defaultLanguageTag: "en",
        additionalLanguages: ["da", "sv", "bg", "fi"].map((tag) => ({ languageTag: tag, file: `${tag}.json` })),
      },
    });
    for (const language of ["da", "sv", "bg", "fi"]) {
      const words = json(found[`${language}.json`]);
      expect(words["description.short"]).toBe(`${language}:teams.app.short`);
      expect(words["bots[0].commandLists[0].commands[0].title"]).toBe(`${language}-ord-0`);
      expect(Object.keys(words)).toHaveLength(1 + 4 + 20);
    }
  });

  test("the icons have the sizes that Teams asks for, the outline white on nothing", async () => {
    const found = await files();
    const color = PNG.sync.read(Buffer.from(found["color.png"] ?? []));
    const outline = PNG.sync.read(Buffer.from(found["outline.png"] ?? []));
    expect([color.width, color.height, outline.width, outline.height]).toEqual([192, 192, 32, 32]);
    const pixels = Array.from({ length: 32 * 32 }, (_, index) => [...outline.data.subarray(index * 4, index * 4 + 4)]);
    expect(pixels.some(([, , , alpha]) => alpha === 255)).toBe(true);
    expect(pixels.some(([, , , alpha]) => alpha === 0)).toBe(true);
    expect(
      pixels.filter(([red, green, blue, alpha]) => alpha !== 0 && (red !== 255 || green !== 255 || blue !== 255)),
    ).toEqual([]);
  });

  test("the same input gives the same bytes", async () => {
    const [one] = (await teams.manifest?.(options)) ?? [];
    const [two] = (await teams.manifest?.(options)) ?? [];
    expect(one?.content).toEqual(two?.content);
  });

  test("several registrations have one package each", async () => {
    const other = "22222222-2222-2222-2222-222222222222";
    const found = await teams.manifest?.({ ...options, connections: [{ appId }, { appId: other }] });
    expect(found?.map((file) => file.name)).toEqual([`fadder-teams-${appId}.zip`, `fadder-teams-${other}.zip`]);
  });

  test("without a registration, or with an id that is none, it says what to do", async () => {
    await expect(files({ connections: [] })).rejects.toThrow("MicrosoftAppId");
    await expect(files({ connections: [{ appId: "bot" }] })).rejects.toThrow("00000000-0000");
  });
});
