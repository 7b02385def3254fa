// The terminal: the very lines that `npm run chat` prints, with their styles.
import { createScreen } from "../../dist/adapters/terminal/screen.js";
import { words } from "./lesson.mjs";
import { escapeHtml, pageOf } from "./page.mjs";

const layout = { width: 72, colour: true, picture: (alt) => words.text("en", "terminal.picture", { alt }) };

/** What is on the screen after the last few things somebody typed: `[typed, what one turn said]` each. */
export function terminalPage(turns, last) {
  const screen = createScreen();
  const lines = turns.map(([typed, parts], index) => {
    screen.answered();
    const text = screen.show([{ seq: index, kind: "reply", createdAt: 0, parts }], layout);
    return `<span class="typed">&gt; ${escapeHtml(typed)}</span>\n${styled(text)}\n`;
  });
  return pageOf(
    `#frame { width: 680px; background: #1b2023; border-color: #1b2023; }
    header { background: #2b3236; border: 0; padding: 9px 14px; gap: 7px; font-weight: 400; font-size: 12px; color: #b6c0c5; }
    .dot { width: 11px; height: 11px; border-radius: 50%; background: #566066; }
    header span:last-child { margin-left: 8px; }
    pre { padding: 14px 18px 16px; font: 14px/1.42 "DejaVu Sans Mono", "Liberation Mono", monospace; color: #dfe5e8;
      white-space: pre; }
    pre b { color: #fff; } .typed { color: #7fd1c5; } .caret { background: #dfe5e8; }`,
    `<header><i class="dot"></i><i class="dot"></i><i class="dot"></i><span>npm run chat</span></header>
    <pre>${lines.slice(-last).join("\n")}\n<span class="typed">&gt; </span><span class="caret"> </span></pre>`,
  );
}

const tags = { "\x1b[1m": "b", "\x1b[3m": "i", "\x1b[4m": "u" };
const reset = "\x1b[0m";

/** Bold, italic and underlined as a terminal would show them. */
function styled(text) {
  const pieces = escapeHtml(text).split(reset);
  return pieces.map((piece) => Object.entries(tags).reduce(closed, piece)).join("");
}

/** The style begins in this piece and ends with it. */
function closed(piece, [code, tag]) {
  const [before, ...styledText] = piece.split(code);
  return styledText.length === 0 ? piece : `${before}<${tag}>${styledText.join("")}</${tag}>`;
}
