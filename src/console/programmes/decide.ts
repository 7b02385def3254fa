import { type Draft, decideDraft } from "../../authoring/drafts.ts";
import { publish } from "../../authoring/publish.ts";
import { ownersOf, reasons } from "../../authoring/steps.ts";
import type { Programme } from "../../domain/programme.ts";
import { rules } from "../../people/access.ts";
import { rootId } from "../../people/standing.ts";
import { look } from "../../privacy/look.ts";
import { tellPerson } from "../tell.ts";
import type { Answer, ConsoleDeps, Visit } from "../types.ts";
import { draftOf, mayPublish, titleOf } from "./common.ts";

/** Letters of a reason. */
export const mostLetters = 500;
/** So many people at most are asked to look. */
const mostAsked = 20;

/** An author asks for the second person's yes. */
export async function ask(visit: Visit, deps: ConsoleDeps): Promise<Answer> {
  const draft = await draftOf(visit, deps);
  if (draft === undefined) return { type: "missing" };
  const to = `/programmes/${draft.id}`;
  const { findings, programme } = await deps.authoring.findIn(draft);
  if (findings.length > 0 || programme === undefined) return { type: "go", to, said: "programmes.said.findings" };
  const asked =
    isLookedAt(visit, draft) && (await decideDraft(deps.store.db, draft, "asked", visit.person.id, deps.now()));
  if (!asked) return { type: "go", to, said: "programmes.said.changed" };
  await writeDown("programme.ask", draft, programme, visit, deps);
  for (const id of await secondPersons(draft, deps)) await tell(id, "asked", programme, visit, deps);
  return { type: "go", to, said: "programmes.said.asked" };
}

/** The second person says yes: it is taught from now on. */
export async function yes(visit: Visit, deps: ConsoleDeps): Promise<Answer> {
  const draft = await secondLook(visit, deps);
  if ("type" in draft) return draft;
  const to = `/programmes/${draft.id}`;
  const { findings, programme } = await deps.authoring.findIn(draft);
  if (findings.length > 0 || programme === undefined) return { type: "go", to, said: "programmes.said.findings" };
  if (!(await publish(deps.store, draft, programme, visit.person.id, deps.now())))
    return { type: "go", to, said: "programmes.said.decided" };
  await deps.authoring.refresh();
  await writeDown("programme.publish", draft, programme, visit, deps);
  await tellAsker(draft, "published", programme, visit, deps);
  return { type: "go", to, said: "programmes.said.published" };
}

/** The second person says no, and why. */
export async function no(visit: Visit, deps: ConsoleDeps): Promise<Answer> {
  const draft = await secondLook(visit, deps);
  if ("type" in draft) return draft;
  const to = `/programmes/${draft.id}`;
  const reason = (visit.form.get("reason") ?? "").trim();
  const platforms = deps.adapters.map(({ channel }) => channel);
  const { danger, findings } = look(reason, visit.language, platforms);
  if (reason === "" || reason.length > mostLetters) return { type: "go", to, said: "programmes.said.reason" };
  if (danger || findings.length > 0) return { type: "go", to, said: "programmes.said.personal" };
  const seal = (id: string) => deps.seal(reasons.purpose, reason, id);
  if (!(await decideDraft(deps.store.db, draft, "refused", visit.person.id, deps.now(), seal)))
    return { type: "go", to, said: "programmes.said.decided" };
  const { programme } = await deps.authoring.findIn(draft);
  await writeDown("programme.refuse", draft, programme, visit, deps);
  await tellAsker(draft, "refused", programme, visit, deps, reason);
  return { type: "go", to, said: "programmes.said.refused" };
}

/** The draft where the visitor may decide about it, and saw what stands there now; else what to answer. */
async function secondLook(visit: Visit, deps: ConsoleDeps): Promise<Draft | Answer> {
  const draft = await draftOf(visit, deps);
  if (draft === undefined || !mayPublish(visit, draft.programme)) return { type: "missing" };
  const to = `/programmes/${draft.id}`;
  const owners = await ownersOf(deps.store.db, draft.id);
  if (owners.has(visit.person.id)) return { type: "go", to, said: "programmes.said.own" };
  if (draft.state !== "asked" || !isLookedAt(visit, draft))
    return { type: "go", to, said: draft.state === "asked" ? "programmes.said.changed" : "programmes.said.decided" };
  return draft;
}

/** Whether the form was on a page of the files as they are now. */
function isLookedAt({ form }: Visit, { rev }: Draft): boolean {
  return form.get("rev") === String(rev);
}

async function writeDown(
  action: string,
  draft: Draft,
  programme: Programme | undefined,
  visit: Visit,
  deps: ConsoleDeps,
): Promise<void> {
  const { id, rev, organisationId } = draft;
  const detail = { draft: id, rev, programme: draft.programme, version: programme?.version };
  await deps.audit({ actor: visit.person.id, action, organisationId, detail });
}

/** Whoever may say yes and wrote nothing of it. */
async function secondPersons(draft: Draft, { store: { db }, now }: ConsoleDeps): Promise<readonly string[]> {
  const grants = await db.grant.findMany({
    where: {
      role: { in: [...rules["programmes.publish"]] },
      organisationId: rootId,
      AND: [
        { OR: [{ programme: null }, { programme: draft.programme }] },
        { OR: [{ until: null }, { until: { gt: BigInt(now()) } }] },
      ],
    },
    orderBy: { createdAt: "asc" },
  });
  const owners = await ownersOf(db, draft.id);
  const people = new Set(grants.map(({ personId }) => personId));
  return [...people].filter((id) => !owners.has(id)).slice(0, mostAsked);
}

async function tellAsker(
  draft: Draft,
  what: "published" | "refused",
  programme: Programme | undefined,
  visit: Visit,
  deps: ConsoleDeps,
  reason?: string,
): Promise<void> {
  const asked = await deps.store.db.programmeStep.findFirst({
    where: { draftId: draft.id, what: "asked" },
    orderBy: { at: "desc" },
  });
  if (asked !== null && programme !== undefined) await tell(asked.by, what, programme, visit, deps, reason);
}

async function tell(
  personId: string,
  what: "asked" | "published" | "refused",
  programme: Programme,
  visit: Visit,
  deps: ConsoleDeps,
  reason?: string,
): Promise<void> {
  const title = titleOf(programme, visit.language);
  const data = { what, title, version: programme.version, name: visit.person.name, reason };
  await tellPerson(deps, personId, "programmes", data);
}
