import { randomUUID } from "node:crypto";
import type { JSX } from "preact";
import { z } from "zod";
import { countFresh, inviteAll, openInvitations } from "../cohorts/invitations.ts";
import { cohortsOf, leads, type ReachedCohort } from "../cohorts/reach.ts";
import { type DryRun, dryRun, foldName, type Invitee, type RosterFacts } from "../cohorts/roster.ts";
import { hourMs } from "../domain/durations.ts";
import { sendInvitationMail } from "../mail/invitations.ts";
import { mailRate, mailRoster } from "../mail/roster.ts";
import { cohortGroupRoutes } from "./cohorts-group.tsx";
import { invitable, inviteDeps, linkOf, listFile, organisationsOf, text } from "./cohorts-invited.ts";
import { languageNamer } from "./cohorts-language.ts";

import { Result } from "./cohorts-result.tsx";
import { Form, SelectField, TextField } from "./fields.tsx";
import type { Answer, ConsoleDeps, Route, Visit } from "./types.ts";

/** People kept together while a dry run waits for its yes. */
const chunk = 250;
/** How long a dry run waits. */
const waitsMs = hourMs;

/** Inviting people to a cohort: one, or a whole file after a dry run. */
export const cohortRosterRoutes: readonly Route[] = [
  { method: "get", path: "/cohorts/:id/roster", action: "people.invite", handle: show },
  { method: "post", path: "/cohorts/:id/roster", action: "people.invite", handle: tryOut },
  { method: "post", path: "/cohorts/:id/roster/apply", action: "people.invite", handle: carryOut },
  { method: "post", path: "/cohorts/:id/invite", action: "people.invite", handle: inviteOne },
  { method: "get", path: "/cohorts/:id/invitations.csv", action: "people.invite", handle: listFile },
  ...cohortGroupRoutes,
];

async function show(visit: Visit, deps: ConsoleDeps): Promise<Answer> {
  const found = await invitable(visit, deps);
  return found === undefined ? { type: "missing" } : rosterPage(visit, deps, found, undefined);
}

async function tryOut(visit: Visit, deps: ConsoleDeps): Promise<Answer> {
  const found = await invitable(visit, deps);
  if (found === undefined) return { type: "missing" };
  const file = visit.files.get("roster");
  if (file === undefined)
    return rosterPage(visit, deps, found, <p class="problem">{text(visit, deps)("cohorts.roster.nofile")}</p>, 422);
  const run = await dryRun(file.bytes, await factsFor(visit, deps, found));
  const id = run.wrong === 0 ? await keepFor(visit, deps, found, run) : undefined;
  const { cohort, leadId } = found;
  const detail = { people: run.people.length, problems: run.wrong };
  await deps.audit({
    actor: visit.person.id,
    action: "roster.try",
    subject: cohort.id,
    organisationId: leadId,
    detail,
  });
  const t = text(visit, deps);
  const rate = mailRate(deps.adapters, deps.publicUrl);
  const fresh = id === undefined || rate === undefined ? 0 : await countFresh(inviteDeps(deps), run.people);
  const letters = rate && { fresh, minutes: Math.ceil(((fresh / rate.count) * rate.perMs) / 60_000) };
  const result = <Result t={t} run={run} id={id} csrf={visit.csrf} cohortId={cohort.id} letters={letters} />;
  return rosterPage(visit, deps, found, result, run.wrong === 0 ? 200 : 422);
}

async function factsFor(visit: Visit, deps: ConsoleDeps, found: ReachedCohort): Promise<RosterFacts> {
  const own = organisationsOf(visit, found);
  const { cohort, leadId } = found;
  const root = text(visit, deps)("cohorts.root");
  const others = (await cohortsOf(deps.store.db, visit.standing)).filter((one) => leads(visit.standing, one));
  return {
    secret: deps.secret,
    organisations: new Map(own.map((part) => [foldName(part.name === "" ? root : part.name), part.organisationId])),
    cohorts: new Map(others.map((one) => [foldName(one.cohort.name), one.cohort.id])),
    organisationId: own.find((part) => part.organisationId === leadId)?.organisationId ?? own[0]?.organisationId ?? "",
    cohortId: cohort.id,
    language: languageNamer(deps),
  };
}

const pending = z.object({ id: z.string(), cohort: z.string(), chunks: z.number(), until: z.number() });

/** The people of a dry run, encrypted, until the yes or the next dry run. */
async function keepFor(visit: Visit, deps: ConsoleDeps, found: ReachedCohort, run: DryRun): Promise<string> {
  const keep = deps.store.keep("roster");
  await forget(visit, deps);
  const id = randomUUID();
  const chunks = Math.ceil(run.people.length / chunk);
  const until = deps.now() + waitsMs;
  await keep.set(visit.person.id, { id, cohort: found.cohort.id, chunks, until });
  for (let at = 0; at < chunks; at += 1) {
    const people = run.people.slice(at * chunk, (at + 1) * chunk).map((one) => ({ ...one }));
    await keep.set(`${id}:${at}`, people);
  }
  return id;
}

async function forget(visit: Visit, deps: ConsoleDeps): Promise<void> {
  const keep = deps.store.keep("roster");
  const before = pending.safeParse(await keep.get(visit.person.id));
  if (!before.success) return;
  for (let at = 0; at < before.data.chunks; at += 1) await keep.delete(`${before.data.id}:${at}`);
  await keep.delete(visit.person.id);
}

async function carryOut(visit: Visit, deps: ConsoleDeps): Promise<Answer> {
  const found = await invitable(visit, deps);
  if (found === undefined) return { type: "missing" };
  const keep = deps.store.keep("roster");
  const known = pending.safeParse(await keep.get(visit.person.id));
  const { cohort, leadId } = found;
  const good =
    known.success &&
    known.data.id === visit.form.get("run") &&
    known.data.cohort === cohort.id &&
    known.data.until >= deps.now();
  if (!known.success || !good) return { type: "go", to: `/cohorts/${cohort.id}/roster`, said: "cohorts.said.again" };
  const { id, chunks } = known.data;
  async function* people(): AsyncGenerator<readonly Invitee[]> {
    for (let at = 0; at < chunks; at += 1) yield ((await keep.get(`${id}:${at}`)) ?? []) as unknown as Invitee[];
  }
  const since = deps.now();
  const cohorts = new Set([cohort.id]);
  async function* seen(): AsyncGenerator<readonly Invitee[]> {
    for await (const some of people()) {
      for (const { cohortId } of some) cohorts.add(cohortId);
      yield some;
    }
  }
  const done = await inviteAll(inviteDeps(deps), seen(), visit.person.id);
  if (visit.form.get("mail") === "yes" && mailRate(deps.adapters, deps.publicUrl) !== undefined) {
    const organisations = [...visit.standing.withinSome("people.invite")];
    for (const each of cohorts) {
      await mailRoster({ db: deps.store.db, now: deps.now }, visit.person.id, { cohort: each, organisations, since });
    }
  }
  await forget(visit, deps);
  await deps.audit({
    actor: visit.person.id,
    action: "roster.apply",
    subject: cohort.id,
    organisationId: leadId,
    detail: { ...done },
  });
  const body = (
    <p class="notice" role="status">
      {text(visit, deps)("cohorts.roster.done", { ...done })}
    </p>
  );
  return rosterPage(visit, deps, found, body);
}

const one = z.object({
  name: z.string().trim().min(1).max(200),
  email: z.email().max(254).toLowerCase(),
  organisation: z.string(),
});

async function inviteOne(visit: Visit, deps: ConsoleDeps): Promise<Answer> {
  const found = await invitable(visit, deps);
  const given = one.safeParse(Object.fromEntries(visit.form));
  if (found === undefined) return { type: "missing" };
  const t = text(visit, deps);
  if (!given.success) return rosterPage(visit, deps, found, <p class="problem">{t("cohorts.invite.wrong")}</p>, 422);
  const { name, email, organisation } = given.data;
  if (!organisationsOf(visit, found).some((part) => part.organisationId === organisation)) return { type: "missing" };
  const cohortId = found.cohort.id;
  const person: Invitee = { line: 1, name, email, language: undefined, organisationId: organisation, cohortId };
  async function* people(): AsyncGenerator<readonly Invitee[]> {
    yield [person];
  }
  const done = await inviteAll(inviteDeps(deps), people(), visit.person.id);
  await deps.audit({
    actor: visit.person.id,
    action: "invitation.create",
    subject: cohortId,
    organisationId: organisation,
    detail: { ...done },
  });
  if (done.joined > 0) return rosterPage(visit, deps, found, <p class="problem">{t("cohorts.invite.joined")}</p>, 409);
  for await (const piece of openInvitations(inviteDeps(deps), cohortId, [organisation])) {
    const own = piece.find((each) => each.email === email);
    if (own === undefined) continue;
    const link = linkOf(deps, own.code);
    if (done.fresh > 0 && deps.publicUrl !== undefined) {
      const [language] = found.cohort.languages;
      const mail = { to: email, code: own.code, link, ...(language === undefined ? {} : { language }) };
      await sendInvitationMail({ ...deps, db: deps.store.db }, visit.person.id, mail);
    }
    return rosterPage(
      visit,
      deps,
      found,
      <div class="notice" role="status">
        <p>{t("cohorts.invite.done", { name, code: own.code })}</p>
        {deps.publicUrl === undefined ? null : <p>{linkOf(deps, own.code)}</p>}
      </div>,
    );
  }
  return rosterPage(visit, deps, found, undefined);
}

function rosterPage(
  visit: Visit,
  deps: ConsoleDeps,
  found: ReachedCohort,
  result: JSX.Element | undefined,
  status = 200,
): Answer {
  const t = text(visit, deps);
  const { cohort } = found;
  const own = organisationsOf(visit, found);
  const options = own.map((part) => ({
    value: part.organisationId,
    label: part.name === "" ? t("cohorts.root") : part.name,
  }));
  return {
    type: "page",
    status,
    title: t("cohorts.roster.title", { name: cohort.name }),
    body: (
      <>
        {result ?? null}
        <section>
          <h2>{t("cohorts.roster.file")}</h2>
          <p>{t("cohorts.roster.text")}</p>
          <form
            method="post"
            action={`/console/cohorts/${cohort.id}/roster`}
            encType="multipart/form-data"
            class="stack"
          >
            <input type="hidden" name="csrf" value={visit.csrf} />
            <label for="roster">{t("cohorts.roster.choose")}</label>
            <input id="roster" name="roster" type="file" accept=".csv,.xlsx,text/csv" required />
            <button type="submit" class="main">
              {t("cohorts.roster.try")}
            </button>
          </form>
        </section>
        <section>
          <h2>{t("cohorts.invite.title")}</h2>
          <Form action={`/console/cohorts/${cohort.id}/invite`} csrf={visit.csrf}>
            <TextField id="name" label={t("cohorts.column.name")} required />
            <TextField id="email" type="email" label={t("cohorts.column.email")} required most={254} />
            <SelectField id="organisation" label={t("cohorts.column.organisation")} options={options} />
            <button type="submit">{t("cohorts.invite.button")}</button>
          </Form>
        </section>
        <p>
          <a href={`/console/cohorts/${cohort.id}/invitations.csv`}>{t("cohorts.invite.list")}</a>
        </p>
        <p>
          <a href={`/console/cohorts/${cohort.id}`}>{t("cohorts.back")}</a>
        </p>
      </>
    ),
  };
}
