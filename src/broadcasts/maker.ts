import type { Catalogue } from "../domain/programme.ts";
import type { Adapter, Log, Words } from "../engine/adapter.ts";
import type { TokenMeaning } from "../engine/session.ts";
import { type Sql, text } from "../store/sql.ts";
import type { Store } from "../store/types.ts";
import { listed, type Recipient } from "./audience.ts";
import { createCaps } from "./caps.ts";
import { compose } from "./content.ts";
import type { Queues } from "./queues.ts";
import { type Choice, choose, createRows, type MessageRow, tokenOf } from "./rows.ts";
import { type Audience, audienceSchema, contentSchema, type Timing, timingSchema } from "./types.ts";
import { writeMessages } from "./write.ts";

/** What broadcasts are made and planned with. */
export interface BroadcastDeps {
  readonly store: Pick<Store, "db" | "sql" | "tell">;
  readonly catalogue: Catalogue;
  readonly words: Words;
  readonly adapters: readonly Adapter[];
  /** Epoch milliseconds of the product's clock. */
  readonly now: () => number;
  /** The product's secret: tokens are made from it. */
  readonly secret: string;
  readonly log: Log;
}

/** A broadcast as it is stored. */
export type Stored = NonNullable<Awaited<ReturnType<Store["db"]["broadcast"]["findUnique"]>>>;

/** How the messages of one broadcast are made and written. */
export interface Maker {
  readonly audience: Audience;
  /** Where a person's message would go, or why it would not. */
  choose(person: Recipient, now: number): Choice;
  /** Writes these people's messages inside a transaction; returns them. Whoever cannot get it now is noted as skipped. */
  write(inside: Sql, people: readonly Recipient[]): Promise<readonly MessageRow[]>;
}

/** Reads what is stored about a broadcast. `again`: it goes once more to somebody, at once and whatever the day. */
export async function makerOf(deps: BroadcastDeps, stored: Stored, queues: Queues, again = false): Promise<Maker> {
  const content = contentSchema.parse(JSON.parse(stored.content));
  const audience = audienceSchema.parse(JSON.parse(stored.audience));
  const timing: Timing = again ? { kind: "now" } : timingSchema.parse(JSON.parse(stored.timing));
  const { fallback, calendar } = await programmeOf(deps, audience.cohort);
  const startsAt = Math.max(Number(stored.startsAt ?? 0), deps.now());
  const row = createRows(
    deps,
    { id: stored.id, content, timing, startsAt, topic: audience.topic, fallback, corrects: stored.corrects },
    queues,
  );
  const caps = createCaps({ holidays: deps.catalogue.holidays, calendar });
  // What is put right, or was asked for once more, belongs to a day that had its message.
  const always = again || stored.corrects !== null || timing.urgent === true;

  async function write(inside: Sql, people: readonly Recipient[]): Promise<readonly MessageRow[]> {
    const now = deps.now();
    const known = stored.corrects === null ? noTokens : await shown(deps.secret, inside, stored.corrects, people);
    const pushed = await caps.of(inside, people);
    const rows: MessageRow[] = [];
    for (const person of people) {
      const choice = choose(content, fallback, person, now);
      if (choice.skip !== undefined) {
        await inside.run(
          `UPDATE "BroadcastDelivery" SET state = 'skipped', reason = $3 WHERE "broadcastId" = $1 AND "personId" = $2`,
          [stored.id, person.id, choice.skip],
        );
        continue;
      }
      const mayOn = always ? everyDay : pushed.mayOn(person);
      const made = row(person, choice, now, (token) => known.has(token), mayOn);
      rows.push(made.row);
      if (made.pushes && !again) pushed.count(person.id, made.day);
    }
    await writeMessages(inside, stored.id, rows, meaningOf(), now);
    await pushed.write();
    return rows;
  }

  // Every language has the same buttons, so one meaning serves all tokens.
  function meaningOf(): TokenMeaning {
    return compose(content, fallback, "", { broadcast: stored.id, token: "", topic: audience.topic }, deps.words)
      .meaning;
  }

  return { audience, choose: (person, now) => choose(content, fallback, person, now), write };
}

const noTokens: ReadonlySet<string> = new Set();
const everyDay = () => true;

/** The programme of a broadcast: its cohort's, else the first there is. `fallback`: the language where nobody's own has a text. */
async function programmeOf(
  { store, catalogue, words }: Pick<BroadcastDeps, "store" | "catalogue" | "words">,
  cohort: string | undefined,
) {
  const found =
    cohort === undefined
      ? null
      : await store.db.cohort.findUnique({ where: { id: cohort }, select: { programme: true } });
  const own = catalogue.programmes.find((one) => one.id === found?.programme);
  const programme = own ?? catalogue.programmes[0];
  // Only a cohort says that everybody is in one programme and keeps its free weeks.
  return { fallback: programme?.languages[0] ?? words.languages[0] ?? "en", calendar: own?.calendar ?? [] };
}

/** The language where nobody's own has a text: the first of the cohort's programme, else of the first programme there is. */
export async function fallbackOf(
  deps: Pick<BroadcastDeps, "store" | "catalogue" | "words">,
  cohort: string | undefined,
): Promise<string> {
  return (await programmeOf(deps, cohort)).fallback;
}

/** The tokens of these people's messages of a broadcast that a platform has given an id to. */
async function shown(
  secret: string,
  sql: Sql,
  broadcast: string,
  people: readonly Recipient[],
): Promise<ReadonlySet<string>> {
  const tokens = JSON.stringify(people.map((person) => tokenOf(secret, broadcast, person.id)));
  const rows = await sql.all(
    `SELECT token FROM "Token" WHERE token IN ${listed(sql, "$1")} AND "messageId" IS NOT NULL`,
    [tokens],
  );
  return new Set(rows.map((row) => text(row, "token")));
}
