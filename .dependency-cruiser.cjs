// The import rule of docs/architecture.md. `npm run check:imports` runs it and then proves that it saw every file.
const ENGINE = "^src/engine/";
const DOMAIN = "^src/domain/";
const STORE_INTERFACE = "^src/store/(types|client|sql|delivery)\\.ts$";
/** What all pages look like. */
const PAGES = "^src/http/(page|markup|origin)\\.tsx?$";
/** Taking a picture that somebody gives, drawing one, and a drawing that a page holds itself. */
const PICTURES = "^src/images/(upload|raster|text|radar)\\.ts$";
/** A competence framework as a file. */
const FRAMEWORK_FILES = "^src/programmes/framework-exchange\\.ts$";
/** Reading and checking a programme as the command line does. */
const PROGRAMME_FILES = "^src/programmes/(load|files|check|lock|compiled|version|problem|yaml-file)\\.ts$";
/** Files of `src/` that every part may use: settings, words, log lines and Markdown. */
const COMMON = "^src/(config|log|words|markdown|csv)(\\.ts$|/)";
/** Parts that speak to the store through its interface and know nothing of each other. */
const PARTS = ["programmes", "outbox", "schedule", "images", "http", "turns"];
/** What is done with people, cohorts, questions and broadcasts; they may use each other, never in a circle. */
const SERVICES = [
  "people",
  "cohorts",
  "broadcasts",
  "inbox",
  "supervision",
  "privacy",
  "mail",
  "certificates",
  "frameworks",
  "evidence",
  "events",
  "assessments",
  "appointments",
  "quality",
  "authoring",
];
/** Doors to the services: a chat's jobs, the command line and the console. They know nothing of each other. */
const DOORS = ["jobs", "cli", "console"];
const NODE =
  "^node:|^(assert|buffer|crypto|events|fs|http|https|net|os|path|process|stream|tls|url|util|worker_threads|zlib)(/|$)";

const part = (name) => ({
  name: `${name}-imports`,
  comment: `src/${name} may import engine, domain and the store's interface`,
  severity: "error",
  from: { path: `^src/${name}/` },
  to: {
    path: "^(src|adapters|dialogs|generated|bench|tests)/",
    pathNot: [`^src/${name}/`, ENGINE, DOMAIN, STORE_INTERFACE, COMMON],
  },
});

const SERVICE_PATH = `^src/(${SERVICES.join("|")})/`;
const withServices = (name) => ({
  name: `${name}-imports`,
  comment: `src/${name} may import engine, domain, the store's interface and the services`,
  severity: "error",
  from: { path: `^src/${name}/` },
  to: {
    path: "^(src|adapters|dialogs|generated|bench|tests)/",
    pathNot: [
      ...[`^src/${name}/`, ENGINE, DOMAIN, STORE_INTERFACE, COMMON, PAGES, PICTURES],
      ...[FRAMEWORK_FILES, PROGRAMME_FILES, SERVICE_PATH],
    ],
  },
});

/** A vendor's library belongs to one adapter's folder. */
const vendor = (folder, packages) => ({
  name: `only-${folder}-imports-its-library`,
  severity: "error",
  from: { path: "^(src|adapters|dialogs)/", pathNot: `^adapters/${folder}/` },
  to: { path: packages.map((name) => `(^|/)node_modules/${name}(/|$)`) },
});

module.exports = {
  forbidden: [
    {
      name: "no-cycles",
      severity: "error",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    { name: "resolvable", severity: "error", from: {}, to: { couldNotResolve: true } },
    {
      name: "engine-imports",
      comment: "the engine imports zod and fastest-levenshtein only",
      severity: "error",
      from: { path: ENGINE },
      to: { pathNot: [ENGINE, "(^|/)node_modules/(zod|fastest-levenshtein)/"], dependencyTypesNot: ["type-only"] },
    },
    {
      name: "engine-types",
      comment: "express is a type in src/engine/adapter.ts and nowhere else in the engine",
      severity: "error",
      from: { path: ENGINE, pathNot: "^src/engine/adapter\\.ts$" },
      to: { path: "(^|/)node_modules/(@types/)?express" },
    },
    {
      name: "engine-inside",
      severity: "error",
      from: { path: ENGINE },
      to: { path: "^(src|adapters|dialogs|generated)/", pathNot: ENGINE },
    },
    {
      name: "domain-is-pure",
      severity: "error",
      from: { path: DOMAIN },
      to: { path: "^(src|adapters|dialogs|generated)/", pathNot: [DOMAIN, ENGINE] },
    },
    {
      name: "domain-does-no-work",
      severity: "error",
      from: { path: DOMAIN },
      to: { path: NODE },
    },
    {
      name: "dialogs-imports",
      severity: "error",
      from: { path: "^dialogs/" },
      to: { path: "^(src|adapters|generated)/", pathNot: [ENGINE, DOMAIN] },
    },
    {
      name: "adapters-imports",
      comment: "an adapter knows the engine: no other adapter, no dialog, no store",
      severity: "error",
      from: { path: "^adapters/([^/]+)/" },
      to: { path: "^(src|adapters|dialogs|generated)/", pathNot: [ENGINE, "^adapters/$1/"] },
    },
    ...PARTS.map(part),
    ...[...SERVICES, ...DOORS].map(withServices),
    {
      name: "only-main-knows-adapters-and-dialogs",
      severity: "error",
      from: { path: "^src/", pathNot: "^src/main\\.ts$" },
      to: { path: "^(adapters|dialogs)/" },
    },
    {
      name: "only-the-store-imports-the-clients",
      severity: "error",
      from: { path: "^(src|adapters|dialogs)/", pathNot: "^src/store/" },
      to: { path: "^generated/|(^|/)node_modules/(@prisma|better-sqlite3|pg)/" },
    },
    {
      name: "the-store-stands-below",
      severity: "error",
      from: { path: "^src/store/" },
      to: { path: "^(src|adapters|dialogs)/", pathNot: ["^src/store/", ENGINE, DOMAIN, COMMON] },
    },
    vendor("telegram", ["grammy", "@grammyjs"]),
    vendor("slack", ["@slack"]),
    vendor("mail", ["nodemailer"]),
    vendor("teams", ["botbuilder[^/]*", "botframework-[^/]+", "@azure/msal-node"]),
    {
      name: "no-development-library-at-run-time",
      severity: "error",
      from: { path: "^(src|adapters|dialogs)/" },
      to: { dependencyTypes: ["npm-dev"], dependencyTypesNot: ["type-only"], pathNot: "(^|/)node_modules/@types/" },
    },
  ],
  options: {
    // Types count too: a part that knows another part's types knows the part.
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    doNotFollow: { path: ["node_modules", "^generated/"] },
    enhancedResolveOptions: {
      extensions: [".ts", ".tsx", ".js", ".mjs", ".cjs"],
      exportsFields: ["exports"],
      conditionNames: ["import", "types", "node", "default"],
    },
    moduleSystems: ["es6", "cjs"],
  },
};
