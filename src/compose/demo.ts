import { randomUUID } from "node:crypto";
import type { Kit } from "../cli/kit.ts";
import { createCohort } from "../cohorts/cohorts.ts";
import { join, setCohortState } from "../cohorts/members.ts";
import type { Config } from "../config.ts";
import { createCast, demoDays, type Member } from "../demo/cast.ts";
import { createPlayer, type Player } from "../demo/player.ts";
import { dayMs, hourMs, minuteMs } from "../domain/durations.ts";
import type { Programme } from "../domain/programme.ts";
import { seeded } from "../domain/random.ts";
import type { Words } from "../engine/adapter.ts";
import { type EventFacts, type Planning, planEvent } from "../events/events.ts";
import { answerSeat } from "../events/seats.ts";
import { giveRole } from "../people/grants.ts";
import { createOrganisation, ensureRoot } from "../people/organisations.ts";
import { createSignInLinks } from "../people/sign-in.ts";
import { rootId } from "../people/standing.ts";
import type { Store } from "../store/types.ts";
import { createAdapters } from "./adapters.ts";
import { createCore } from "./core.ts";
import { type Ingredients, openFoundation } from "./parts.ts";

/** Visits fall into the ten hours after seven in the morning, UTC. */
const morningMs = 7 * hourMs;

interface Staff {
  readonly role: "admin" | "coordinator";
  readonly personId: string;
}

/**
 * Fills an empty database with an organisation whose sixty learners really learned: every step of theirs is a turn of the same
 * engine, eight weeks in a few seconds. Throws where somebody is there already.
 */
export async function fillDemo(config: Config, ingredients: Ingredients): ReturnType<Kit["demo"]> {
  const end = config.clock.now();
  let at = end - demoDays * dayMs;
  const clock = { now: () => at };
  const foundation = await openFoundation({ ...config, clock }, ingredients.log, { migrate: true, use: "server" });
  const { store } = foundation;
  try {
    if ((await store.db.person.count()) > 0) {
      throw new Error(
        "the database is not empty: the demo would mix with real people. Set DATA_DIR (or DATABASE_URL) to a new place",
      );
    }
    const core = await createCore(foundation, ingredients);
    const { terminal } = ingredients;
    const adapters = await createAdapters([terminal], new Map([[terminal.channel, [{}]]]), core.shared.deps, store);
    let turns = 0;
    const { receive } = core.createTurns(adapters, {
      turn: () => {
        turns += 1;
      },
      renewed: () => undefined,
    });
    const words = core.shared.deps.words;
    const [programme, ...others] = core.catalogue.programmes;
    if (programme === undefined) throw new Error("there is no programme to learn");
    const staff = await createStaff(store, words, at);
    const cohorts = await createCohorts(store, words, programme, staff.organisations, at);
    const random = seeded(1);
    const cast = createCast((number) => words.text("en", "demo.learner", { number }));
    const address = ({ number }: Member) => ({
      channel: terminal.channel,
      tenant: "demo",
      user: `demo-${number}`,
      ref: null,
    });
    const players = new Map<Member, Player>();
    const midnight = Math.floor(end / dayMs) * dayMs - demoDays * dayMs;
    for (let day = 0; day < demoDays; day += 1) {
      for (const member of cast) {
        if (member.silentFrom <= day || member.joins > day) continue;
        at = midnight + day * dayMs + morningMs + Math.floor(random() * 600) * minuteMs;
        const known = players.get(member);
        const player =
          known ?? createPlayer(address(member), member, { store, receive, programme, now: clock.now, random });
        if (known === undefined) {
          players.set(member, player);
          await player.command("start");
          // Language, days and hour; and the programme, where there are several.
          await player.press(others.length > 0 ? 4 : 3);
          await enrol(store, cohorts[member.group], address(member), at);
        } else if (random() < member.zeal) {
          await player.command("next");
          await player.press(member.pace);
        }
      }
    }
    at = end;
    for (const [member, player] of players) {
      if (member.ends === "stops") await player.command("stop");
      if (member.ends === "leaves") await player.leave();
      if (member.ends === "asks") {
        await player.command("coordinator");
        await player.say(words.text(member.language, "demo.question"));
      }
    }
    const [first] = cohorts;
    const coordinator = staff.people.find(({ role }) => role === "coordinator");
    await store.db.membership.updateMany({
      where: { cohortId: first },
      data: { caredBy: coordinator?.personId ?? null },
    });
    if (coordinator !== undefined) {
      const planning = { cohortId: first, by: coordinator.personId, seal: core.seal };
      await planDay(store, words, programme, planning, end);
    }
    await Promise.all(adapters.map((adapter) => adapter.close()));
    core.shared.close();
    const origin = config.publicUrl ?? `http://${config.host}:${config.port}`;
    const signInLink = createSignInLinks({ db: store.db, secret: foundation.secret, origin });
    const links: { readonly role: string; readonly url: string }[] = [];
    for (const { role, personId } of staff.people) links.push({ role, url: await signInLink(personId, "/console") });
    return { learners: players.size, turns, links };
  } finally {
    await store.close();
  }
}

interface Organisations {
  readonly first: string;
  readonly second: string;
}

async function createStaff(
  { db }: Store,
  words: Words,
  now: number,
): Promise<{ readonly people: readonly Staff[]; readonly organisations: Organisations }> {
  await ensureRoot(db, now);
  await db.organisation.update({
    where: { id: rootId },
    data: { name: words.text("en", "demo.centre"), country: "DK" },
  });
  const make = (key: string, kind: "municipality" | "association", country: string) =>
    createOrganisation(db, { name: words.text("en", key), kind, parentId: rootId, country }, now);
  const organisations = {
    first: await make("demo.municipality", "municipality", "DK"),
    second: await make("demo.association", "association", "BG"),
  };
  const people: Staff[] = [];
  for (const [role, organisationId] of [
    ["admin", rootId],
    ["coordinator", organisations.first],
  ] as const) {
    const personId = randomUUID();
    await db.person.create({
      data: {
        id: personId,
        name: words.text("en", `demo.${role}`),
        language: "en",
        secondLanguage: null,
        timeZone: "Europe/Copenhagen",
        timeZoneKnown: true,
        rhythm: null,
        pausedUntil: null,
        stopped: false,
        roles: JSON.stringify([role]),
        addressId: "",
        createdAt: BigInt(now),
      },
    });
    await giveRole(db, { personId, role, organisationId, createdBy: null }, now);
    people.push({ role, personId });
  }
  return { people, organisations };
}

/** Two running groups, each led by an organisation of its own; returns their ids. */
async function createCohorts(
  { db }: Store,
  words: Words,
  programme: Programme,
  organisations: Organisations,
  now: number,
): Promise<readonly [string, string]> {
  const make = async (key: string, organisationId: string): Promise<string> => {
    const id = await createCohort(
      db,
      {
        name: words.text("en", key),
        programme: programme.id,
        version: programme.version,
        languages: [...programme.languages],
        pace: { kind: "own" },
        startsOn: new Date(now).toISOString().slice(0, 10),
        endsOn: null,
        places: null,
        joining: "code",
        ticks: {},
      },
      organisationId,
      now,
    );
    await setCohortState(db, id, "running", now);
    return id;
  };
  return [await make("demo.group.first", organisations.first), await make("demo.group.second", organisations.second)];
}

/** A training day in nine days with a third fewer places than people who want to come. */
async function planDay({ db }: Store, words: Words, programme: Programme, planning: Planning, now: number) {
  const [template] = programme.events ?? [];
  if (template === undefined) return;
  const startsAt = (Math.floor(now / dayMs) + 9) * dayMs + morningMs + hourMs;
  const { id: name, unit, kind, minutes } = template;
  const invited = await db.membership.findMany({
    where: { cohortId: planning.cohortId, state: "active" },
    orderBy: { personId: "asc" },
    select: { personId: true },
  });
  const coming = invited.filter((_, index) => index % 4 !== 0);
  const facts: EventFacts = {
    ...{ template: name, title: null, form: "in-person", venue: words.text("en", "demo.venue"), link: "", startsAt },
    ...{ endsAt: startsAt + minutes * minuteMs, timeZone: "Europe/Copenhagen", minutes, kind, overnight: false },
    unit: unit ?? null,
    places: Math.ceil((coming.length * 2) / 3),
  };
  const id = await planEvent(db, facts, planning, now);
  for (const { personId } of coming) await answerSeat(db, id, personId, "coming", now);
}

async function enrol(
  { db }: Store,
  cohortId: string,
  address: { readonly channel: string; readonly tenant: string; readonly user: string },
  now: number,
): Promise<void> {
  const where = { id: `${address.channel}:${address.tenant}:${address.user}` };
  const { personId } = await db.address.findUniqueOrThrow({ where, select: { personId: true } });
  await join(db, { cohortId, personId }, now);
}
