// Judges pushes by the wall clock and the calendar where the person is. Uses Intl and the holiday library directly; nothing of the product.
import Holidays from "date-holidays";

/** Twelve zones with their countries: changes by an hour, by half an hour, for Ramadan, and none. */
export const zones = {
  "Europe/Copenhagen": "DK",
  "Europe/Stockholm": "SE",
  "Europe/Helsinki": "FI",
  "Europe/Sofia": "BG",
  "Europe/London": "GB",
  "Africa/Casablanca": "MA",
  "America/New_York": "US",
  "America/Los_Angeles": "US",
  "Asia/Tokyo": "JP",
  "Asia/Kolkata": "IN",
  "Australia/Lord_Howe": "AU",
  "Pacific/Apia": "WS",
};

/** The exam weeks and the break of the simulated programme. */
export const calendar = [
  { from: "2026-05-18", to: "2026-05-29" },
  { from: "2026-12-14", to: "2027-01-05" },
];

const dayMs = 86_400_000;
const walls = new Map();
const free = new Map();

/** Day, time and weekday (1 = Monday) that a wall clock shows there. */
export function wall(zone, instant) {
  let format = walls.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat("sv-SE", { timeZone: zone, dateStyle: "short", timeStyle: "medium" });
    walls.set(zone, format);
  }
  const [day, time] = format.format(instant).split(" ");
  return { day, time, weekday: new Date(`${day}T00:00:00Z`).getUTCDay() || 7 };
}

/** "holiday", "calendar" or undefined. */
export function freeBecause(zone, day) {
  if (calendar.some((one) => one.from <= day && day <= one.to)) return "calendar";
  const key = `${zones[zone]} ${day.slice(0, 4)}`;
  let days = free.get(key);
  if (!days) {
    days = new Set();
    for (const { date, start, end } of new Holidays(zones[zone], { types: ["public"] }).getHolidays(day.slice(0, 4)) ??
      []) {
      const length = Math.max(1, Math.round((end - start) / dayMs));
      for (let n = 0; n < length; n += 1) {
        days.add(new Date(Date.parse(`${date.slice(0, 10)}T00:00:00Z`) + n * dayMs).toISOString().slice(0, 10));
      }
    }
    free.set(key, days);
  }
  return days.has(day) ? "holiday" : undefined;
}

export function createJudge() {
  const counts = {
    reminders: 0,
    "of them with several things": 0,
    "things told to coordinators": 0,
    "silent learners": 0,
    stops: 0,
    pauses: 0,
    "moves to another zone": 0,
  };
  const faults = {
    "in quiet hours": 0,
    "on a day that was not chosen": 0,
    "on a public holiday": 0,
    "in an exam week or break": 0,
    "over the daily cap": 0,
    "after a stop": 0,
    "in a pause": 0,
    "a fourth reminder without an answer": 0,
    "a coordinator told twice, or too early": 0,
    "a chosen day left out": 0,
  };
  const examples = [];

  function fault(what, person, at) {
    faults[what] += 1;
    if (examples.length < 10)
      examples.push(`${what}: person ${person.n} in ${person.zone} at ${new Date(at).toISOString()}`);
  }

  return {
    /** A push reached a person (see `people.mjs` for what is known of one). */
    pushed(person, at, reply) {
      counts.reminders += 1;
      const { day, time, weekday } = wall(person.zone, at);
      const because = freeBecause(person.zone, day);
      if (time < "08:00:00" || time >= "20:00:00") fault("in quiet hours", person, at);
      if (!(person.days ?? [1, 2, 3, 4, 5]).includes(weekday)) fault("on a day that was not chosen", person, at);
      if (because === "holiday") fault("on a public holiday", person, at);
      if (because === "calendar") fault("in an exam week or break", person, at);
      if (person.pushes.has(day)) fault("over the daily cap", person, at);
      person.pushes.add(day);
      if (person.stopped) fault("after a stop", person, at);
      if (at < person.pausedUntil) fault("in a pause", person, at);
      const labels = (reply.actions ?? []).map((action) => action.label);
      const things = labels.filter((label) => label.startsWith("Write to")).length;
      counts["things told to coordinators"] += things;
      const reminds = labels.includes("Continue");
      if (things + (reminds ? 1 : 0) > 1) counts["of them with several things"] += 1;
      if (reminds) person.ignored += 1;
      if (person.ignored > 3) fault("a fourth reminder without an answer", person, at);
    },
    /** The product gave a person up. */
    silent(person, at) {
      counts["silent learners"] += 1;
      if (person.told || person.ignored !== 3) fault("a coordinator told twice, or too early", person, at);
      person.told = true;
    },
    did(what) {
      if (what in counts) counts[what] += 1;
    },
    /** Of people who answer every reminder at once none may be missing. */
    complete(person, from, to) {
      for (let at = from + dayMs; at < to - dayMs; at += dayMs) {
        const { day, weekday } = wall(person.zone, at);
        if (person.days.includes(weekday) && freeBecause(person.zone, day) === undefined && !person.pushes.has(day)) {
          fault("a chosen day left out", person, at);
        }
      }
    },
    verdict: () => ({ counts, faults, examples }),
  };
}
