/** Activities as Teams sends them, with invented ids; each with what it must become. */
const tenant = "22222222-2222-2222-2222-222222222222";
const object = "6c7e1a54-0d3b-4f0e-9a1c-5b1d2e3f4a5b";

const common = {
  timestamp: "2026-03-02T08:15:30.512Z",
  localTimestamp: "2026-03-02T10:15:30.512+02:00",
  localTimezone: "Europe/Sofia",
  channelId: "msteams",
  serviceUrl: "https://smba.trafficmanager.net/emea/22222222-2222-2222-2222-222222222222/",
  from: { id: "29:1AbCdEf", name: "Rumen Petrov", aadObjectId: object },
  conversation: { conversationType: "personal", tenantId: tenant, id: "a:1xYz" },
  recipient: { id: "28:11111111-1111-1111-1111-111111111111", name: "Fadder" },
  channelData: { tenant: { id: tenant } },
  entities: [{ type: "clientInfo", locale: "bg-BG", country: "BG", platform: "Windows", timezone: "Europe/Sofia" }],
  locale: "bg-BG",
};

export const recorded: Readonly<Record<string, { readonly activity: object; readonly becomes: unknown }>> = {
  "a typed message": {
    activity: {
      ...common,
      type: "message",
      id: "1772439330512",
      textFormat: "plain",
      text: "следващ урок",
      attachments: [{ contentType: "text/html", content: "<p>следващ урок</p>" }],
    },
    becomes: { type: "text", text: "следващ урок" },
  },
  "a message that mentions the bot": {
    activity: {
      ...common,
      type: "message",
      id: "1772439330513",
      text: "<at>Fadder</at>&nbsp;menu\n",
      entities: [
        { type: "mention", mentioned: { id: common.recipient.id, name: "Fadder" }, text: "<at>Fadder</at>" },
        { type: "mention", mentioned: { id: "29:other", name: "Other" }, text: "<at>Other</at>" },
        ...common.entities,
      ],
    },
    becomes: { type: "text", text: "menu" },
  },
  "a button of a client with universal actions": {
    activity: {
      ...common,
      type: "invoke",
      name: "adaptiveCard/action",
      id: "f:7d4a1c52-90b1-4c5e-8f1e-0a2b3c4d5e6f",
      replyToId: "1772439330400",
      value: {
        action: { type: "Action.Execute", title: "A  Да", verb: "press", data: { t: "Ab3_-6789xyc" } },
        trigger: "manual",
      },
    },
    becomes: { type: "press", token: "Ab3_-6789xy", option: "c" },
  },
  "a button of an older client": {
    activity: {
      ...common,
      type: "message",
      id: "f:7d4a1c52-90b1-4c5e-8f1e-0a2b3c4d5e70",
      replyToId: "1772439330400",
      value: { t: "Ab3_-6789xya" },
      channelData: { ...common.channelData, source: { name: "message" }, legacy: { replyToId: "1:1x" } },
    },
    becomes: { type: "press", token: "Ab3_-6789xy", option: "a" },
  },
  "a file": {
    activity: {
      ...common,
      type: "message",
      id: "1772439330514",
      attachments: [
        { contentType: "text/html", content: "<div>see</div>" },
        {
          contentType: "application/vnd.microsoft.teams.file.download.info",
          contentUrl: "https://example-my.sharepoint.com/personal/x/plan.docx",
          name: "plan.docx",
          content: {
            downloadUrl: "https://example-my.sharepoint.com/download?secret=1",
            uniqueId: "1150D938",
            fileType: "docx",
          },
        },
      ],
      text: "see",
    },
    becomes: {
      type: "file",
      name: "plan.docx",
      mime: "application/vnd.microsoft.teams.file.download.info",
      bytes: 0,
      handle: null,
    },
  },
  "a pasted picture": {
    activity: {
      ...common,
      type: "message",
      id: "1772439330515",
      attachments: [
        {
          contentType: "image/*",
          contentUrl: "https://smba.trafficmanager.net/emea/v3/attachments/0-x/views/original",
        },
      ],
    },
    becomes: { type: "file", name: "", mime: "image/*", bytes: 0, handle: null },
  },
  "a text with a link preview": {
    activity: {
      ...common,
      type: "message",
      id: "1772439330516",
      text: "look",
      attachments: [{ contentType: "application/vnd.microsoft.card.thumbnail", content: {} }],
    },
    becomes: { type: "text", text: "look" },
  },
  "an installation": {
    activity: { ...common, type: "installationUpdate", action: "add", id: "f:1", entities: undefined },
    becomes: { type: "presence", state: "reachable" },
  },
  "an update of the app": {
    activity: { ...common, type: "installationUpdate", action: "add-upgrade", id: "f:2" },
    becomes: { type: "presence", state: "reachable" },
  },
  "a removal": {
    activity: { ...common, type: "installationUpdate", action: "remove", id: "f:3" },
    becomes: { type: "presence", state: "gone", reason: "uninstalled" },
  },
  "the bot added to the chat": {
    activity: {
      ...common,
      type: "conversationUpdate",
      id: "f:4",
      membersAdded: [{ id: common.recipient.id }, { id: "29:1AbCdEf" }],
    },
    becomes: { type: "presence", state: "reachable" },
  },
  "the bot removed from the chat": {
    activity: { ...common, type: "conversationUpdate", id: "f:5", membersRemoved: [{ id: common.recipient.id }] },
    becomes: { type: "presence", state: "gone", reason: "uninstalled" },
  },
};
