/** What somebody may be in an organisation. */
export const roles = ["learner", "coordinator", "deputy", "assessor", "trainer", "expert", "author", "admin"] as const;
export type Role = (typeof roles)[number];

/** Everything that needs a right, and who has it. What is not named here nobody may. */
export const rules = {
  /** Open the console at all. */
  console: ["coordinator", "deputy", "assessor", "trainer", "expert", "author", "admin"],
  "people.see": ["coordinator", "deputy", "admin"],
  "people.change": ["coordinator", "deputy", "admin"],
  "people.invite": ["coordinator", "admin"],
  "people.merge": ["coordinator", "admin"],
  "people.export": ["coordinator", "admin"],
  "people.erase": ["admin"],
  "cohorts.see": ["coordinator", "deputy", "trainer", "admin"],
  "cohorts.change": ["coordinator", "admin"],
  "events.see": ["coordinator", "deputy", "trainer", "admin"],
  "events.change": ["coordinator", "trainer", "admin"],
  "attendance.note": ["coordinator", "deputy", "trainer", "admin"],
  "broadcasts.see": ["coordinator", "deputy", "admin"],
  "broadcasts.send": ["coordinator", "deputy", "admin"],
  "inbox.see": ["coordinator", "deputy", "admin"],
  "inbox.answer": ["coordinator", "deputy", "admin"],
  /** Book hours and consultations, and tick what a programme wants confirmed. */
  "hours.book": ["coordinator", "deputy", "trainer", "admin"],
  /** See which evidence there is and what became of it; what it says only where its owner shares it. */
  "evidence.see": ["coordinator", "deputy", "assessor", "admin"],
  /** Open evidence, accept it, give it back, destroy what shows a person. Nobody's own. */
  "evidence.review": ["assessor", "admin"],
  /** That somebody is assessed and how far it is; what was found is for those who rate or decide. */
  "assessments.see": ["coordinator", "deputy", "assessor", "admin"],
  "assessments.rate": ["assessor"],
  "assessments.decide": ["assessor", "admin"],
  /** Propose and answer times; with whom, the reason to meet says. */
  appointments: ["coordinator", "deputy", "assessor", "admin"],
  notes: ["coordinator", "deputy"],
  /** The competence frameworks of the programmes, with their files. */
  "framework.see": ["coordinator", "deputy", "assessor", "author", "admin"],
  /** How members see themselves, where they shared it. */
  "self.see": ["coordinator", "deputy", "assessor"],
  /** Name whoever stands in for oneself. */
  "deputy.name": ["coordinator"],
  "certificates.see": ["coordinator", "deputy", "assessor", "admin"],
  /** Decide that somebody gets one. */
  "certificates.award": ["assessor", "admin"],
  "certificates.withdraw": ["admin"],
  "roles.change": ["admin"],
  /** Yearly reports and whether reviews hold. */
  "quality.see": ["coordinator", "author", "admin"],
  /** What answers say about questions. */
  "quality.items": ["author", "admin"],
  /** Sign a report off; never of figures that one answers for oneself. */
  "quality.review": ["author", "admin"],
  /** Write in drafts of programmes, try them out, ask for a second look. */
  "programmes.write": ["author", "admin"],
  /** Say yes or no to a draft that somebody else wrote: in the whole house, because everybody there is taught it. */
  "programmes.publish": ["author", "admin"],
  "organisations.change": ["admin"],
  "settings.change": ["admin"],
  "audit.see": ["admin"],
} as const satisfies Readonly<Record<string, readonly Role[]>>;

/** Something that needs a right. */
export type Action = keyof typeof rules;

/** A role that a person has: in an organisation and everything below it, for one programme or for all. */
export interface Held {
  readonly role: Role;
  readonly organisationId: string;
  readonly programme: string | null;
  /** Epoch milliseconds; null: for good. */
  readonly until: number | null;
}

/** The organisations of a deployment: each with what it stands below; null for the top. */
export type Tree = ReadonlyMap<string, string | null>;

/** Where something is done. A programme of null concerns every programme; undefined: whichever, so that one is enough. */
export interface Where {
  readonly organisationId?: string;
  readonly programme?: string | null;
}

/** Whether the holder of these roles may do this: anywhere, in an organisation, or there for one programme. */
export function may(held: readonly Held[], tree: Tree, action: Action, where: Where, now: number): boolean {
  return held.some((one) => {
    if (!counts(one, action, now)) return false;
    if (where.programme !== undefined && one.programme !== null && one.programme !== where.programme) return false;
    return where.organisationId === undefined || isWithin(tree, where.organisationId, one.organisationId);
  });
}

/** Whether somebody has a role there: in the organisation or above it, for this programme; null: for every one. */
export function holds(
  held: readonly Held[],
  tree: Tree,
  role: Role,
  where: { readonly organisationId: string; readonly programme: string | null },
  now: number,
): boolean {
  return held.some(
    (one) =>
      one.role === role &&
      (one.until === null || one.until > now) &&
      (one.programme === null || one.programme === where.programme) &&
      isWithin(tree, where.organisationId, one.organisationId),
  );
}

/** The organisations in which the holder of these roles may do this: for every programme, or for some at least. */
export function reach(
  held: readonly Held[],
  tree: Tree,
  action: Action,
  programmes: "every" | "some",
  now: number,
): readonly string[] {
  const which = programmes === "every" ? { programme: null } : {};
  return [...tree.keys()].filter((organisationId) => may(held, tree, action, { organisationId, ...which }, now));
}

function counts(held: Held, action: Action, now: number): boolean {
  const allowed: readonly Role[] = rules[action];
  return allowed.includes(held.role) && (held.until === null || held.until > now);
}

/** Whether `below` is `above` or stands somewhere under it. A circle, which nobody can make, ends at its first repetition. */
function isWithin(tree: Tree, below: string, above: string): boolean {
  const passed = new Set<string>();
  let at: string | null | undefined = below;
  while (typeof at === "string" && !passed.has(at)) {
    if (at === above) return true;
    passed.add(at);
    at = tree.get(at);
  }
  return false;
}
