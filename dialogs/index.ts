import { z } from "zod";
import { project } from "../src/domain/progress.ts";
import type { Script } from "../src/engine/dialog.ts";
import { check, quizCommand } from "./check.ts";
import { answer, answerCommand, answeredTimer, askedTimer, coordinator, coordinatorCommand } from "./coordinator.ts";
import { find, findCommand } from "./find.ts";
import { helpCommand } from "./help.ts";
import { language, languageCommand } from "./language.ts";
import { lesson, lessonCommand } from "./lesson.ts";
import { codeOf, joinCommand, joinedTimer, linkCommand, linkedTimer } from "./link.ts";
import { backCommand, menuCommand, nextCommand } from "./menu.ts";
import { pause, pauseCommand, resumeCommand } from "./pause.ts";
import { progressCommand, progressPage } from "./progress.ts";
import { arm, reminder, timerName } from "./reminder.ts";
import { rhythm, rhythmCommand } from "./rhythm.ts";
import { savedCommand } from "./saved.ts";
import { startCommand, stopCommand } from "./stop.ts";
import { timezone, timezoneCommand } from "./timezone.ts";
import { welcome } from "./welcome.ts";

const dialogs = [welcome, rhythm, lesson, check, language, timezone, pause, find, coordinator, answer];
const recorded = z.object({ label: z.string(), right: z.boolean() });

/** The whole conversation. A dialog is a file of this folder and a line here; its words are in `words/dialogs`. */
export const script: Script = {
  dialogs: Object.fromEntries(dialogs.map((dialog) => [dialog.id, dialog])),
  commands: {
    start: startCommand,
    menu: menuCommand,
    next: nextCommand,
    back: backCommand,
    lesson: lessonCommand,
    quiz: quizCommand,
    progress: progressCommand,
    find: findCommand,
    saved: savedCommand,
    coordinator: coordinatorCommand,
    answer: answerCommand,
    rhythm: rhythmCommand,
    pause: pauseCommand,
    resume: resumeCommand,
    stop: stopCommand,
    language: languageCommand,
    timezone: timezoneCommand,
    link: linkCommand,
    join: joinCommand,
    help: helpCommand,
  },
  timers: {
    [timerName]: reminder,
    asked: askedTimer,
    answered: answeredTimer,
    linked: linkedTimer,
    joined: joinedTimer,
  },
  welcome: "welcome",
  home: "menu",
  skipsWelcome: (command, args) => codeOf(command, args)?.kind === "link",
  after: arm,
  page: progressPage,
  answered(data, ctx) {
    const { label, right } = recorded.parse(data);
    return { text: ctx.t(right ? "turn.answered.right" : "turn.answered.wrong", { answer: label }) };
  },
  project,
};
