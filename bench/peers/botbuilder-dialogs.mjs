// botbuilder-dialogs as its samples show it: a component dialog with a waterfall, choice prompts, conversation and user state.
import { createRequire } from "node:module";
import { keyValue } from "../lib/databases.mjs";
import { cards, options, question, scoreText } from "../lib/workload.mjs";

const require = createRequire(import.meta.url);
const { ActivityTypes, BotAdapter, ConversationState, TurnContext, UserState } = require("botbuilder-core");
const {
  ChoicePrompt,
  ComponentDialog,
  DialogSet,
  DialogTurnStatus,
  ListStyle,
  WaterfallDialog,
} = require("botbuilder-dialogs");

export async function open({ database, count, said }) {
  const store = await keyValue(database);
  const storage = {
    async read(keys) {
      const found = {};
      for (const key of keys) {
        const text = await store.get(key);
        if (text !== undefined) found[key] = JSON.parse(text);
      }
      return found;
    },
    async write(changes) {
      for (const [key, value] of Object.entries(changes)) await store.set(key, JSON.stringify(value));
    },
    async delete(keys) {
      for (const key of keys) await store.delete(key);
    },
  };

  class NullAdapter extends BotAdapter {
    sent = 0;
    async sendActivities(_context, activities) {
      return activities.map((activity) => {
        if (activity.type === ActivityTypes.Message) said(Number(activity.conversation.id), activity.text);
        return { id: String(++this.sent) };
      });
    }
    async updateActivity() {}
    async deleteActivity() {}
    async process(activity, logic) {
      await this.runMiddleware(new TurnContext(this, activity), logic);
    }
  }

  class Lesson extends ComponentDialog {
    constructor() {
      super("lesson");
      const next = cards.map(
        (card) => (step) => step.prompt("next", { prompt: card, choices: ["Next"], style: ListStyle.suggestedAction }),
      );
      this.addDialog(new ChoicePrompt("next"))
        .addDialog(new ChoicePrompt("answer"))
        .addDialog(
          new WaterfallDialog("main", [
            ...next,
            (step) => step.beginDialog("quiz", { index: 0, score: 0 }),
            async (step) => {
              await step.context.sendActivity(scoreText(step.result.score, count));
              return step.endDialog(step.result);
            },
          ]),
        )
        .addDialog(
          new WaterfallDialog("quiz", [
            (step) => {
              const { text } = question(step.options.index, count);
              return step.prompt("answer", {
                prompt: text,
                retryPrompt: text,
                choices: options,
                style: ListStyle.suggestedAction,
              });
            },
            (step) => {
              const { index, score } = step.options;
              const now = score + (step.result.index === question(index, count).right ? 1 : 0);
              return index + 1 < count
                ? step.replaceDialog("quiz", { index: index + 1, score: now })
                : step.endDialog({ score: now });
            },
          ]),
        );
      this.initialDialogId = "main";
    }
    async run(context, accessor) {
      const set = new DialogSet(accessor);
      set.add(this);
      const dialogs = await set.createContext(context);
      const result = await dialogs.continueDialog();
      return result.status === DialogTurnStatus.empty ? dialogs.beginDialog(this.id) : result;
    }
  }

  const conversation = new ConversationState(storage);
  const user = new UserState(storage);
  const accessor = conversation.createProperty("dialogs");
  const profile = user.createProperty("profile");
  const lesson = new Lesson();
  const adapter = new NullAdapter();
  adapter.onTurnError = async (_context, error) => {
    throw error;
  };
  let id = 0;
  const logic = async (context) => {
    const result = await lesson.run(context, accessor);
    if (result.status === DialogTurnStatus.complete) (await profile.get(context, {})).score = result.result.score;
    await conversation.saveChanges(context, false);
    await user.saveChanges(context, false);
  };
  return {
    send: (l, event) =>
      adapter.process(
        {
          type: "message",
          id: String(++id),
          timestamp: new Date(),
          serviceUrl: "https://bench.invalid",
          channelId: "msteams",
          locale: "en-us",
          from: { id: `u${l}`, name: "U" },
          recipient: { id: "bot" },
          conversation: { id: String(l) },
          text: event.kind === "start" ? "lesson" : event.kind === "next" ? "Next" : options[event.option],
        },
        logic,
      ),
    close: () => store.close(),
  };
}
