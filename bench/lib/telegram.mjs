// Updates and a network of its own for the grammY peers: no packet leaves the process.
const me = {
  id: 999,
  is_bot: true,
  first_name: "bot",
  username: "benchbot",
  can_join_groups: true,
  can_read_all_group_messages: false,
  supports_inline_queries: false,
  can_connect_to_business: false,
  has_main_web_app: false,
};
export const botInfo = me;
let updates = 0;

export function updateOf(l, event) {
  const chat = { id: 1000 + l, type: "private", first_name: `U${l}` };
  const from = { id: 1000 + l, is_bot: false, first_name: `U${l}`, language_code: "en" };
  const id = ++updates;
  if (event.kind === "start") {
    return {
      update_id: id,
      message: {
        message_id: id,
        date: 1,
        chat,
        from,
        text: "/lesson",
        entities: [{ type: "bot_command", offset: 0, length: 7 }],
      },
    };
  }
  const data = event.kind === "next" ? "next" : `answer:${event.option}`;
  return {
    update_id: id,
    callback_query: {
      id: String(id),
      from,
      chat_instance: "1",
      data,
      message: { message_id: id, date: 1, chat, from: me, text: "card" },
    },
  };
}

/** What grammY is given as `client.fetch`. `said` hears every message that would have been sent. */
export function network(said) {
  let messages = 0;
  return async (url, request) => {
    const method = url.slice(url.lastIndexOf("/") + 1);
    let result = true;
    if (method === "sendMessage") {
      const sent = JSON.parse(request.body);
      said(sent.chat_id - 1000, sent.text);
      result = {
        message_id: ++messages,
        date: 1,
        chat: { id: sent.chat_id, type: "private", first_name: "U" },
        from: me,
        text: sent.text,
      };
    }
    return { ok: true, status: 200, json: async () => ({ ok: true, result }) };
  };
}
