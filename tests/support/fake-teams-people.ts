import { createHash } from "node:crypto";

/** A person in the fake tenant, the same for the same name. */
export interface FakePerson {
  readonly name: string;
  readonly aadObjectId: string;
  /** The person's id for this bot. */
  readonly id: string;
  /** The personal chat with the bot. */
  readonly conversation: string;
}

/** Makes the person of a name for one bot. */
export function personOf(name: string, appId: string): FakePerson {
  const hash = (text: string) => createHash("sha256").update(text).digest("hex");
  const directory = hash(`directory ${name}`);
  const parts = [8, 12, 16, 20, 32].map((end, index) => directory.slice([0, 8, 12, 16, 20][index], end));
  return {
    name,
    aadObjectId: parts.join("-"),
    id: `29:${hash(`${appId} ${name}`).slice(0, 40)}`,
    conversation: `a:${hash(`chat ${appId} ${name}`).slice(0, 60)}`,
  };
}

/** A message as the person sees it now, with every update applied. */
export interface FakeMessage {
  readonly id: string;
  readonly activity: FakeActivity;
  /** The text of the card, line by line. */
  readonly text: string;
  /** The titles of the buttons, in order. */
  readonly buttons: readonly string[];
  /** How often it was replaced. */
  readonly updates: number;
}

export interface FakeActivity {
  readonly summary?: string;
  readonly attachments?: readonly { readonly contentType: string; readonly content: Record<string, unknown> }[];
}

/** A button of a card, as a client has it in hand. */
export interface FakeButton {
  readonly title: string;
  readonly type: string;
  readonly verb?: string;
  readonly data?: unknown;
  readonly url?: string;
  readonly fallback?: { readonly type: string; readonly data?: unknown };
}

/** The card of an activity. */
export function cardOf(activity: FakeActivity): Record<string, unknown> {
  return activity.attachments?.[0]?.content ?? {};
}

/** All buttons of a card in the order of reading. */
export function buttonsOf(card: Record<string, unknown>): readonly FakeButton[] {
  const body = (card.body ?? []) as readonly Record<string, unknown>[];
  const inBody = body.flatMap((element) =>
    element.type === "ActionSet" ? (element.actions as readonly FakeButton[]) : [],
  );
  return [...inBody, ...((card.actions ?? []) as readonly FakeButton[])];
}

/** The text of a card as it is read, one line per element. */
export function textOf(card: Record<string, unknown>): string {
  const lines = ((card.body ?? []) as readonly Record<string, unknown>[]).flatMap((element) => {
    if (element.type === "RichTextBlock") {
      return [(element.inlines as readonly { readonly text: string }[]).map((run) => run.text).join("")];
    }
    if (element.type === "TextBlock") return [String(element.text)];
    return element.type === "Image" ? [`[${String(element.altText)}]`] : [];
  });
  return lines.join("\n");
}
