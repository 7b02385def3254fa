import { strToU8, type Zippable, zipSync } from "fflate";
import type { ManifestFile, ManifestOptions, Words } from "../../src/engine/adapter.ts";
import type { TeamsConnection } from "./connection.ts";
import { ACCENT, icons } from "./icons.ts";
import { cut } from "./text.ts";

/** Raised whenever the content of the manifest changes: Teams offers an update only for a higher number. */
export const PACKAGE_VERSION = "1.1.0";

/** The manifest's schema: old enough for every admin centre. https://learn.microsoft.com/microsoft-365/extensibility/schema */
const SCHEMA = "1.19";

/** Limits of that schema, in characters and entries. */
const LIMITS = { name: 30, fullName: 100, short: 80, full: 4000, commands: 10, title: 32, description: 128 } as const;

/** The app packages, one zip per registration, that an administrator uploads to Teams. */
export async function teamsPackages(options: ManifestOptions): Promise<readonly ManifestFile[]> {
  const connections = (options.connections ?? []) as readonly TeamsConnection[];
  const appIds = connections.flatMap((connection) => connection.appId ?? []);
  if (appIds.length === 0) {
    throw new Error("The Teams app package needs a registration. Set MicrosoftAppId, or give a connections file.");
  }
  const { words } = options;
  if (words === undefined) throw new Error("The Teams app package needs the words of the interface languages.");
  return appIds.map((appId) => ({
    name: appIds.length === 1 ? "fadder-teams.zip" : `fadder-teams-${appId}.zip`,
    content: teamsPackage(appId, words, options),
  }));
}

/** One app package: manifest, icons and a file per further language. The same input gives the same bytes. */
export function teamsPackage(
  appId: string,
  words: Words,
  urls: Pick<ManifestOptions, "publicUrl" | "privacyUrl" | "termsUrl">,
): Uint8Array {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(appId)) {
    throw new Error(
      `The app id of a Teams app must look like 00000000-0000-0000-0000-000000000000, not like "${appId}".`,
    );
  }
  const [first = "en", ...others] = words.languages;
  const { color, outline } = icons();
  const files: Zippable = {
    "manifest.json": json(manifest(appId, first, others, words, urls)),
    "color.png": color,
    "outline.png": outline,
    ...Object.fromEntries(others.map((language) => [`${language}.json`, json(translation(language, words))])),
  };
  return zipSync(files, { mtime: new Date(Date.UTC(2026, 0, 1, 12)) });
}

function manifest(
  appId: string,
  first: string,
  others: readonly string[],
  words: Words,
  { publicUrl, privacyUrl, termsUrl }: Pick<ManifestOptions, "publicUrl" | "privacyUrl" | "termsUrl">,
): object {
  const texts = textsOf(first, words);
  return {
    $schema: `https://developer.microsoft.com/json-schemas/teams/v${SCHEMA}/MicrosoftTeams.schema.json`,
    manifestVersion: SCHEMA,
    version: PACKAGE_VERSION,
    id: appId,
    developer: { name: texts.name, websiteUrl: publicUrl, privacyUrl, termsOfUseUrl: termsUrl },
    name: { short: texts.name, full: texts.fullName },
    description: { short: texts.short, full: texts.full },
    icons: { color: "color.png", outline: "outline.png" },
    accentColor: ACCENT,
    localizationInfo: {
      defaultLanguageTag: first,
      ...(others.length === 0
        ? {}
        : { additionalLanguages: others.map((language) => ({ languageTag: language, file: `${language}.json` })) }),
    },
    defaultInstallScope: "personal",
    bots: [
      {
        botId: appId,
        scopes: ["personal", "team", "groupChat"],
        supportsFiles: false,
        isNotificationOnly: false,
        commandLists: [{ scopes: ["personal"], commands: commandsOf(first, words) }],
      },
    ],
    validDomains: [new URL(publicUrl).hostname],
  };
}

/** A language file: paths into the manifest, and what stands there in this language. */
function translation(language: string, words: Words): object {
  const texts = textsOf(language, words);
  const commands = commandsOf(language, words).flatMap(({ title, description }, index) => [
    [`bots[0].commandLists[0].commands[${index}].title`, title],
    [`bots[0].commandLists[0].commands[${index}].description`, description],
  ]);
  return {
    $schema: `https://developer.microsoft.com/json-schemas/teams/v${SCHEMA}/MicrosoftTeams.Localization.schema.json`,
    "name.short": texts.name,
    "name.full": texts.fullName,
    "description.short": texts.short,
    "description.full": texts.full,
    ...Object.fromEntries(commands),
  };
}

function textsOf(language: string, words: Words): Record<"name" | "fullName" | "short" | "full", string> {
  return {
    name: cut(words.text(language, "teams.app.name"), LIMITS.name),
    fullName: cut(words.text(language, "teams.app.name_full"), LIMITS.fullName),
    short: cut(words.text(language, "teams.app.short"), LIMITS.short),
    full: cut(words.text(language, "teams.app.full"), LIMITS.full),
  };
}

/** What the menu beside the text field offers; choosing an entry types its title, so it is the word in this language. */
function commandsOf(
  language: string,
  words: Words,
): readonly { readonly title: string; readonly description: string }[] {
  return words
    .commands(language)
    .slice(0, LIMITS.commands)
    .map(({ name, alias, description }) => ({
      title: cut(alias === "" ? name : alias, LIMITS.title),
      description: cut(description, LIMITS.description),
    }));
}

function json(value: object): Uint8Array {
  return strToU8(`${JSON.stringify(value, undefined, 2)}\n`);
}
