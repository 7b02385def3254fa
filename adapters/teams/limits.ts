/** The newest Adaptive Card version with universal actions that every Teams client shows. */
export const CARD_VERSION = "1.5";

/**
 * Largest card in UTF-16 bytes. The vendor's page has said 28, 40 and 100 KB over the years; this is below the least.
 * https://learn.microsoft.com/microsoftteams/platform/bots/how-to/format-your-bot-messages
 */
export const CARD_BYTES = 25 * 1024;

/**
 * Buttons side by side. Teams shows six; more go to a further row.
 * https://learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/cards/cards-reference
 */
export const ROW_ACTIONS = 5;

/** Longest answer, in characters, that stands on its button; longer ones are printed and the button has the mark. */
export const CHOICE_LABEL = 32;

/** Longest title of any button, in characters; a longer one is cut. */
export const BUTTON_TITLE = 60;

/** Longest text of a notification, in characters. */
export const SUMMARY = 240;

/** Longest text for clients that cannot show the card, and for speaking it, in characters. */
export const FALLBACK_TEXT = 500;

/** Longest alternative text of a picture, in characters. */
export const ALT_TEXT = 1000;

/** Longest run of a text in one element, in code points; a longer one goes on in a further element. */
export const RUN = 750;

/** Longest address of a link, in characters. */
export const LINK = 2000;

/** Most answers whose buttons carry the answer's text for screen readers; with more the card would become too large. */
export const TOOLTIPS = 8;

/** Longest typed text that is taken, in characters. */
export const INPUT_TEXT = 4000;

/** Largest request body. Activities from Teams stay below 100 KB. */
export const BODY = "256kb";

/** Longest a token check may take; Teams gives up after 10 to 15 s. In milliseconds. */
export const VERIFY_MS = 8_000;

/** Longest one request to the connector may take, in milliseconds. */
export const SEND_MS = 15_000;

/**
 * Per registration and tenant 20 requests a second of the 50 allowed, and one message a second in a chat of the seven.
 * https://learn.microsoft.com/microsoftteams/platform/bots/how-to/rate-limit
 */
export const RATES = [
  { scope: "lane", count: 20, perMs: 1_000 },
  { scope: "chat", count: 1, perMs: 1_000 },
  { scope: "chat", count: 55, perMs: 30_000 },
  { scope: "chat", count: 1_700, perMs: 3_600_000 },
] as const;

/** Sends of one lane under way at once. */
export const CONCURRENCY = 20;
