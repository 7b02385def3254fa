import { appointmentsOf } from "../appointments/about.ts";
import { assessmentsAbout } from "../assessments/about.ts";
import { reasons } from "../authoring/steps.ts";
import { sealed } from "../certificates/award.ts";
import { filesOf, historyOf, textsOf } from "../evidence/read.ts";
import { readThread } from "../inbox/questions.ts";
import type { Store } from "../store/types.ts";
import { idsOf } from "./erase.ts";
import { pathOf } from "./file-path.ts";

/** Columns that hold JSON as text, in some of the tables at least. */
const JSON_COLUMNS = new Set([
  "rhythm",
  "roles",
  "ref",
  "state",
  "data",
  "meaning",
  "payload",
  "ticks",
  "detail",
  "display",
  "hours",
]);

/** Opens what is sealed; `context` is what it was bound to. */
export type Open = (purpose: string, sealed: Uint8Array, context: string) => string;

type Row = Readonly<Record<string, unknown>>;

/**
 * Rows of every table that names the person, as plain JSON; undefined where there is no such person. With `open` the texts of
 * questions and answers can be read; what else is sealed stays so.
 */
export async function everythingAbout(
  store: Pick<Store, "db">,
  personId: string,
  open?: Open,
): Promise<Readonly<Record<string, readonly Row[]>> | undefined> {
  const { db } = store;
  const ids = { in: [...(await idsOf(store, personId))] };
  const where = { personId: ids };
  // One statement at a time: an export need not hurry, and the server beside it should not notice.
  const person = await db.person.findUnique({ where: { id: personId } });
  if (person === null) return undefined;
  const tables = {
    person: [person],
    addresses: await db.address.findMany({ where }),
    session: await db.session.findMany({ where }),
    progress: await db.progress.findMany({ where }),
    record: await db.record.findMany({ where, orderBy: { id: "asc" } }),
    timers: await db.timer.findMany({ where }),
    jobs: await db.job.findMany({ where }),
    tokens: await db.token.findMany({ where, orderBy: { at: "asc" } }),
    messages: await db.outbox.findMany({ where, orderBy: { seq: "asc" } }),
    deliveries: await db.delivery.findMany({ where, orderBy: { at: "asc" } }),
    failedTurns: await db.failedTurn.findMany({ where, orderBy: { id: "asc" } }),
    invites: await db.invite.findMany({ where: { usedBy: ids } }),
    grants: await db.grant.findMany({ where }),
    memberships: await db.membership.findMany({ where }),
    consents: await db.consent.findMany({ where, orderBy: { id: "asc" } }),
    signIns: await db.signIn.findMany({ where }),
    topics: await db.topic.findMany({ where }),
    programmes: await db.programmeStep.findMany({ where: { by: ids }, orderBy: { at: "asc" } }),
    signOffs: await db.qualityReview.findMany({ where: { signedBy: ids } }),
    certificates: await db.award.findMany({ where }),
    questions: await db.question.findMany({ where: { OR: [where, { entries: { some: { author: ids } } }] } }),
    broadcasts: await db.broadcastDelivery.findMany({ where }),
    evidence: await db.evidence.findMany({ where, orderBy: { createdAt: "asc" } }),
    seats: await db.seat.findMany({ where, orderBy: { eventId: "asc" } }),
    calendars: await db.calendarFeed.findMany({ where, select: { personId: true, createdAt: true } }),
    notes: await db.note.findMany({ where: { OR: [where, { author: ids }] } }),
    audit: await db.audit.findMany({ where: { OR: [{ subject: ids }, { actor: ids }] }, orderBy: { id: "asc" } }),
  };
  const found = Object.fromEntries(Object.entries(tables).map(([table, rows]) => [table, rows.map(plain)]));
  if (open === undefined) return found;
  const mine = new Set(ids.in);
  const questions: Row[] = [];
  for (const { id, personId: asker, ...row } of tables.questions) {
    const texts = await readThread({ db, open }, id);
    // Of a question that somebody else asked, one's own words alone.
    const own = mine.has(asker) ? texts : texts.filter((one) => mine.has(one.author));
    const said = own.map(({ author, text, at }) => ({ mine: mine.has(author), text, at: new Date(at).toISOString() }));
    questions.push({ ...(mine.has(asker) ? plain(row) : { state: row.state }), texts: said });
  }
  const certificates = tables.certificates.map(({ name, credential, ...row }) => ({
    ...plain(row),
    name: open(sealed.purpose, name, sealed.name(row.id)),
    credential: JSON.parse(open(sealed.purpose, credential, sealed.credential(row.id))),
  }));
  const programmes = tables.programmes.map(({ said, ...row }) => ({
    ...plain(row),
    ...(said === null ? {} : { said: open(reasons.purpose, said, row.id) }),
  }));
  const evidence: Row[] = [];
  for (const row of tables.evidence) {
    const { title: _title, text: _text, link: _link, ...facts } = row;
    const steps = await historyOf(db, { open }, row.id);
    const files = await filesOf(db, { open }, row.id);
    evidence.push({
      ...plain(facts),
      ...textsOf({ open }, row),
      // Who looked at it is somebody else; what they said is about this person.
      steps: steps.map(({ by, at, ...step }) => ({ ...step, mine: mine.has(by), at: new Date(at).toISOString() })),
      files: files.map(({ tickedAt, ...file }) => ({
        ...file,
        path: pathOf(file),
        handedInAt: new Date(tickedAt).toISOString(),
      })),
    });
  }
  const assessed = await assessmentsAbout(db, ids.in, open);
  const appointments = await appointmentsOf(db, ids.in);
  return { ...found, programmes, questions, certificates, evidence, ...assessed, appointments };
}

/** Instants as dates, JSON columns as JSON. What is encrypted stays so: it is there to repair a fault and ends in days. */
function plain(row: object): Row {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]): [string, unknown] => {
      if (typeof value === "bigint") return [name, new Date(Number(value)).toISOString()];
      if (value instanceof Uint8Array) return [name, { encrypted: Buffer.from(value).toString("base64") }];
      const isJson = JSON_COLUMNS.has(name) && typeof value === "string" && /^[[{]|^null$/.test(value);
      return [name, isJson ? JSON.parse(value) : value];
    }),
  );
}
