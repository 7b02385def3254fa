// What the drawn pictures have in common: fonts that are the same on every machine, and escaping.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
/** The fonts as CSS, family "Lesson". */
export const fonts = [
  [400, "normal", "400Regular/NotoSans_400Regular.ttf"],
  [400, "italic", "400Regular_Italic/NotoSans_400Regular_Italic.ttf"],
  [600, "normal", "600SemiBold/NotoSans_600SemiBold.ttf"],
  [700, "normal", "700Bold/NotoSans_700Bold.ttf"],
]
  .map(([weight, style, file]) => {
    const bytes = readFileSync(require.resolve(`@expo-google-fonts/noto-sans/${file}`)).toString("base64");
    return `@font-face { font-family: "Lesson"; font-weight: ${weight}; font-style: ${style};
    src: url(data:font/ttf;base64,${bytes}); }`;
  })
  .join("\n");

/** A page with one element `#frame`, which is the picture. */
export function pageOf(css, body) {
  return `<!doctype html><html lang="en"><meta charset="utf-8"><style>
    ${fonts}
    * { box-sizing: border-box; margin: 0; }
    body { background: #fff; font-family: "Lesson", sans-serif; }
    #frame { overflow: hidden; border: 1px solid #cfd4da; border-radius: 14px; }
    header { display: flex; align-items: center; gap: 10px; background: #fff; border-bottom: 1px solid #e1e4e8;
      padding: 11px 16px; font-weight: 600; font-size: 15px; color: #1d2329; }
    header small { display: block; font-weight: 400; font-size: 12px; color: #66707a; }
    .face { display: grid; place-items: center; flex: none; width: 34px; height: 34px; background: #0f5a55;
      color: #fff; font-weight: 700; font-size: 17px; }
    ${css}
  </style><div id="frame">${body}</div></html>`;
}

/** Text for HTML. */
export function escapeHtml(text) {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
