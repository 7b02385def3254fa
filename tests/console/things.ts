import { createHash, randomUUID } from "node:crypto";
import { beginDraft } from "../../src/authoring/drafts.ts";
import { factsFor } from "../certificates/world.ts";
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
  const attempt = { attempt: "one", at: Date.now(), framework: "1.0.0", levels: { a1: 1 }, changes: 1 };
  const self = {
    "family-mentor": {
      joinedAt: 0,
      lessons: {},
      saved: [],
      checks: {},
      told: [],
      self: [{ ...attempt, sharedAt: Date.now() }],
    },
  };
  await db.progress.create({ data: { personId: person, state: JSON.stringify(self) } });
  const evidence = await db.evidence.create({
    data: {
      ...{ id: randomUUID(), personId: asker, programme: "family-mentor", version: "1.1.0", organisationId },
      ...{ kind: "file", prior: false, competences: "[]", state: "submitted", shared: false },
      createdAt: at,
      changedAt: at,
    },
  });
  const assessment = await db.assessment.create({
    data: {
      id: randomUUID(),
      personId: person,
      programme: "family-mentor",
      version: "1.2.0",
      certificate: "level-1",
      organisationId,
      cohortId: cohort,
      state: "open",
      openKey: `${person}:family-mentor:level-1`,
      firstOutside: false,
      createdAt: at,
      changedAt: at,
    },
  });
  const talk = await db.appointment.create({
    data: {
      ...{ id: randomUUID(), kind: "assessment", about: assessment.id, personId: person, withId: asker },
      ...{ proposed: "[]", startsAt: at + 86_400_000n, minutes: 30, state: "fixed", sequence: 0 },
      ...{ createdAt: at, changedAt: at },
    },
  });
  const file = randomUUID();
  const sealed = new Uint8Array(world.deps.sealBytes("evidence-file", Buffer.from("%PDF-1.7"), file));
  await db.evidenceFile.create({
    data: { id: file, evidenceId: evidence.id, mime: "application/pdf", size: 8, bytes: sealed, tickedAt: at },
  });
  const issued = await world.deps.certificates.issue(
    factsFor(person, {
      issuer: { organisationId, name: "The Centre" },
      validUntil: Date.now() + 86_400_000,
    }),
    asker,
  );
  if ("refused" in issued) throw new Error(issued.refused);
  const day = {
    id: randomUUID(),
    cohortId: cohort,
    title: "A day about roles",
    form: "in-person",
    venue: "Library",
    link: "",
    startsAt: at - 3_600_000n,
    endsAt: at + 3_600_000n,
    timeZone: "Europe/Copenhagen",
    minutes: 120,
    kind: "live",
    places: 10,
    overnight: true,
    state: "planned",
    reason: "",
    sequence: 0,
    createdBy: asker,
    createdAt: at,
    changedAt: at,
  };
  const secret = new Uint8Array(world.deps.seal("event", "what codes are made from", day.id));
  await db.event.create({ data: { ...day, secret } });
  await db.seat.createMany({
    data: [person, asker].map((personId, n) => ({
      eventId: day.id,
      personId,
      state: n === 0 ? "coming" : "asking",
      queuedAt: at,
      changedAt: at,
    })),
  });
  const programme = await beginDraft(
    db,
    {
      programme: "first-aid",
      organisationId,
      files: new Map([["programme.yaml", Buffer.from("id: first-aid")]]),
      by: asker,
    },
    Date.now(),
  );
  const ids: Readonly<Record<string, string>> = {
    appointments: talk.id,
    programmes: programme,
    assessments: assessment.id,
    people: person,
    framework: person,
    cohorts: cohort,
    certificates: issued.award.id,
    exports: approval.id,
    inbox: question.id,
    evidence: evidence.id,
    broadcasts: broadcast.id,
    events: day.id,
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
