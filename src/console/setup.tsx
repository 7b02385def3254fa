import { randomInt, randomUUID } from "node:crypto";
import type { Express, Request, Response } from "express";
import type { ComponentChildren } from "preact";
import { z } from "zod";
import { Text } from "../http/markup.tsx";
import { isFromHere, isLoopbackHost, isOwnForm } from "../http/origin.ts";
import { pageLanguage } from "../http/page.tsx";
import { codeHash } from "../people/codes.ts";
import { giveRole } from "../people/grants.ts";
import { ensureRoot, organisationKinds } from "../people/organisations.ts";
import { rootId } from "../people/standing.ts";
import type { Database } from "../store/client.ts";
import { formOf, readBody } from "./body.ts";
import { countriesIn, isCountry } from "./countries.ts";
import { SelectField, TextField } from "./fields.tsx";
import { layout } from "./layout.tsx";
import type { Sessions } from "./sessions.ts";
import type { ConsoleDeps } from "./types.ts";

const given = z.object({
  organisation: z.string().trim().min(1).max(200),
  kind: z.enum(organisationKinds),
  country: z.string().refine(isCountry),
  name: z.string().trim().min(1).max(200),
});

/**
 * Whether the first steps were taken: somebody is administrator, or the organisation at the top has its name. An administrator can be
 * erased, and the wizard must not open again for whoever comes next.
 */
export async function isSetUp(db: Pick<Database, "grant" | "organisation">): Promise<boolean> {
  if ((await db.grant.count({ where: { role: "admin" } })) > 0) return true;
  return (await db.organisation.count({ where: { id: rootId, NOT: { name: "" } } })) > 0;
}

/** Whether something between passes this request on: a proxy on this machine connects from here too. */
function isPassedOn(request: Request): boolean {
  return Object.keys(request.headers).some(
    (name) => name === "via" || name === "forwarded" || name === "x-real-ip" || name.startsWith("x-forwarded-"),
  );
}

/**
 * Adds `/console/setup`: the first administrator of an empty deployment, without a terminal. Only from this machine, only where
 * the product is not reached from elsewhere, and only until there is one.
 */
export function mountSetup(app: Express, deps: ConsoleDeps, sessions: Sessions): void {
  const { words } = deps;
  const { db } = deps.store;
  const local = deps.publicUrl === undefined || isLoopbackHost(new URL(deps.publicUrl).host);

  const send = (response: Response, status: number, language: string, key: string, more?: ComponentChildren) =>
    response.status(status).send(
      layout(words, language, {
        title: words.text(language, `${key}.title`),
        body: (
          <>
            <Text markup={words.markup(language, key)} />
            {more}
          </>
        ),
      }),
    );

  /** Whether the wizard is open to this request; answers where it is not. */
  const isOpen = async (request: Request, response: Response): Promise<boolean> => {
    const language = pageLanguage(words, request);
    if (await isSetUp(db)) send(response, 403, language, "console.setup.done");
    else if (!local || !isFromHere(request) || isPassedOn(request))
      send(response, 403, language, "console.setup.elsewhere");
    else return true;
    return false;
  };

  const form = (language: string, values: Readonly<Record<string, string>>) => (
    <form method="post" action="/console/setup" class="stack">
      <TextField
        id="organisation"
        label={words.text(language, "console.setup.organisation")}
        value={values.organisation ?? ""}
        required
      />
      <SelectField
        id="kind"
        label={words.text(language, "console.organisations.kind")}
        value={values.kind}
        options={organisationKinds.map((kind) => ({
          value: kind,
          label: words.text(language, `console.kind.${kind}`),
        }))}
      />
      <SelectField
        id="country"
        label={words.text(language, "console.organisations.country")}
        value={values.country}
        options={countriesIn(language).map(({ code, name }) => ({ value: code, label: name }))}
      />
      <TextField
        id="name"
        label={words.text(language, "console.setup.name")}
        value={values.name ?? ""}
        autocomplete="name"
        required
      />
      <button type="submit" class="main">
        {words.text(language, "console.setup.button")}
      </button>
    </form>
  );

  app.get("/console/setup", async (request, response) => {
    if (!(await isOpen(request, response))) return;
    const language = pageLanguage(words, request);
    send(response, 200, language, "console.setup", form(language, {}));
  });

  app.post("/console/setup", ...readBody, async (request, response) => {
    if (!(await isOpen(request, response))) return;
    const language = pageLanguage(words, request);
    if (!isOwnForm(request, undefined)) return void send(response, 403, language, "console.form");
    const values = Object.fromEntries(formOf(request).fields);
    const read = given.safeParse(values);
    if (!read.success) return void send(response, 400, language, "console.setup.wrong", form(language, values));
    const personId = await begin(deps, read.data, language);
    await sessions.open(response, personId);
    const code = await linkCode(deps, personId);
    send(
      response,
      200,
      language,
      "console.setup.ready",
      <>
        <p>{words.text(language, "console.setup.code", { code })}</p>
        <p>
          <a class="button main" href="/console">
            {words.text(language, "console.setup.on")}
          </a>
        </p>
      </>,
    );
  });
}

/** The organisation at the top gets its name, and the first administrator comes to be; returns the person's id. */
async function begin(deps: ConsoleDeps, read: z.infer<typeof given>, language: string): Promise<string> {
  const { db } = deps.store;
  const now = deps.now();
  await ensureRoot(db, now);
  const { organisation, kind, country, name } = read;
  await db.organisation.update({ where: { id: rootId }, data: { name: organisation, kind, country } });
  const personId = randomUUID();
  await db.person.create({
    data: {
      id: personId,
      name,
      language,
      timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
      timeZoneKnown: false,
      stopped: false,
      roles: JSON.stringify(["admin"]),
      // Nobody can be written to here until a chat is linked.
      addressId: "",
      createdAt: BigInt(now),
    },
  });
  await giveRole(db, { personId, role: "admin", organisationId: rootId, createdBy: null }, now);
  await deps.audit({ actor: personId, action: "setup.done", subject: personId, organisationId: rootId });
  return personId;
}

/** Letters that do not look alike. */
const alphabet = "ABCDEFGHJKMNPQRSTUVWXYZ23456789";

/** A code with which a chat becomes this person's chat; without one there is no way back in once this session ends. */
async function linkCode(deps: ConsoleDeps, personId: string): Promise<string> {
  const code = Array.from({ length: 8 }, () => alphabet[randomInt(alphabet.length)]).join("");
  await deps.store.db.linkCode.create({
    data: { codeHash: codeHash(deps.secret, code), personId, expiresAt: BigInt(deps.now() + 15 * 60_000) },
  });
  return `${code.slice(0, 4)}-${code.slice(4)}`;
}
