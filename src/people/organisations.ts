import { randomUUID } from "node:crypto";
import type { Database } from "../store/client.ts";
import { rootId } from "./standing.ts";

/** The kinds of organisations. */
export const organisationKinds = ["centre", "municipality", "association", "partner"] as const;
export type OrganisationKind = (typeof organisationKinds)[number];

/** A new organisation. */
export interface NewOrganisation {
  readonly name: string;
  readonly kind: OrganisationKind;
  readonly parentId: string;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  readonly region?: string;
}

/** Makes sure that there is an organisation at the top; its name is given in the first-run wizard. */
export async function ensureRoot(db: Pick<Database, "organisation">, now: number): Promise<void> {
  await db.organisation.upsert({
    where: { id: rootId },
    create: {
      id: rootId,
      name: "",
      kind: "centre",
      parentId: null,
      country: "",
      settings: "{}",
      createdAt: BigInt(now),
    },
    update: {},
  });
}

/** Makes an organisation below another; returns its id. */
export async function createOrganisation(
  db: Pick<Database, "organisation">,
  given: NewOrganisation,
  now: number,
): Promise<string> {
  const id = randomUUID();
  const { name, kind, parentId, country, region } = given;
  await db.organisation.create({
    data: { id, name, kind, parentId, country, region: region ?? null, settings: "{}", createdAt: BigInt(now) },
  });
  return id;
}

/** The organisation of a name, made below the top where there is none. */
export async function organisationNamed(
  db: Pick<Database, "organisation">,
  name: string,
  now: number,
): Promise<string> {
  const found = await db.organisation.findFirst({ where: { name }, select: { id: true } });
  if (found !== null) return found.id;
  await ensureRoot(db, now);
  return createOrganisation(db, { name, kind: "partner", parentId: rootId, country: "" }, now);
}
