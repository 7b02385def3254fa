import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createCertificates } from "../../src/certificates/certificates.ts";
import { createAwardJobs } from "../../src/jobs/award.ts";
import { createAudit } from "../../src/people/audit.ts";
import { createOrganisation, ensureRoot } from "../../src/people/organisations.ts";
import { rootId } from "../../src/people/standing.ts";
import { createCatalogue } from "../../src/programmes/catalogue.ts";
import { releaseCertificates, reviewOf } from "../../src/quality/reviews.ts";
import type { Store } from "../../src/store/types.ts";
import { programmes, words } from "../support/chat.ts";
import { createDatabase, databaseKinds, type TestDatabase } from "../support/databases.ts";
import { createStoreWorld } from "../support/store-chat.ts";

const programme = programmes.find(({ id }) => id === "family-mentor");
const kind = programme?.certification?.certificates[0];
if (programme === undefined || kind === undefined) throw new Error("there is no certificate");
const decidedAbout = { programme, kind, organisationId: rootId, levels: { a1: 1 }, by: "assessor" };
const catalogue = createCatalogue(programmes, []);
const hour = 3_600_000;
/** The day after the review of the content is over, in the morning. */
const over = Date.UTC(2027, 10, 1, 9);

describe.each(databaseKinds)("a review that is over, on %s", (database) => {
  let opened: TestDatabase;
  let store: Store;
  let world: ReturnType<typeof createStoreWorld>;
  let personId = "";
  beforeEach(async () => {
    opened = await createDatabase(database);
    store = await opened.open();
    await ensureRoot(store.db, over);
    world = createStoreWorld(store, {
      start: over,
      jobs: (deps) =>
        createAwardJobs({
          ...deps,
          words,
          catalogue,
          certificates: createCertificates({ ...deps, audit: createAudit(deps.db, deps.now) }),
          decided: async (assessmentId) => ({ ...decidedAbout, assessmentId, personId }),
          itemUri: (_framework, id) => `https://example.org/${id}`,
        }),
      next: async ({ db }) => {
        const job = await db.job.findFirst({ orderBy: { notBefore: "asc" } });
        return job === null ? undefined : Number(job.notBefore);
      },
    });
  });
  afterEach(async () => {
    expect(world.failures).toEqual([]);
    await opened.drop();
  });

  /** Somebody whose certificate is decided and who confirms their name. */
  async function confirmed() {
    const chat = world.chat("anna", "Europe/Copenhagen");
    await chat.welcomed();
    personId = await chat.id();
    const about = { programme: "family-mentor", version: programme?.version ?? "", certificate: kind?.id ?? "" };
    await chat.told("awarded", { assessment: "a-1", ...about });
    await chat.press("Name of anna");
    return { chat, said: await chat.press("Yes, like this") };
  }
  const signOff = (until: string, organisationId = rootId) =>
    store.db.qualityReview.create({
      data: {
        id: `r-${until}-${organisationId}`,
        programme: "family-mentor",
        version: "1.2.0",
        organisationId,
        year: 2027,
        signedBy: "reviewer",
        signedAt: BigInt(world.clock.now),
        validUntil: until,
        criteria: "{}",
        notes: new Uint8Array(),
        reportHash: "",
      },
    });
  const reviewing = "the programme is being reviewed first";

  test("lets nothing be signed, says so once, and after the sign-off the certificate comes by itself", async () => {
    const { chat, said } = await confirmed();
    expect(said).toContain("nothing is lost");
    expect(await store.db.award.count()).toBe(0);
    await world.sleepUntil(over + 30 * hour);
    await chat.news();
    expect(await store.db.award.count()).toBe(0);
    const told = chat.heard.filter(({ text }) => text.toLowerCase().includes(reviewing));
    expect(told).toHaveLength(1);

    await signOff("2028-10-31");
    await releaseCertificates(store.db);
    await world.settle();
    expect(await chat.news()).toContain("is yours. It is valid until");
    expect(await store.db.award.count({ where: { personId, state: "valid" } })).toBe(1);
    expect(await store.db.job.count()).toBe(0);
  });

  test("goes on at the latest an hour after somebody has signed off elsewhere", async () => {
    await confirmed();
    await signOff("2028-10-31");
    await world.settle();
    expect(await store.db.award.count()).toBe(0);
    await world.sleepUntil(over + 2 * hour);
    expect(await store.db.award.count()).toBe(1);
  });

  test("one that holds lets the certificate be signed at once", async () => {
    world.clock.now = over - 24 * hour;
    const { said } = await confirmed();
    expect(said).toContain("is yours");
  });

  test("a sign-off counts in its organisation and below, and the last one alone", async () => {
    const town = await createOrganisation(
      store.db,
      { name: "Town", kind: "municipality", parentId: rootId, country: "DK" },
      over,
    );
    const other = await createOrganisation(
      store.db,
      { name: "Other", kind: "municipality", parentId: rootId, country: "DK" },
      over,
    );
    const stands = (organisation: string) =>
      reviewOf({ db: store.db, catalogue, now: () => world.clock.now }, "family-mentor", organisation);
    await signOff("2028-10-31", town);
    expect(await stands(town)).toEqual({ stands: true, until: "2028-10-31" });
    expect(await stands(other)).toEqual({ stands: false, until: "2027-10-31" });
    world.clock.now += hour;
    await signOff("2027-10-31");
    expect(await stands(town)).toEqual({ stands: false, until: "2027-10-31" });
    expect(await reviewOf({ db: store.db, catalogue, now: () => over }, "unknown", town)).toEqual({
      stands: true,
      until: null,
    });
  });
});
