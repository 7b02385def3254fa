import { z } from "zod";
import { project } from "../src/domain/progress.ts";
import type { Script } from "../src/engine/dialog.ts";
import { agree, agreeCommand } from "./agree.ts";
import { appointmentCommand, appointmentTimer, talk } from "./appointment.ts";
import { assess } from "./assess.ts";
import { assessCommand, keptTimer } from "./assess-command.ts";
import {
  assessmentCommand,
  assessmentNewsTimer,
  assessmentOverdueTimer,
  assessmentTimer,
  assessmentWaitingTimer,
  assessmentWatchTimer,
} from "./assessment.ts";
import { assesstext } from "./assesstext.ts";
import { attendedTimer, checkedInTimer } from "./attended.ts";
import {
  award,
  awardedTimer,
  certifiedTimer,
  expiringTimer,
  extensionCommand,
  extensionTimer,
  renewalTimer,
  reviewingTimer,
} from "./award.ts";
import {
  broadcast,
  broadcastCommand,
  broadcastReply,
  broadcastSend,
  broadcastTimer,
  leaveCommand,
  notedCommand,
  subscribeCommand,
} from "./broadcast.ts";
import { certificateCommand, certificateTimer } from "./certificate.ts";
import { check, quizCommand } from "./check.ts";
import { consentCommand, consentsTimer, privacyCommand } from "./consent.ts";
import { consoleCommand, consoleTimer, rolesTimer } from "./console.ts";
import {
  answer,
  answerCommand,
  answeredTimer,
  answeredTooTimer,
  askedTimer,
  coordinator,
  coordinatorCommand,
  escalationTimer,
} from "./coordinator.ts";
import { creditedTimer } from "./credited.ts";
import { daySoonTimer, daysCommand, daysTimer, dayTimer, hereCommand } from "./days.ts";
import { deleteme, deletemeCommand, erasedTimer, inactiveTimer } from "./deleteme.ts";
import { armDigest, digestCommand, digestTimer } from "./digest.ts";
import { evidence } from "./evidence.ts";
import { evidenceCommand, evidenceTimer, fileSent } from "./evidence-told.ts";
import { find, findCommand } from "./find.ts";
import { helpCommand } from "./help.ts";
import { hoursCommand } from "./hours.ts";
import { apply, invitedTimer, joinCommand, joinedTimer } from "./join.ts";
import { language, languageCommand } from "./language.ts";
import { lesson, lessonCommand } from "./lesson.ts";
import { codeOf, linkCommand, linkedTimer } from "./link.ts";
import { mailboxCommand, mailboxTimer } from "./mailbox.ts";
import { backCommand, menuCommand, nextCommand } from "./menu.ts";
import { mydataCommand, mydataTimer } from "./mydata.ts";
import { pathCommand } from "./path.ts";
import { pause, pauseCommand, resumeCommand } from "./pause.ts";
import { plan, planCommand } from "./plan.ts";
import { preview, previewTimer } from "./preview.ts";
import { inProgramme, programme, programmeCommand } from "./programme.ts";
import { programmesTimer } from "./programmes.ts";
import { progressCommand, progressPage } from "./progress.ts";
import { assessingTimer, queueCommand } from "./queue.ts";
import { rating, ratings } from "./rating.ts";
import { arm, reminder, timerName } from "./reminder.ts";
import { review, reviewCommand } from "./review.ts";
import { rhythm, rhythmCommand } from "./rhythm.ts";
import { ruled } from "./rules.ts";
import { savedCommand } from "./saved.ts";
import { countryTimer, silentTimer } from "./silent.ts";
import { startCommand, stopCommand } from "./stop.ts";
import { timezone, timezoneCommand } from "./timezone.ts";
import { feedbackCommand, unitFeedback } from "./unit-feedback.ts";
import { urgentCommand, withheld } from "./urgent.ts";
import { used, usedCommand } from "./used.ts";
import { welcome } from "./welcome.ts";

const dialogs = [
  welcome,
  rhythm,
  lesson,
  check,
  review,
  plan,
  assess,
  language,
  programme,
  timezone,
  pause,
  find,
  coordinator,
  answer,
  apply,
  broadcast,
  broadcastSend,
  broadcastReply,
  deleteme,
  agree,
  award,
  evidence,
  rating,
  ratings,
  assesstext,
  talk,
  unitFeedback,
  used,
  preview,
];
const recorded = z.object({ label: z.string(), right: z.boolean(), open: z.boolean().optional() });

/** The whole conversation. A dialog is a file of this folder and a line here; its words are in `words/dialogs`. */
export const script: Script = {
  dialogs: Object.fromEntries(dialogs.map((dialog) => [dialog.id, dialog])),
  commands: ruled({
    start: startCommand,
    menu: menuCommand,
    next: nextCommand,
    back: backCommand,
    lesson: inProgramme(lessonCommand),
    quiz: inProgramme(quizCommand),
    review: inProgramme(reviewCommand),
    plan: inProgramme(planCommand),
    progress: inProgramme(progressCommand),
    path: inProgramme(pathCommand),
    assessment: inProgramme(assessmentCommand),
    queue: queueCommand,
    appointment: appointmentCommand,
    hours: inProgramme(hoursCommand),
    agree: inProgramme(agreeCommand),
    extension: inProgramme(extensionCommand),
    assess: inProgramme(assessCommand),
    certificate: certificateCommand,
    feedback: inProgramme(feedbackCommand),
    used: inProgramme(usedCommand),
    find: inProgramme(findCommand),
    saved: inProgramme(savedCommand),
    coordinator: coordinatorCommand,
    answer: answerCommand,
    rhythm: rhythmCommand,
    pause: pauseCommand,
    resume: resumeCommand,
    stop: stopCommand,
    language: languageCommand,
    programme: programmeCommand,
    timezone: timezoneCommand,
    link: linkCommand,
    mailbox: mailboxCommand,
    join: joinCommand,
    days: daysCommand,
    here: hereCommand,
    console: consoleCommand,
    digest: digestCommand,
    broadcast: broadcastCommand,
    noted: notedCommand,
    subscribe: subscribeCommand,
    leavenews: leaveCommand("news"),
    leaveevents: leaveCommand("events"),
    help: helpCommand,
    urgent: urgentCommand,
    privacy: privacyCommand,
    consent: consentCommand,
    mydata: mydataCommand,
    deleteme: deletemeCommand,
    evidence: inProgramme(evidenceCommand),
  }),
  timers: {
    [timerName]: reminder,
    silent: silentTimer,
    country: countryTimer,
    asked: askedTimer,
    answered: answeredTimer,
    answeredToo: answeredTooTimer,
    escalation: escalationTimer,
    digest: digestTimer,
    consents: consentsTimer,
    mydata: mydataTimer,
    erased: erasedTimer,
    inactive: inactiveTimer,
    linked: linkedTimer,
    mailbox: mailboxTimer,
    certificate: certificateTimer,
    joined: joinedTimer,
    selfkept: keptTimer,
    invited: invitedTimer,
    days: daysTimer,
    event: dayTimer,
    eventSoon: daySoonTimer,
    attended: attendedTimer,
    checkedIn: checkedInTimer,
    broadcast: broadcastTimer,
    console: consoleTimer,
    roles: rolesTimer,
    credited: creditedTimer,
    awarded: awardedTimer,
    certified: certifiedTimer,
    renewal: renewalTimer,
    reviewing: reviewingTimer,
    expiring: expiringTimer,
    extension: extensionTimer,
    evidence: evidenceTimer,
    assessment: assessmentTimer,
    assessmentNews: assessmentNewsTimer,
    assessmentWatch: assessmentWatchTimer,
    assessmentWaiting: assessmentWaitingTimer,
    assessmentOverdue: assessmentOverdueTimer,
    assessing: assessingTimer,
    appointment: appointmentTimer,
    preview: previewTimer,
    programmes: programmesTimer,
  },
  welcome: "welcome",
  home: "menu",
  skipsWelcome: (command, args) => codeOf(command, args)?.kind === "link",
  after: (ctx) => [...arm(ctx), ...armDigest(ctx)],
  page: progressPage,
  withheld,
  file: fileSent,
  answered(data, ctx) {
    const { label, right, open } = recorded.parse(data);
    const worth = right ? "turn.answered.right" : "turn.answered.wrong";
    return { text: ctx.t(open === true ? "turn.answered.open" : worth, { answer: label }) };
  },
  project,
};
