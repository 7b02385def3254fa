import { PREVIEW_STYLE } from "./broadcasts-look.ts";

/** Where the console's one style sheet is; no page carries a style of its own. */
export const CONSOLE_STYLE_PATH = "/console.css";

/** Readable, dark where the reader's machine is dark, usable from 320 px on, targets of 44 px. */
export const CONSOLE_STYLE = `:root { color-scheme: light dark; font: 1rem/1.55 system-ui, sans-serif;
  --text: #1b1f24; --soft: #4d5661; --back: #ffffff; --panel: #f3f5f8; --line: #c3cad3; --strong: #0b4f8a; --on: #ffffff;
  --good: #14602f; --bad: #9b1c1c; --note: #e6f0fa; }
@media (prefers-color-scheme: dark) { :root { --text: #e8ecf1; --soft: #b3bdc9; --back: #14181d; --panel: #1e242b;
  --line: #475160; --strong: #8cc4ff; --on: #0c1a28; --good: #8fdca8; --bad: #ffaaa5; --note: #1b2d40; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--back); color: var(--text); }
a { color: var(--strong); }
:focus-visible { outline: 3px solid var(--strong); outline-offset: 2px; }
.skip { position: absolute; left: -100rem; padding: 0.75rem 1rem; background: var(--back); }
.skip:focus { left: 0.5rem; top: 0.5rem; z-index: 1; }
header.top { display: flex; flex-wrap: wrap; gap: 0.25rem 1rem; align-items: center; padding: 0.5rem 1rem;
  background: var(--panel); border-bottom: 1px solid var(--line); }
header.top .brand { font-weight: 700; font-size: 1.1rem; }
header.top .who { margin-left: auto; color: var(--soft); overflow-wrap: anywhere; }
img.logo { max-height: 3rem; max-width: 10rem; width: auto; background: #ffffff; border-radius: 0.25rem; }
img.logo.large { max-height: 8rem; max-width: 100%; }
nav.main { width: 100%; }
nav.main ul { display: flex; flex-wrap: wrap; gap: 0 0.25rem; list-style: none; margin: 0; padding: 0; }
nav.main a { display: inline-flex; align-items: center; min-height: 2.75rem; padding: 0 0.6rem; text-decoration: none; border-radius: 0.4rem; }
nav.main a[aria-current], nav.main summary.here { background: var(--strong); color: var(--on); }
nav.main summary { display: flex; align-items: center; gap: 0.4rem; min-height: 2.75rem; padding: 0 0.6rem; cursor: pointer;
  border-radius: 0.4rem; color: var(--strong); list-style: none; }
nav.main summary::-webkit-details-marker { display: none; }
nav.main summary::after { content: "▾"; } nav.main details[open] > summary::after { content: "▴"; }
nav.main details { position: relative; }
nav.main details ul { position: absolute; z-index: 2; display: grid; min-width: 12rem; padding: 0.25rem; background: var(--panel);
  border: 1px solid var(--line); border-radius: 0.4rem; }
nav.main details a { display: flex; }
@media (max-width: 40rem) { nav.main details ul { position: static; } nav.main li:has(> details[open]) { flex-basis: 100%; } }
main { max-width: 72rem; margin: 0 auto; padding: 1rem 1rem 4rem; }
main.narrow { max-width: 36rem; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0.75rem 0; overflow-wrap: anywhere; }
h2 { font-size: 1.2rem; margin: 2rem 0 0.5rem; }
h3 { font-size: 1.05rem; margin: 1.25rem 0 0.25rem; } .card > h3, .card > h2 { margin-top: 0.25rem; }
h3 a { display: inline-flex; align-items: center; min-height: 2.75rem; }
p, ul, ol, dl { margin: 0.5rem 0; }
main li > a, main p > a, main td a, main th a { display: inline-flex; align-items: center; min-height: 2.75rem; }
.notice { background: var(--note); border-left: 0.3rem solid var(--strong); padding: 0.5rem 0.9rem; margin: 0.75rem 0; }
.problem { border-left: 0.3rem solid var(--bad); background: var(--panel); padding: 0.5rem 0.9rem; margin: 0.75rem 0; }
.good { color: var(--good); } .bad { color: var(--bad); } .soft { color: var(--soft); }
.row { display: flex; flex-wrap: wrap; gap: 0.5rem 1rem; align-items: end; }
ul.row { list-style: none; padding: 0; }
.cards { display: grid; gap: 0.75rem; grid-template-columns: repeat(auto-fill, minmax(min(100%, 17rem), 1fr)); list-style: none; padding: 0; }
.card { border: 1px solid var(--line); border-radius: 0.5rem; padding: 0.75rem 1rem; background: var(--panel); }
.scroll { position: relative; overflow-x: auto; border: 1px solid var(--line); border-radius: 0.4rem; }
table { border-collapse: collapse; width: 100%; }
caption { text-align: left; font-weight: 600; padding: 0.5rem 0.6rem; }
th, td { text-align: left; vertical-align: middle; padding: 0.35rem 0.6rem; border-top: 1px solid var(--line); }
thead th { white-space: nowrap; background: var(--panel); }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; }
dl.facts { display: grid; grid-template-columns: minmax(7rem, max-content) 1fr; gap: 0.25rem 1rem; }
dl.facts dt { color: var(--soft); } dl.facts dd { margin: 0; overflow-wrap: anywhere; }
@media (max-width: 30rem) { dl.facts { grid-template-columns: 1fr; } dl.facts dd { margin-bottom: 0.5rem; } }
form.stack { max-width: 34rem; }
label { display: block; margin-top: 0.75rem; font-weight: 600; }
label.tick { display: flex; gap: 0.6rem; align-items: center; min-height: 2.75rem; font-weight: 400; margin: 0; }
label.tick input { width: 1.5rem; height: 1.5rem; min-height: 0; flex: none; }
.hint { color: var(--soft); margin: 0.1rem 0; font-weight: 400; }
fieldset { border: 1px solid var(--line); border-radius: 0.4rem; margin: 1rem 0; padding: 0.5rem 1rem 1rem; min-width: 0; }
legend { font-weight: 600; padding: 0 0.3rem; }
input, select, textarea { font: inherit; color: inherit; background: var(--back); border: 1px solid var(--soft); border-radius: 0.35rem;
  padding: 0.45rem 0.6rem; min-height: 2.75rem; width: 100%; max-width: 100%; }
textarea { min-height: 8rem; }
.row > div { min-width: 0; max-width: 100%; }
.row input, .row select { width: auto; }
button, a.button { display: inline-flex; align-items: center; justify-content: center; min-height: 2.75rem; padding: 0.4rem 1rem; font: inherit;
  font-weight: 600; color: var(--strong); background: var(--back); border: 1px solid var(--strong); border-radius: 0.4rem; cursor: pointer; text-decoration: none; margin-top: 0.5rem; }
button.main, a.button.main { background: var(--strong); color: var(--on); }
button.danger { color: var(--bad); border-color: var(--bad); }
header.top button { margin: 0; }
.charted { display: grid; gap: 1rem; grid-template-columns: minmax(0, 1fr); align-items: start; }
@media (min-width: 60rem) { .charted { grid-template-columns: 20rem minmax(0, 1fr); } }
.charted th, .charted td { padding: 0.3rem 0.45rem; } .charted .card { padding: 0.5rem 0.75rem; }
.charted .scroll { max-height: 27rem; } .charted thead th { white-space: normal; }
svg.chart { display: block; width: 100%; max-width: 30rem; font-family: system-ui, sans-serif; }
progress { width: 8rem; max-width: 100%; }
summary { min-height: 2.75rem; cursor: pointer; padding: 0.5rem 0; }
img, svg { max-width: 100%; height: auto; }
.visually-hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
textarea.source, .problem pre { font: 0.9rem/1.5 ui-monospace, monospace; } textarea.source { min-height: 24rem; white-space: pre; overflow-x: auto; }
.problem pre { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; } ul.findings { padding-left: 1.2rem; overflow-wrap: anywhere; }
ol.play { list-style: none; padding: 0; max-width: 40rem; } ol.play > li { margin: 0.75rem 0; padding: 0.5rem 0.9rem; border-radius: 0.75rem;
  background: var(--panel); overflow-wrap: anywhere; } ol.play > li.player { background: var(--note); margin-left: 20%; }
ol.play a { display: inline; min-height: 0; } .play-field { max-width: 40rem; }
${PREVIEW_STYLE}.code { font-size: clamp(1.6rem, 7vw, 3.5rem); letter-spacing: 0.08em; overflow-wrap: anywhere; }
td.sign { min-width: 12rem; height: 2.5rem; } table.month td { vertical-align: top; min-width: 5rem; height: 4rem; }
@media print { header.top, .skip, .screen, .notice { display: none; } .card { break-inside: avoid; } }
`;
