// Everybody through `takeTurn` with the real dialogs, words and programme; timers and jobs in memory.
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { calendar } from "./judge.mjs";
import { act, createPerson, createRandom, heard, outages, whenUp } from "./people.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const dist = (path) => import(pathToFileURL(join(root, "dist", path)).href);
const dayMs = 86_400_000;

/** Words, script and a programme with exam weeks: what both simulations talk to. */
export async function openContent() {
  const [{ script }, { loadWords }, { createCatalogue }, { loadProgrammes }, { createHolidays }] = await Promise.all([
    dist("dialogs/index.js"),
    dist("src/words.js"),
    dist("src/programmes/catalogue.js"),
    dist("src/programmes/load.js"),
    dist("src/schedule/holidays.js"),
  ]);
  const { programmes } = await loadProgrammes(join(root, "programmes"));
  // One, so that the conversation is the same however many there are.
  const taught = programmes.filter(({ id }) => id === "family-mentor").map((programme) => ({ ...programme, calendar }));
  return {
    script,
    words: loadWords(join(root, "words")),
    content: createCatalogue(taught, [], createHolidays()),
    programme: taught[0],
  };
}

export async function simulatePure({ people, from, to, seed, judge }) {
  const { script, words, content, programme } = await openContent();
  const [{ takeTurn }, { emptySession }] = await Promise.all([
    dist("src/engine/turn.js"),
    dist("src/engine/session.js"),
  ]);
  const down = outages(seed, from, to);

  for (let n = 0; n < people; n += 1) {
    const person = createPerson(n, seed, from);
    const chance = createRandom(seed * 7919 + n);
    const timers = new Map();
    let ids = 0;
    const joined = {
      type: "joined",
      key: "joined",
      programme: programme.id,
      version: programme.version,
      data: {},
      at: from,
    };
    let snapshot = {
      person: {
        id: String(n),
        name: `Person ${n}`,
        language: "en",
        secondLanguage: null,
        timeZone: person.zone,
        timeZoneKnown: true,
        rhythm: { days: person.days, time: person.time },
        pausedUntil: null,
        stopped: false,
        roles: person.coordinates ? ["coordinator"] : [],
      },
      session: { ...emptySession, seenAt: from - dayMs },
      progress: script.project(null, [joined]),
      token: undefined,
    };

    const turn = (input, now) => {
      const id = () => `${n}-${ids++}`;
      const decision = takeTurn(script, snapshot, input, {
        now,
        random: chance,
        id,
        words,
        content,
        publicUrl: undefined,
      });
      snapshot = { ...snapshot, session: decision.session, person: decision.person, progress: decision.progress };
      for (const effect of decision.effects) {
        if (effect.type === "timer.set") timers.set(effect.name, effect);
        else if (effect.type === "timer.cancel") timers.delete(effect.name);
        else if (effect.type === "job" && effect.name === "silent") judge.silent(person, now);
      }
      for (const { kind, reply } of decision.replies) {
        if (kind !== "reminder") continue;
        judge.pushed(person, now, reply);
        heard(person, now);
      }
    };
    /** Learners of a coordinator fall silent, sometimes several at the same moment. */
    const notice = () => ({
      at: Math.round(from + chance() * (to - from)),
      data: { person: `l${ids++}`, name: "Bo", since: from },
    });
    const notices = person.coordinates
      ? Array.from({ length: 40 }, notice).sort((one, other) => one.at - other.at)
      : [];

    turn({ type: "text", text: "menu" }, from);
    for (;;) {
      const timer = timers.get("reminder");
      const due = timer ? (person.diligent ? timer.due : whenUp(down, timer.due)) : Infinity;
      const told = notices[0]?.at ?? Infinity;
      const acts = person.next?.at ?? Infinity;
      const now = Math.min(due, acts, told);
      if (now >= to) break;
      if (now === told) turn({ type: "timer", name: "silent", due: now, data: notices.shift().data, row: false }, now);
      else if (now === acts) for (const text of act(person, now, judge)) turn({ type: "text", text }, now);
      else {
        timers.delete("reminder");
        turn({ type: "timer", name: "reminder", due: timer.due, data: {} }, now);
      }
    }
    if (person.diligent) judge.complete(person, from, to);
  }
}
