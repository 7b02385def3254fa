import { type createWorld, programmes, words } from "./chat.ts";
import { single } from "./questions.ts";

type Chat = ReturnType<ReturnType<typeof createWorld>["chat"]>;

/** A learner who has been welcomed in English, with reminders on weekdays at 08:00. */
export async function welcomed(
  chat: Chat,
  options: { readonly language?: string; readonly rhythm?: boolean } = {},
): Promise<void> {
  const language = options.language ?? "en";
  await chat.command("start");
  await chat.press(words.text(language, `language.${language}`));
  if (options.rhythm === false) await chat.press(words.text(language, "rhythm.never"));
  else {
    await chat.press(words.text(language, "rhythm.weekdays"));
    await chat.press("08:00");
  }
}

/** The right option's label of the question that is open in a chat. */
export function rightLabel(chat: Chat, language = "en"): string {
  return label(chat, language, true);
}

export function wrongLabel(chat: Chat, language = "en"): string {
  return label(chat, language, false);
}

function label(chat: Chat, language: string, right: boolean): string {
  const labels =
    chat
      .shown()
      .at(-1)
      ?.choices?.map((choice) => choice.label) ?? [];
  for (const programme of programmes) {
    for (const unit of programme.units) {
      for (const question of [...unit.lessons.flatMap((lesson) => lesson.practice), ...unit.check.bank].map(single)) {
        const texts = question.options.map((option) => option.text[language]);
        if (!labels.every((one) => texts.includes(one)) || labels.length !== texts.length) continue;
        return question.options.find((option) => (option.id === question.right) === right)?.text[language] ?? "";
      }
    }
  }
  throw new Error(`no question has the options ${labels.join(" | ")}`);
}

/** Goes through the open lesson to its end, all practice answered right; its plan is left for another time. */
export async function finishLesson(chat: Chat, language = "en"): Promise<void> {
  for (let steps = 0; steps < 20; steps += 1) {
    const last = chat.shown().at(-1);
    if (last?.choices) {
      await chat.press(rightLabel(chat, language));
      if (chat.shown().at(-1)?.choices) continue;
      const none = words.text(language, "b.plan.none");
      if (
        chat
          .shown()
          .at(-1)
          ?.actions?.some((action) => action.label === none)
      )
        await chat.press(none);
      return;
    } else await chat.press(words.text(language, "b.next"));
  }
  throw new Error("the lesson does not end");
}

/** All lessons of the first unit. */
export async function finishLessons(chat: Chat, language = "en"): Promise<void> {
  for (let lesson = 0; lesson < 6; lesson += 1) {
    await chat.command("next");
    await finishLesson(chat, language);
  }
}

/** Takes the unit's check with so many wrong answers. */
export async function takeCheck(chat: Chat, wrong: number): Promise<string> {
  await chat.command("quiz");
  await chat.press("Start");
  let said = "";
  for (let n = 0; n < 8; n += 1) said = await chat.press(n < wrong ? wrongLabel(chat) : rightLabel(chat));
  return said;
}
