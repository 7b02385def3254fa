import { createHash, randomUUID } from "node:crypto";
import type { ConsoleWorld } from "./world.ts";

/** One of everything that has a page, in one organisation; returns how to fill the gaps of a route's address, `:id` and the like. */
export async function makeThings(world: ConsoleWorld, organisationId: string): Promise<(path: string) => string> {
  const { db } = world.store;
  const at = BigInt(Date.now());
  const person = await world.member(`member-${randomUUID()}`, organisationId);
  const cohort = `cohort-${person}`;
  await db.cohort.update({ where: { id: cohort }, data: { code: randomUUID().slice(0, 8).toUpperCase() } });
  const asker = await world.person(`asker-${randomUUID()}`);
  const approval = await db.approval.create({
    data: {
      id: randomUUID(),
      action: "people.export",
      organisationId,
      detail: "{}",
      askedBy: asker,
      createdAt: at,
      expiresAt: at + 86_400_000n,
    },
  });
  const question = await db.question.create({
    data: {
      id: randomUUID(),
      personId: person,
      organisationId,
      cohortId: cohort,
      state: "open",
      createdAt: at,
      changedAt: at,
    },
  });
  const text = new Uint8Array(world.deps.seal("question", "May I come an hour later?", question.id));
  await db.questionEntry.create({ data: { questionId: question.id, author: person, text, at } });
  const broadcast = await db.broadcast.create({
    data: {
      id: randomUUID(),
      organisationId,
      author: asker,
      state: "draft",
      audience: JSON.stringify({ cohort }),
      content: JSON.stringify({ texts: { en: "The meeting begins at six." } }),
      timing: JSON.stringify({ kind: "now" }),
      planned: false,
      createdAt: at,
      changedAt: at,
    },
  });
  const filter = JSON.stringify({
    query: `organisation=${organisationId}`,
    audience: { organisation: organisationId },
  });
  const saved = { id: randomUUID(), organisationId, owner: asker, name: "Everybody", filter, createdAt: at };
  await db.filter.create({ data: saved });
  const logo = createHash("sha256").update(organisationId).digest("hex");
  const bytes = new Uint8Array([0x89, 0x50, 0x4e, 0x47]);
  await db.picture.create({ data: { id: logo, organisationId, mime: "image/png", bytes, createdAt: at } });
  await db.organisation.update({ where: { id: organisationId }, data: { settings: JSON.stringify({ logo }) } });
  await world.grant(person, "assessor", organisationId);
  const grant = await db.grant.findFirstOrThrow({ where: { personId: person } });
  const undo = await db.undo.create({
    data: {
      id: randomUUID(),
      action: "person.merge",
      subject: person,
      before: new Uint8Array(),
      actor: asker,
      createdAt: at,
      expiresAt: at + 86_400_000n,
    },
  });
  const ids: Readonly<Record<string, string>> = {
    people: person,
    cohorts: cohort,
    exports: approval.id,
    inbox: question.id,
    broadcasts: broadcast.id,
    organisations: organisationId,
    settings: organisationId,
    logos: logo,
    "people/filters": saved.id,
    roles: grant.id,
    deputy: grant.id,
    merges: undo.id,
    "roles/give": person,
  };
  return (path) => {
    const [folder = ""] = path.slice(1).split("/:");
    const id = ids[folder] ?? ids[folder.split("/")[0] ?? ""];
    if (id === undefined && path.includes(":")) throw new Error(`${path} needs something in tests/console/things.ts`);
    return `/console${path.replace(/:[^/]+/gu, id ?? "")}`;
  };
}
