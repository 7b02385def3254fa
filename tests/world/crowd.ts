import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createFakeSlack } from "../support/fake-slack.ts";
import { createFakeTelegram } from "../support/fake-telegram.ts";
import type { StoredEntry } from "../support/product-records.ts";
import { expectations, isExact, lesson } from "./crowd-way.ts";
import { flat, labelOf, markOf, questionIn } from "./learner.ts";

const bots = ["5101:AAcrowdfirstbotAAAAAAAAAAAAAAAAAAAA", "5102:AAcrowdsecondbotAAAAAAAAAAAAAAAAAAA"] as const;
const teams = ["TCROWD1", "TCROWD2"] as const;
const signingSecret = "a signing secret of 32 letters..";

/** A message in a chat of a fake, whichever it is. */
interface Seen {
  readonly id: string;
  readonly text: string;
  readonly buttons: readonly string[];
}

interface Member {
  readonly address: string;
  /** Which practice answers are right. */
  readonly right: readonly boolean[];
  seen(): readonly Seen[];
  /** Resolves when the product has taken it; delivers it again until then. */
  say(text: string): Promise<void>;
  /** Presses the newest button of this kind; pressed again, as a person would, while nobody takes it. */
  press(label: string): Promise<void>;
}

/** What the crowd has met. */
export interface CrowdResult {
  readonly learners: number;
  readonly exact: number;
  readonly turns: number;
  readonly lost: readonly string[];
  readonly disordered: readonly string[];
  readonly shownTwice: number;
  readonly redelivered: number;
}

/**
 * Learners on fake platforms who all answer at the same time: half with two Telegram bots, half in two Slack workspaces.
 * What is not acknowledged is delivered again; part of what was acknowledged is delivered again as well.
 */
export async function createCrowd(options: {
  readonly learners: number;
  readonly random: () => number;
  readonly again: number;
}) {
  const { random } = options;
  const telegram = await createFakeTelegram({ tokens: bots, perChatPerSecond: 1 });
  const slack = await createFakeSlack({
    signingSecret,
    botToken: "xoxb-crowd-1",
    team: teams[0],
    messagesPerSecond: 1,
    retryDelaysMs: Array.from({ length: 1_500 }, () => 150),
  });
  const second = slack.addWorkspace({ team: teams[1], botToken: "xoxb-crowd-2" });
  const folder = mkdtempSync(join(tmpdir(), "fadder-crowd-"));
  const connections = join(folder, "connections.json");
  writeFileSync(
    connections,
    JSON.stringify({
      telegram: bots.map((token) => ({ token, apiRoot: telegram.url })),
      slack: ["xoxb-crowd-1", "xoxb-crowd-2"].map((botToken) => ({ botToken, signingSecret, apiUrl: slack.url })),
    }),
  );
  const underWay = new Set<symbol>();
  const waiting: (() => void)[] = [];
  let redelivered = 0;
  let turns = 0;
  const later: Promise<unknown>[] = [];

  async function deliver<T>(work: () => Promise<T>): Promise<T> {
    const mine = Symbol();
    underWay.add(mine);
    try {
      return await work();
    } finally {
      underWay.delete(mine);
      for (const told of waiting.splice(0)) told();
    }
  }
  /** Some of what was acknowledged comes again, after a while. */
  const perhapsAgain = (send: () => Promise<unknown>) => {
    if (random() >= options.again) return;
    const ms = random() * 3_000;
    later.push(
      new Promise((resolve) => setTimeout(resolve, ms)).then(async () => {
        await deliver(send);
        redelivered += 1;
      }),
    );
  };

  for (const token of bots) {
    const { updates } = telegram.bot(token);
    const push = updates.push.bind(updates);
    updates.push = async (kinds, queue) => {
      const id = await deliver(() => push(kinds, queue));
      // A press that is delivered again was answered already; its time for an answer beside the button is over.
      perhapsAgain(() => updates.again({ update_id: id, ...kinds }));
      return id;
    };
  }

  function telegramMember(index: number): Omit<Member, "right"> {
    const token = bots[index % 2] ?? bots[0];
    const who = { id: 7_000 + index, first_name: `Learner ${index}`, language_code: "en" };
    const seen = () =>
      telegram.messages(who, token).map((message) => ({
        id: String(message.id),
        text: message.text,
        buttons: message.buttons.flat().map((button) => button.text),
      }));
    return {
      address: `telegram:${token.split(":")[0]}:${who.id}`,
      seen,
      say: async (text) => void (await telegram.pushText(who, text, token)),
      async press(label) {
        const message = newest(seen(), label);
        const button = message.buttons.findIndex((one) => isMeant(one, label));
        await telegram.press(who, Number(message.id), button, token).taken;
      },
    };
  }

  function slackMember(index: number): Omit<Member, "right"> {
    const [workspace, team] = index % 2 === 0 ? [slack, teams[0]] : [second, teams[1]];
    const user = `UCROWD${index}`;
    let said = 0;
    const seen = () =>
      workspace.messages(user).map((message) => ({ id: message.ts, text: message.visible, buttons: message.buttons }));
    return {
      address: `slack:${team}:${user}`,
      seen,
      async say(text) {
        said += 1;
        const id = `EvCROWD${index}x${said}`;
        const send = async () => {
          const { status } = await workspace.say(user, text, {}, id);
          if (status !== 200) throw new Error(`Slack's event was answered with ${status}`);
        };
        await deliver(send);
        perhapsAgain(send);
      },
      async press(label) {
        const message = newest(seen(), label);
        for (;;) {
          const now = seen().find(({ id }) => id === message.id);
          // Taken after all: only the acknowledgement was lost.
          if (!now?.buttons.some((one) => isMeant(one, label))) return;
          const { status } = await deliver(() => workspace.press(user, message.id, label));
          if (status === 200) return;
          await pause(150);
        }
      },
    };
  }

  const members: Member[] = Array.from({ length: options.learners }, (_, index) => ({
    ...(index % 2 === 0 ? telegramMember(index >> 1) : slackMember(index >> 1)),
    right: lesson.practice.map(() => random() < 0.5),
  }));

  /** How each message looked at first, by chat: an answered question is replaced later. */
  const shownFirst = new Map<string, Map<string, string>>();
  function noteText({ address }: Member, { id, text }: Seen): void {
    const own = shownFirst.get(address) ?? new Map<string, string>();
    shownFirst.set(address, own);
    if (!own.has(id)) own.set(id, flat(text));
  }

  async function sees(member: Member, what: RegExp, from: number): Promise<Seen> {
    const until = performance.now() + 240_000;
    for (;;) {
      const all = member.seen();
      for (const message of all) noteText(member, message);
      const fits = all.slice(from).find(({ text }) => what.test(flat(text)));
      if (fits) return fits;
      if (performance.now() > until) {
        const last = all.slice(-3).map(({ text, buttons }) => `${flat(text)} [${buttons.join(" | ")}]`);
        throw new Error(`${member.address} waited for ${what} and saw:\n${last.join("\n")}`);
      }
      await pause(50);
    }
  }

  /** The way of one learner, and the replies it must bring, in their order. */
  async function learn(member: Member, index: number): Promise<void> {
    const expected = expectations(index);
    let step = 0;
    const next = async (act: () => Promise<void>): Promise<Seen> => {
      const from = member.seen().length;
      const what = expected[step++];
      if (what === undefined) throw new Error("more steps than replies");
      turns += 1;
      await act();
      return sees(member, what, from);
    };
    await pause(random() * 1_500);
    const welcome = await next(() => member.say("hello"));
    await next(() => member.press(markOf(welcome, "English")));
    await next(() => member.say("only when I ask"));
    await next(() => member.say("next"));
    for (let card = 2; card <= lesson.cards.length; card += 1)
      await next(() => ((card + index) % 3 === 0 ? member.say("next") : member.press("Next")));
    let shown = await next(() => member.press("Next"));
    for (const right of member.right) {
      const mark = markOf(shown, labelOf(questionIn(shown, lesson.practice), right));
      shown = await next(() => ((index + step) % 2 === 0 ? member.say(mark) : member.press(mark)));
    }
    await next(() => member.press("Not this one"));
    // The second is sent before the first is answered: two replies wait in one chat. A platform that gets no
    // acknowledgement of the first may bring it after the second, so that one is awaited.
    const from = member.seen().length;
    turns += 2;
    await member.say(`find alpha${index}`);
    await member.say(`find omega${index}`);
    for (const what of expected.slice(step)) await sees(member, what, from);
  }

  return {
    connections,
    telegram,
    slack,
    members,
    /** Turns that were sent and are not acknowledged yet. */
    inFlight: (): ReadonlySet<symbol> => new Set(underWay),
    /** Resolves at the next acknowledgement. */
    acknowledged: () => new Promise<void>((resolve) => waiting.push(resolve)),
    deliverTo: (url: string) => slack.deliverTo(url),
    /** Names and texts that no log may show. */
    secrets: [...bots, "xoxb-crowd", signingSecret, "Learner 1", "alpha1", "omega1", "only when I ask"],
    /** Resolves when everybody has come to the end and everything that was to come again has come. */
    async learn(): Promise<void> {
      await Promise.all(members.map(learn));
      await Promise.all(later);
    },
    /** Compares what everybody saw and what was recorded with what must be there. */
    result(records: ReadonlyMap<string, readonly StoredEntry[]>): CrowdResult {
      const lost: string[] = [];
      const disordered: string[] = [];
      let shownTwice = 0;
      let exact = 0;
      for (const [index, member] of members.entries()) {
        for (const message of member.seen()) noteText(member, message);
        const texts = [...(shownFirst.get(member.address)?.values() ?? [])];
        let last = -1;
        for (const what of expectations(index)) {
          const places = texts.flatMap((text, at) => (what.test(text) ? [at] : []));
          const [at] = places;
          if (at === undefined) lost.push(`${member.address} ${what}`);
          else if (at < last) disordered.push(`${member.address} ${what}`);
          last = at ?? last;
          shownTwice += Math.max(0, places.length - 1);
        }
        if (isExact(records.get(member.address) ?? [], member.right)) exact += 1;
      }
      return { learners: members.length, exact, turns, lost, disordered, shownTwice, redelivered };
    },
    async close() {
      await telegram.close();
      await slack.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function isMeant(button: string, label: string): boolean {
  return button === label || button.split(/\s+/)[0] === label;
}

function newest(seen: readonly Seen[], label: string): Seen {
  const found = seen.findLast(({ buttons }) => buttons.some((button) => isMeant(button, label)));
  if (found === undefined) throw new Error(`nobody shows a button "${label}"`);
  return found;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
