import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import express from "express";
import { script } from "../../dialogs/index.ts";
import { createAppointments } from "../../src/appointments/appointments.ts";
import { assessmentTalks } from "../../src/assessments/talks.ts";
import { talkKind } from "../../src/assessments/types.ts";
import { createFindings } from "../../src/authoring/findings.ts";
import { createCertificates } from "../../src/certificates/certificates.ts";
import { openCatalogue } from "../../src/compose/catalogue.ts";
import { createSources } from "../../src/compose/sources.ts";
import { createStage } from "../../src/compose/stage.ts";
import { mountConsole } from "../../src/console/router.tsx";
import { sections as allSections } from "../../src/console/sections.ts";
import type { ConsoleDeps, Section } from "../../src/console/types.ts";
import type { Catalogue } from "../../src/domain/programme.ts";
import type { Inbound } from "../../src/engine/types.ts";
import type { Role } from "../../src/people/access.ts";
import { createAudit } from "../../src/people/audit.ts";
import { giveRole } from "../../src/people/grants.ts";
import { createOrganisation, ensureRoot } from "../../src/people/organisations.ts";
import { createSignInLinks } from "../../src/people/sign-in.ts";
import { rootId } from "../../src/people/standing.ts";
import { createGuard } from "../../src/privacy/guard.ts";
import { createCatalogue } from "../../src/programmes/catalogue.ts";
import { createBox } from "../../src/store/box.ts";
import type { Store } from "../../src/store/types.ts";
import { programmes, words } from "../support/chat.ts";
import { createDatabase, quietLog, type TestDatabase } from "../support/databases.ts";

export const secret = "a secret for tests only, thirty-two characters";

/** What a page answered. */
export interface Got {
  readonly status: number;
  readonly text: string;
  readonly headers: Headers;
}

/** One browser: keeps its cookies, sends forms as a page of the console would. */
export interface Browser {
  get(path: string, headers?: Record<string, string>): Promise<Got>;
  /** With the token of the session where there is one, and with the origin that a browser would send. */
  post(path: string, fields?: Record<string, string>, headers?: Record<string, string>): Promise<Got>;
  /** The same with fields of which some come more than once. */
  send(path: string, fields: URLSearchParams): Promise<Got>;
  /** Sends a form as a browser sends one that carries files. */
  upload(path: string, form: FormData): Promise<Got>;
  readonly cookies: Map<string, string>;
}

/** The console over an empty database, with people to sign in. */
export interface ConsoleWorld {
  readonly url: string;
  readonly store: Store;
  readonly deps: ConsoleDeps;
  /** What was handed to chats. */
  readonly told: Inbound[];
  browser(): Browser;
  person(id: string, given?: { readonly language?: string; readonly address?: boolean }): Promise<string>;
  organisation(name: string, parentId?: string): Promise<string>;
  grant(personId: string, role: Role, organisationId?: string): Promise<void>;
  /** Somebody in a cohort of their own that an organisation is responsible for; the cohort's id is `cohort-` and the person's. */
  member(id: string, organisationId: string): Promise<string>;
  signInLink(personId: string, path?: string): Promise<string>;
  /** A browser in which this person is signed in. */
  enter(personId: string): Promise<Browser>;
  close(): Promise<void>;
}

/** Starts it; `publicUrl` stands for an address behind a proxy. */
export async function startConsole(
  options: {
    readonly sections?: readonly Section[];
    readonly publicUrl?: string;
    readonly database?: TestDatabase;
    readonly now?: () => number;
    readonly catalogue?: Catalogue;
    /** A folder of programmes that are taught as a running product does; what is published joins them. */
    readonly programmesDir?: string;
  } = {},
): Promise<ConsoleWorld> {
  const database = options.database ?? (await createDatabase("sqlite"));
  const store = await database.open();
  const { db } = store;
  await ensureRoot(db, Date.now());
  await db.organisation.update({ where: { id: rootId }, data: { name: "The Centre" } });
  const box = createBox(secret);
  const told: Inbound[] = [];
  const now = options.now ?? Date.now;
  const seal = (purpose: string, text: string, context: string) => box.seal(purpose, Buffer.from(text), context);
  const open = (purpose: string, sealed: Uint8Array, context: string) =>
    Buffer.from(box.open(purpose, sealed, context)).toString();
  const audit = createAudit(db, now);
  const origin = options.publicUrl ?? "http://127.0.0.1:1";
  const { programmesDir } = options;
  const live = programmesDir === undefined ? undefined : await openCatalogue(programmesDir, store, now, quietLog);
  const catalogue = options.catalogue ?? live ?? createCatalogue(programmes, []);
  const deps: ConsoleDeps = {
    store,
    adapters: [],
    receive: async (inbound) => {
      told.push(inbound);
      return { outcome: "taken" };
    },
    words,
    catalogue,
    now,
    publicUrl: options.publicUrl,
    secret,
    seal,
    open,
    sealBytes: box.seal,
    openBytes: box.open,
    audit,
    appointments: createAppointments({ db, now, seal, open }, { [talkKind]: assessmentTalks({ db, catalogue, now }) }),
    certificates: createCertificates({ db, now, origin, publicUrl: options.publicUrl, seal, open, audit }),
    authoring: {
      findIn: createFindings(db, now),
      stage: createStage({ script, words, guard: createGuard(words), log: quietLog }),
      source: createSources(store, programmesDir ?? fileURLToPath(new URL("../../programmes", import.meta.url))),
      refresh: async () => live?.refresh("at once"),
    },
    log: quietLog,
  };
  const app = express();
  mountConsole(app, deps, options.sections ?? allSections);
  const server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const link = createSignInLinks({ db, secret, origin: url });

  function browser(): Browser {
    const cookies = new Map<string, string>();
    let csrf = "";
    const send = async (path: string, init: RequestInit): Promise<Got> => {
      const response = await fetch(path.startsWith("http") ? path : `${url}${path}`, {
        redirect: "manual",
        ...init,
        headers: {
          ...(init.headers as Record<string, string>),
          cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join("; "),
        },
      });
      for (const line of response.headers.getSetCookie()) {
        const [, name = "", value = ""] = /^([^=]+)=([^;]*)/u.exec(line) ?? [];
        if (value === "") cookies.delete(name);
        else cookies.set(name, value);
      }
      const text = await response.text();
      csrf = /name="csrf" value="([^"]+)"/u.exec(text)?.[1] ?? csrf;
      return { status: response.status, text, headers: response.headers };
    };
    const origin = options.publicUrl ?? url;
    return {
      cookies,
      get: (path, headers = {}) => send(path, { headers }),
      post: (path, fields = {}, headers = {}) =>
        send(path, {
          method: "POST",
          headers: { origin, "sec-fetch-site": "same-origin", ...headers },
          body: new URLSearchParams({ ...(csrf === "" ? {} : { csrf }), ...fields }),
        }),
      send(path, fields) {
        const body = new URLSearchParams(fields);
        body.set("csrf", csrf);
        return send(path, { method: "POST", headers: { origin }, body });
      },
      upload(path, form) {
        form.set("csrf", csrf);
        return send(path, { method: "POST", headers: { origin }, body: form });
      },
    };
  }

  async function person(id: string, given: { readonly language?: string; readonly address?: boolean } = {}) {
    const at = BigInt(now());
    const addressId = given.address === false ? "" : `chat:bot:${id}`;
    const row = { id, name: `Name of ${id}`, language: given.language ?? "en", timeZone: "Europe/Copenhagen" };
    await db.person.create({
      data: { ...row, timeZoneKnown: true, stopped: false, roles: "[]", addressId, createdAt: at },
    });
    if (addressId !== "") {
      const address = { channel: "chat", tenant: "bot", user: id, ref: "{}", state: "reachable" };
      await db.address.create({ data: { id: addressId, personId: id, ...address, changedAt: at } });
    }
    return id;
  }

  async function member(id: string, organisationId: string): Promise<string> {
    await person(id);
    const at = BigInt(now());
    const version = programmes.find((one) => one.id === "family-mentor")?.version ?? "";
    const cohort = { id: `cohort-${id}`, name: `Cohort of ${id}`, programme: "family-mentor", version };
    const rest = { languages: '["en"]', pace: '{"kind":"own"}', state: "running", joining: "code", ticks: "{}" };
    await db.cohort.create({ data: { ...cohort, ...rest, createdAt: at } });
    await db.cohortPart.create({ data: { cohortId: cohort.id, organisationId, lead: true } });
    const dates = { joinedAt: at, changedAt: at };
    const member = { cohortId: cohort.id, personId: id, organisationId, state: "active", ticks: "[]" };
    await db.membership.create({ data: { id: `member-${id}`, ...member, ...dates } });
    return id;
  }

  return {
    url,
    store,
    deps,
    told,
    browser,
    person,
    member,
    organisation: (name, parentId = rootId) =>
      createOrganisation(db, { name, kind: "municipality", parentId, country: "DK" }, now()),
    async grant(personId, role, organisationId = rootId) {
      await giveRole(db, { personId, role, organisationId, createdBy: null }, now());
    },
    signInLink: (personId, path = "/console") => link(personId, path),
    async enter(personId) {
      const own = browser();
      const { pathname } = new URL(await link(personId, "/console"));
      await own.post(pathname);
      // The first page brings the token that forms carry.
      await own.get("/console/nowhere");
      return own;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await database.drop();
    },
  };
}
