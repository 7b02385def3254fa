import type { ChildProcess } from "node:child_process";
import type { Page } from "playwright-core";
import type { createFakeSlack } from "./fake-slack.ts";
import type { FakeTeams } from "./fake-teams.ts";
import type { createFakeTelegram, Who } from "./fake-telegram.ts";

/** A message as a person sees it now. */
export interface Shown {
  /** Its words, with every answer that is printed. */
  readonly text: string;
  /** What stands on its buttons. */
  readonly buttons: readonly string[];
  /** The address of a button that opens a page. */
  readonly link?: string | undefined;
  /** Whether a picture is really there. */
  readonly picture: boolean;
}

/** Somebody with one platform in hand: sees messages, types, presses. */
export interface Player {
  /** First contact. */
  begin(): Promise<void>;
  say(text: string): Promise<void>;
  /** Presses the newest button with this label, or the one that shows this mark. */
  press(label: string): Promise<void>;
  messages(): Promise<readonly Shown[]>;
  /** Resolves at the next change of what is seen, at the latest after a quarter of a second. */
  change(): Promise<void>;
}

const quarter = () => new Promise<void>((resolve) => setTimeout(resolve, 250));

/** A button is meant by its whole label, or by the mark in front of it. */
function isMeant(button: string, label: string): boolean {
  return button === label || button.split(/\s+/)[0] === label;
}

/** Where the newest message with such a button is. */
function newest<M>(messages: readonly M[], buttons: (message: M) => readonly string[], label: string): M {
  const found =
    messages.findLast((message) => buttons(message).includes(label)) ??
    messages.findLast((message) => buttons(message).some((button) => isMeant(button, label)));
  if (found === undefined) {
    const last = messages.slice(-3).map((message) => buttons(message).join(" | "));
    throw new Error(`nobody shows a button "${label}"; the newest messages have: ${last.join(" // ")}`);
  }
  return found;
}

/** A person in a fake Telegram. */
export function telegramPlayer(fake: Awaited<ReturnType<typeof createFakeTelegram>>, who: Who): Player {
  const labels = (message: { readonly buttons: readonly (readonly { readonly text: string }[])[] }) =>
    message.buttons.flat().map((button) => button.text);
  return {
    begin: async () => void (await fake.pushText(who, "/start")),
    say: async (text) => void (await fake.pushText(who, text)),
    async press(label) {
      const message = newest(fake.messages(who), labels, label);
      const index = message.buttons.flat().findIndex((button) => isMeant(button.text, label));
      await fake.press(who, message.id, index).taken;
    },
    messages: async () =>
      fake.messages(who).map((message) => ({
        text: message.text,
        buttons: labels(message),
        link: message.buttons.flat().find((button) => button.url !== undefined)?.url,
        picture: message.photo !== undefined,
      })),
    change: quarter,
  };
}

/** A person in a fake Slack. Direct messages are written; buttons pressed. */
export function slackPlayer(fake: Awaited<ReturnType<typeof createFakeSlack>>, user: string): Player {
  const taken = ({ status }: { readonly status: number }) => {
    if (status !== 200) throw new Error(`Slack's delivery was answered with ${status}`);
  };
  return {
    begin: async () => taken(await fake.say(user, "hello")),
    say: async (text) => taken(await fake.say(user, text)),
    async press(label) {
      const message = newest(fake.messages(user), (one) => one.buttons, label);
      taken(await fake.press(user, message.ts, label));
    },
    messages: async () =>
      fake.messages(user).map((message) => ({
        text: message.visible,
        buttons: message.buttons,
        picture: message.visible.includes("[picture:"),
      })),
    change: quarter,
  };
}

/** A person in a fake Teams. The picture needs https there; on loopback its description stands in its place. */
export function teamsPlayer(fake: FakeTeams, user: string): Player {
  const taken = ({ status }: { readonly status: number }) => {
    if (status !== 200) throw new Error(`Teams' activity was answered with ${status}`);
  };
  return {
    async begin() {
      taken(await fake.install(user));
      taken(await fake.say(user, "hello"));
    },
    say: async (text) => taken(await fake.say(user, text)),
    async press(label) {
      const message = newest(fake.messages(user), (one) => one.buttons, label);
      const index = message.buttons.findIndex((button) => isMeant(button, label));
      taken(await fake.press(user, message.id, index));
    },
    messages: async () =>
      fake.messages(user).map((message) => ({ text: message.text, buttons: message.buttons, picture: false })),
    change: quarter,
  };
}

/** A person with the product's page open in a browser. */
export function webPlayer(page: Page, url: string): Player {
  return {
    async begin() {
      await page.goto(url);
      await page.click("#start:enabled");
    },
    async say(text) {
      await page.fill("#message", text);
      await page.press("#message", "Enter");
    },
    async press(label) {
      const buttons = page.locator("article.bot button[data-option]");
      const labels = await buttons.evaluateAll((all) => all.map((one) => (one.textContent ?? "").trim()));
      const index = labels.findLastIndex((one) => isMeant(one, label));
      if (index < 0) throw new Error(`the page shows no button "${label}"; it has ${labels.join(" | ")}`);
      await buttons.nth(index).click();
    },
    messages: () => page.evaluate(readPage),
    change: () => page.evaluate(nextChange),
  };
}

/** Runs in the browser. */
function readPage(): Shown[] {
  return [...document.querySelectorAll<HTMLElement>("article.bot")].map((article) => ({
    // biome-ignore lint/performance/useDomNodeTextContent: as it is read, with a space between two paragraphs.
    text: [...article.querySelectorAll<HTMLElement>(".text, .alt")].map((one) => one.innerText).join("\n"),
    buttons: [...article.querySelectorAll("button[data-option]")].map((one) => (one.textContent ?? "").trim()),
    picture: [...article.querySelectorAll("img")].some((image) => image.complete && image.naturalWidth > 100),
  }));
}

/** Runs in the browser. */
function nextChange(): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      observer.disconnect();
      resolve();
    };
    const observer = new MutationObserver(done);
    observer.observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
    setTimeout(done, 250);
  });
}

/** A person at a terminal: one message per thing that was typed. Buttons are pressed by their number. */
export function terminalPlayer(chat: ChildProcess): Player {
  let screens: string[] = [];
  chat.stdout?.setEncoding("utf8").on("data", (chunk: string) => {
    screens = [...screens.slice(0, -1), (screens.at(-1) ?? "") + chunk];
  });
  const type = async (text: string) => {
    screens.push("");
    chat.stdin?.write(`${text}\n`);
  };
  return {
    begin: () => type("start"),
    say: type,
    async press(label) {
      const shown = screens.at(-1) ?? "";
      const number = new RegExp(`^ +(\\d{1,3})  ${escaped(label)}$`, "mu").exec(shown)?.[1];
      const mark = new RegExp(`^ +(\\w{1,2})  ${escaped(label)}$`, "mu").exec(shown)?.[1];
      await type(number ?? mark ?? label);
    },
    messages: async () =>
      screens.map((text) => ({
        text,
        buttons: [...text.matchAll(/^ +\w{1,3} {2}(.+)$/gmu)].map(([, label]) => label ?? ""),
        picture: text.includes("[Picture:"),
      })),
    change: quarter,
  };
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/gu, "\\$&");
}
