/**
 * Messages in a minute over one account, all together. Exchange Online takes 30 from a mailbox, and no common provider takes
 * fewer; whoever has a larger allowance says so in `perMinute`.
 * https://learn.microsoft.com/exchange/troubleshoot/send-emails/smtp-submission-improvements
 */
export const PER_MINUTE = 30;

/** The lane's part of the messages in a minute. The rest is for invitations to people who are nobody here yet, which no lane carries. */
export const LANE_PART = 2 / 3;

/** Connections of one account at once. Exchange Online takes three. Same page as above. */
export const CONNECTIONS = 3;

/** Milliseconds until a server is given up: to connect, to greet, and between two answers. Together below what a lane waits. */
export const CONNECT_MS = 10_000;
export const GREETING_MS = 10_000;
export const SILENCE_MS = 20_000;

/** Characters of an address. RFC 5321, 4.5.3.1.3: a path has 256 with its brackets. */
export const ADDRESS_CHARACTERS = 254;
