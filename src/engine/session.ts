import type { Json } from "./types.ts";

/** What a person chose and what the platforms told about them. One row; changed by a `person` effect only. */
export interface PersonState {
  readonly id: string;
  /** As the platform shows it. */
  readonly name: string;
  /** The interface language; undefined until chosen or matched. */
  readonly language: string | null;
  /** The second language for content, as an own choice. */
  readonly secondLanguage: string | null;
  /** IANA name. */
  readonly timeZone: string;
  /** Whether `timeZone` was chosen or told by a platform, not assumed. */
  readonly timeZoneKnown: boolean;
  /** Weekdays (1 = Monday … 7) and the local hour of reminders; null: only when I ask. */
  readonly rhythm: { readonly days: readonly number[]; readonly time: string } | null;
  /** Epoch milliseconds until which nothing is pushed. */
  readonly pausedUntil: number | null;
  /** Said stop: nothing is pushed until start. */
  readonly stopped: boolean;
  /** Roles beside learner, for example `coordinator`. */
  readonly roles: readonly string[];
}

/** The place of one activity. It is kept until the activity ends, however long that takes. */
export interface Activity {
  /** Says what it is, for example `lesson:family-mentor:1.3`; one activity of an id at a time. */
  readonly id: string;
  readonly dialog: string;
  /** The version of the dialog that wrote `state`. */
  readonly version: number;
  readonly args: Json;
  readonly state: Json;
  /** The prompt that waits for an answer: its token row, and what may be pressed or typed. */
  readonly open: OpenPrompt;
  /** When it last moved, epoch milliseconds. */
  readonly at: number;
}

export interface OpenPrompt {
  readonly token: string;
  /** Choices and actions as shown, so that typed text can be matched with what the person sees. */
  readonly options: readonly ShownOption[];
  /** Whether free text is an answer where it matches no option. */
  readonly free: boolean;
}

export interface ShownOption {
  readonly option: string;
  /** What the step calls it; empty for a button that runs a command. */
  readonly id: string;
  readonly label: string;
  /** The mark shown in front ("A", "1"); empty for a button without one. */
  readonly mark: string;
}

/** What lasts between two turns of one person, beside record and settings. */
export interface Session {
  /** The activity whose question is open; typed text goes there. */
  readonly focus: string | null;
  readonly activities: { readonly [id: string]: Activity };
  /** Unanswered fallbacks in a row: which one comes next. */
  readonly fallbacks: number;
  /** When the person last did something themselves, epoch milliseconds. */
  readonly seenAt: number;
  /** Reminders in a row that nobody answered; one more when the coordinator was told about them. */
  readonly unanswered: number;
  /** The day (local, `2026-11-21`) of the last push, for the daily cap. */
  readonly pushedOn: string | null;
  /** How much was pushed on that day; without it once. */
  readonly pushes?: number;
  /** What is to be said with the next push, the oldest first; `dialogs/waiting.ts` reads it. */
  readonly waiting?: readonly Json[];
  /** The country of the person's organisation (ISO 3166-1 alpha-2), asked for where the time zone is only assumed; empty: none. */
  readonly country?: string;
  /** The instant the next-step timer is set for, so that it is not set twice. */
  readonly reminderAt: number | null;
}

export const emptySession: Session = {
  focus: null,
  activities: {},
  fallbacks: 0,
  seenAt: 0,
  unanswered: 0,
  pushedOn: null,
  reminderAt: null,
};

/** One entry of the append-only record. */
export interface RecordEntry {
  /** For example `lesson.done`, `answer`, `check.done`, `card.saved`. */
  readonly type: string;
  /**
   * The domain key, unique per person: the same thing done twice is one entry, whatever the delivery ids.
   * For an answer: `answer:<attempt>:<question>`.
   */
  readonly key: string;
  readonly programme: string;
  readonly version: string;
  readonly data: Json;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** What pressing a button of a prompt means. One row per prompt, kept for ever. */
export type TokenMeaning =
  /** A step of an activity; `key` is the domain key that an answer would be recorded under. */
  | { readonly type: "step"; readonly activity: string; readonly key?: string; readonly commands?: TokenCommands }
  /** Each option is a command: works at any time. */
  | { readonly type: "commands"; readonly commands: TokenCommands };

/** Buttons that run a command, by option letter. */
export interface TokenCommands {
  readonly [option: string]: { readonly name: string; readonly args: string };
}

/** A token row as a press finds it. */
export interface FoundToken {
  readonly token: string;
  /** Whether the row belongs to the person who pressed. */
  readonly mine: boolean;
  readonly meaning: TokenMeaning;
  /** The recorded answer to this very question, where there is one. */
  readonly answered: Json | null;
}

/** What a `session` effect may change. */
export type ReminderChanges = Partial<
  Pick<Session, "unanswered" | "pushedOn" | "pushes" | "waiting" | "country" | "reminderAt">
>;

/** One turn's effects: each one is a row. */
export type Effect =
  | { readonly type: "record"; readonly entry: RecordEntry }
  | { readonly type: "token"; readonly token: string; readonly meaning: TokenMeaning }
  /** Due timers become turns; setting a name again replaces it. */
  | { readonly type: "timer.set"; readonly name: string; readonly due: number; readonly data: Json }
  | { readonly type: "timer.cancel"; readonly name: string }
  /** Work outside the turn, done once after the commit by a named job (merge of two persons, relay of a question). */
  | { readonly type: "job"; readonly name: string; readonly data: Json }
  | { readonly type: "person"; readonly changes: Partial<Omit<PersonState, "id">> }
  /** Parts of the session that reminders keep. */
  | { readonly type: "session"; readonly changes: ReminderChanges }
  /** The address of this turn became unreachable or reachable. */
  | { readonly type: "address"; readonly state: "reachable" | "gone" };
