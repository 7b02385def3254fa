import type { createSender, Delivered } from "./fake-slack-sender.ts";
import { buttonsOf, chatWith, type FakeMessage, type FakeNode, type FakeState, userOf } from "./fake-slack-state.ts";

/** What people of a workspace do, and what they see. */
export type FakeWorkspace = ReturnType<typeof createWorkspace>;

/** People who write, press and look, in one workspace. */
export function createWorkspace(state: FakeState, sender: ReturnType<typeof createSender>, next: () => number) {
  const event = (user: string, inner: Record<string, unknown>, id = `Ev${state.team}${next()}`) =>
    sender.deliver("events_api", {
      token: "unused",
      type: "event_callback",
      team_id: state.team,
      api_app_id: state.appId,
      event_id: id,
      event_time: Math.floor(Date.now() / 1000),
      authorizations: [{ team_id: state.team, user_id: "UBOT", is_bot: true, is_enterprise_install: false }],
      event: { user, event_ts: `${Date.now()}.${next()}`, ...inner },
    });

  function interactive(
    user: string,
    button: { node: FakeNode; blockId: string },
    place: Record<string, unknown>,
  ): Promise<Delivered> {
    const { node, blockId } = button;
    return sender.deliver("interactive", {
      type: "block_actions",
      api_app_id: state.appId,
      team: { id: state.team, domain: "example" },
      user: { id: userOf(state, user).id, username: user.toLowerCase(), team_id: state.team },
      trigger_id: `${next()}.${next()}.press`,
      actions: [
        {
          type: "button",
          action_id: node.action_id,
          block_id: blockId,
          text: node.text,
          value: node.value,
          action_ts: `${Date.now()}.${next()}`,
        },
      ],
      ...place,
    });
  }

  return {
    state,
    /** Writes a direct message. The text arrives as Slack sends it: escaped. An `id` sends an event again. */
    say(user: string, text: string, extra: Record<string, unknown> = {}, id?: string): Promise<Delivered> {
      const channel = chatWith(state, userOf(state, user).id);
      const escaped = text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
      return event(
        user,
        { type: "message", channel_type: "im", channel, text: escaped, ts: `${Date.now()}.${next()}`, ...extra },
        id,
      );
    },
    /** Presses a button of a message: by its label, the beginning of its label (a mark), or its place from 0. */
    press(user: string, ts: string, which: string | number): Promise<Delivered> {
      const message = state.messages.find((candidate) => candidate.ts === ts);
      if (!message) throw new Error(`There is no message ${ts} in ${state.team}.`);
      return interactive(user, find(message.blocks, which), {
        container: { type: "message", message_ts: ts, channel_id: message.channel },
        channel: { id: message.channel, name: "directmessage" },
        message: { ts, text: message.text },
      });
    },
    /** Presses a button of the home tab. */
    pressHome(user: string, which: string | number): Promise<Delivered> {
      const blocks = state.homes.get(user);
      if (!blocks) throw new Error(`${user} has no home page yet.`);
      return interactive(user, find(blocks, which), {
        container: { type: "view", view_id: `V${user}` },
        view: { id: `V${user}`, type: "home" },
      });
    },
    /** Types `/fadder text`, by default in the direct chat. */
    command(user: string, text: string, channelName = "directmessage"): Promise<Delivered> {
      return sender.deliver("slash_commands", {
        token: "unused",
        team_id: state.team,
        channel_id: channelName === "directmessage" ? chatWith(state, userOf(state, user).id) : "C1",
        channel_name: channelName,
        user_id: userOf(state, user).id,
        user_name: user.toLowerCase(),
        command: "/fadder",
        text,
        api_app_id: state.appId,
        is_enterprise_install: "false",
        trigger_id: `${next()}.${next()}.command`,
      });
    },
    openHome: (user: string) =>
      event(user, {
        type: "app_home_opened",
        user: userOf(state, user).id,
        channel: chatWith(state, user),
        tab: "home",
      }),
    /** Any other event of the workspace. */
    event,
    /** The messages of a person's direct chat, oldest first. */
    messages: (user: string): readonly FakeMessage[] =>
      state.messages.filter((message) => message.channel === state.chats.get(user)),
    home: (user: string): readonly FakeNode[] | undefined => state.homes.get(user),
  };
}

function find(blocks: readonly FakeNode[], which: string | number) {
  const buttons = buttonsOf(blocks);
  const found =
    typeof which === "number"
      ? buttons[which]
      : (buttons.find((button) => button.label === which) ??
        buttons.find((button) => button.label.split("  ")[0] === which));
  if (!found)
    throw new Error(`There is no button "${which}" among ${buttons.map((button) => `"${button.label}"`).join(", ")}.`);
  return found;
}
