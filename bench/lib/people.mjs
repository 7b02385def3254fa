// People as the simulation knows them: what they chose, and what they do next. A seed gives the same year again.
import { zones } from "./judge.mjs";

const dayMs = 86_400_000;
const names = Object.keys(zones);
const weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
/** Hours that people choose; the last two cannot be chosen in the chat, but may stand in an old row. */
const times = ["08:00", "08:30", "12:00", "16:00", "17:45", "19:00", "19:59", "06:30", "23:15"];

/** A random source of numbers from 0 to 1. */
export function createRandom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const pick = (random, list) => list[Math.floor(random() * list.length)];
const someDays = (random) => {
  const days = [1, 2, 3, 4, 5, 6, 7].filter(() => random() < 0.5);
  return days.length > 0 ? days : [1 + Math.floor(random() * 7)];
};

/** Person number n. One in ten answers every reminder within an hour and does nothing else; one in twenty coordinates. */
export function createPerson(n, seed, from) {
  const random = createRandom(seed * 1_000_003 + n);
  const diligent = n % 10 === 0;
  return {
    n,
    random,
    diligent,
    coordinates: n % 20 === 1,
    zone: names[n % names.length],
    days: someDays(random),
    time: pick(random, diligent ? times.slice(0, 7) : times),
    stopped: false,
    pausedUntil: 0,
    pushes: new Set(),
    ignored: 0,
    told: false,
    next: diligent ? undefined : { at: Math.round(from + random() * 30 * dayMs) },
  };
}

/** The person does something: what they type, and when the next time is. The caller sends the texts one after another. */
export function act(person, at, judge) {
  const { random } = person;
  person.ignored = 0;
  person.told = false;
  if (person.diligent) {
    person.next = undefined;
    return ["menu"];
  }
  person.next = { at: Math.round(at - Math.log(1 - random()) * 25 * dayMs) };
  if (person.stopped) {
    person.stopped = false;
    return ["start"];
  }
  const chance = random();
  if (chance < 0.55) return ["menu"];
  if (chance < 0.65) {
    judge.did("pauses");
    person.pausedUntil = at + 13 * dayMs;
    return ["pause 2 weeks"];
  }
  if (chance < 0.7) {
    person.pausedUntil = 0;
    return ["resume"];
  }
  if (chance < 0.78) {
    judge.did("stops");
    person.stopped = true;
    person.next = { at: Math.round(at + (10 + random() * 70) * dayMs) };
    return ["stop"];
  }
  if (chance < 0.88) {
    judge.did("moves to another zone");
    person.zone = pick(random, names);
    return [`timezone ${person.zone}`];
  }
  person.days = someDays(random);
  return ["rhythm", person.days.map((day) => weekdays[day - 1]).join(" "), pick(random, times.slice(0, 7))];
}

/** A reminder came: four in ten are answered within a day, the diligent answer within an hour. */
export function heard(person, at) {
  const { random } = person;
  if (person.diligent) person.next = { at: Math.round(at + random() * 3_500_000) };
  else if (random() < 0.4) person.next = { at: Math.round(Math.min(person.next.at, at + random() * dayMs)) };
}

/** When the server is down: a timer that is due meanwhile fires at the end. */
export function outages(seed, from, to) {
  const random = createRandom(seed + 77);
  const found = [];
  for (let at = from + random() * 30 * dayMs; at < to; at += (10 + random() * 40) * dayMs) {
    found.push({ from: at, to: Math.round(at + random() * 2.5 * dayMs) });
  }
  return found;
}

export function whenUp(down, at) {
  return down.find((one) => one.from <= at && at < one.to)?.to ?? at;
}
