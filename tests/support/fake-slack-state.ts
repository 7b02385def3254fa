/** A person of a pretended workspace. */
interface FakeUser {
  readonly id: string;
  readonly name: string;
  readonly locale: string;
  readonly tz: string;
  deleted: boolean;
}

/** A message as the workspace holds it. */
export interface FakeMessage {
  readonly ts: string;
  readonly channel: string;
  text: string;
  blocks: readonly FakeNode[];
  /** How often it was changed. */
  edits: number;
  /** What a person sees: rich text, pictures as `[picture: …]`, and buttons left out. */
  readonly visible: string;
  /** The labels of its buttons in order. */
  readonly buttons: readonly string[];
}

export type FakeNode = { readonly [key: string]: unknown };

/** One pretended workspace: its people, direct chats, messages, home pages and files. */
export interface FakeState {
  readonly team: string;
  readonly name: string;
  readonly appId: string;
  readonly botToken: string;
  readonly users: Map<string, FakeUser>;
  /** Channel by person. */
  readonly chats: Map<string, string>;
  readonly messages: FakeMessage[];
  readonly homes: Map<string, readonly FakeNode[]>;
  /** File by id: ready after it was looked at once. */
  readonly files: Map<string, { bytes: number; ready: boolean }>;
  revoked: boolean;
}

/** An empty workspace. */
export function createState(options: { team: string; name: string; appId: string; botToken: string }): FakeState {
  return {
    ...options,
    users: new Map(),
    chats: new Map(),
    messages: [],
    homes: new Map(),
    files: new Map(),
    revoked: false,
  };
}

/** The person, made up when nobody of this id is there yet. */
export function userOf(state: FakeState, id: string): FakeUser {
  const known = state.users.get(id);
  if (known) return known;
  const made: FakeUser = { id, name: `Person ${id}`, locale: "en-US", tz: "Europe/Copenhagen", deleted: false };
  state.users.set(id, made);
  return made;
}

/** The direct chat with a person, opened when there is none. */
export function chatWith(state: FakeState, user: string): string {
  const known = state.chats.get(user);
  if (known !== undefined) return known;
  const channel = `D${state.team.slice(1)}${state.chats.size + 1}`;
  state.chats.set(user, channel);
  return channel;
}

/** A message whose `visible` and `buttons` follow its blocks. */
export function createMessage(ts: string, channel: string, text: string, blocks: readonly FakeNode[]): FakeMessage {
  return {
    ts,
    channel,
    text,
    blocks,
    edits: 0,
    get visible() {
      return visibleOf(this.blocks);
    },
    get buttons() {
      return buttonsOf(this.blocks).map((button) => button.label);
    },
  };
}

interface FakeButton {
  readonly label: string;
  readonly blockId: string;
  readonly node: FakeNode;
}

/** All buttons of some blocks in order. */
export function buttonsOf(blocks: readonly FakeNode[]): FakeButton[] {
  return blocks.flatMap((block) => {
    if (block.type !== "actions") return [];
    return (block.elements as FakeNode[]).map((node) => ({
      label: String((node.text as FakeNode).text),
      blockId: String(block.block_id ?? ""),
      node,
    }));
  });
}

/** What stands in some blocks, as text. */
export function visibleOf(blocks: readonly FakeNode[]): string {
  return blocks
    .flatMap((block) => {
      if (block.type === "image") return [`[picture: ${String(block.alt_text)}]`];
      if (block.type === "rich_text") return [(block.elements as FakeNode[]).map(visibleOfRich).join("\n")];
      return [];
    })
    .join("\n");
}

function visibleOfRich(node: FakeNode): string {
  const elements = (node.elements ?? []) as FakeNode[];
  if (node.type === "rich_text_list") {
    return elements
      .map((item, index) => `${node.style === "ordered" ? `${index + 1}.` : "•"} ${visibleOfRich(item)}`)
      .join("\n");
  }
  return elements.map((element) => String(element.text ?? element.url ?? "")).join("");
}
