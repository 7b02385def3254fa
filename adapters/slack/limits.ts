/**
 * Slack's numbers. Lengths are counted as `sizeOf` counts: UTF-16 units after `&`, `<` and `>` became entities, which is
 * never less than what Slack counts itself.
 */
export const limits = {
  /** https://docs.slack.dev/reference/block-kit/block-elements/button-element */
  buttonText: 75,
  /** The same page: text "may truncate with ~30 characters". A longer answer stands in the message instead. */
  buttonShown: 30,
  /** The same page: what screen readers say instead of the button's text. */
  buttonAccessible: 75,
  /** https://docs.slack.dev/reference/block-kit/blocks/actions-block */
  buttonsInBlock: 25,
  /** https://docs.slack.dev/reference/block-kit/blocks/image-block */
  altText: 2000,
  /** https://docs.slack.dev/reference/block-kit/blocks/image-block and the button's `url` */
  url: 3000,
  /** An address inside a text; Slack names no number, browsers and mail gateways keep to about this one. */
  linkUrl: 2000,
  /** https://docs.slack.dev/reference/block-kit/blocks/section-block (3,000): kept for rich text, which names no number of its own. */
  blockText: 2800,
  /** https://docs.slack.dev/reference/block-kit/blocks */
  blocksInMessage: 50,
  /** https://docs.slack.dev/surfaces/app-home */
  blocksInHome: 100,
  /**
   * All blocks of a message together, as JSON. Slack refuses about 12,000 characters of text plus an overhead it does not
   * publish, and refused 11,341 in rich text: https://github.com/slackapi/bolt-js/issues/2509 and 2867.
   */
  messageBlocks: 9000,
  /** What is tried once when Slack finds a message too long after all. */
  messageBlocksSmall: 4000,
  /** The text beside the blocks, for notifications. https://docs.slack.dev/reference/methods/chat.update allows 4,000. */
  notification: 3000,
  /** https://docs.slack.dev/reference/block-kit/blocks: `block_id` and `action_id` */
  id: 255,
  /** What a person may send in one message here; Slack allows more, the engine does not need it. */
  incomingText: 4000,
  /** A signed request may be this old or this far ahead. https://docs.slack.dev/authentication/verifying-requests-from-slack */
  signatureAgeSeconds: 300,
  /** A request body; Slack's own stay far below. */
  bodyBytes: 1_000_000,
} as const;

/** How long a text is for Slack at most. */
export function sizeOf(text: string): number {
  let size = text.length;
  for (const character of text) {
    if (character === "&") size += 4;
    else if (character === "<" || character === ">") size += 3;
  }
  return size;
}
