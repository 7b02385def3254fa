/**
 * Characters of a message after its markup was read, counted in UTF-16 units; Telegram takes 4,096. The rest is a
 * margin, because Telegram counts some characters differently from what its page says.
 * https://core.telegram.org/bots/api#sendmessage
 */
export const MESSAGE_CHARACTERS = 4000;

/** Characters of a text under a picture, counted like a message. https://core.telegram.org/bots/api#sendphoto */
export const CAPTION_CHARACTERS = 1024;

/**
 * Bytes of a text with its markup: more are refused before the markup is even read.
 * https://github.com/tdlib/telegram-bot-api, `get_formatted_text` in Client.cpp (32,768).
 */
export const MARKED_UP_BYTES = 32_000;

/**
 * Pieces of emphasis and links in one message. Telegram keeps 100 and drops the markup of the rest without a word; it
 * counts emphasis around a link in pieces, so we stop at half. `MAX_ENTITIES` in
 * https://docs.python-telegram-bot.org/en/stable/telegram.constants.html
 */
export const ENTITIES = 50;

/** Bytes that travel back with a pressed button. https://core.telegram.org/bots/api#inlinekeyboardbutton */
export const CALLBACK_BYTES = 64;

/** Buttons under one message. https://docs.python-telegram-bot.org/en/stable/telegram.constants.html */
export const BUTTONS = 100;

/** Characters that a narrow telephone shows on a button as wide as the message. Telegram publishes none; longer ones end in dots. */
export const LABEL_CHARACTERS = 30;

/** Characters of a label that may share its row with another button. */
export const HALF_LABEL_CHARACTERS = 14;

/** Buttons with nothing but a mark ("A") in one row: wide enough for a thumb. */
export const MARKS_PER_ROW = 5;

/** Characters of the short text beside a pressed button. https://core.telegram.org/bots/api#answercallbackquery */
export const NOTICE_CHARACTERS = 200;

/** Characters of what a person typed that are kept; Telegram's own limit is 4,096. */
export const TYPED_CHARACTERS = 4000;

/** Commands of one menu, and the characters of a description. https://core.telegram.org/bots/api#botcommand */
export const COMMANDS = 100;
export const COMMAND_DESCRIPTION_CHARACTERS = 256;

/** What a command in the menu may be called. https://core.telegram.org/bots/api#botcommand */
export const COMMAND_NAME = /^[a-z0-9_]{1,32}$/u;

/** Characters of a bot's name, the text on its page, and the text in an empty chat. https://core.telegram.org/bots/api#setmyname */
export const NAME_CHARACTERS = 64;
export const ABOUT_CHARACTERS = 120;
export const DESCRIPTION_CHARACTERS = 512;

/** What the secret in a webhook's header may look like. https://core.telegram.org/bots/api#setwebhook */
export const WEBHOOK_SECRET = /^[A-Za-z0-9_-]{1,256}$/u;

/** Bytes of one update. Telegram publishes no limit; real ones stay far below. */
export const UPDATE_BYTES = 1_000_000;

/** Sends of one bot in a second; about 30 are allowed. https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this */
export const SENDS_PER_SECOND = 25;

/** Seconds until a request to Telegram is given up. Ours: the library's own 500 would hold a lane for minutes. */
export const REQUEST_SECONDS = 20;

/** Seconds that Telegram may hold a request for updates open; below `REQUEST_SECONDS`. https://core.telegram.org/bots/api#getupdates */
export const POLL_SECONDS = 15;

/** Updates in one page. https://core.telegram.org/bots/api#getupdates */
export const POLL_UPDATES = 100;
