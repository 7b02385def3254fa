import { Resvg } from "@resvg/resvg-js";

/** The app's accent colour, behind the mark. */
export const ACCENT = "#1F5E5B";

/** The mark: a tall and a small figure side by side, the one leaning to the other. Drawn on a field of 96 by 96. */
function mark(stroke: string): string {
  return `<g fill="none" stroke="${stroke}" stroke-width="7" stroke-linecap="round" stroke-linejoin="round">
    <circle cx="36" cy="27" r="10"/>
    <path d="M18 78V60a18 18 0 0 1 36 0v18"/>
    <circle cx="67" cy="45" r="7.5"/>
    <path d="M54 62a13 13 0 0 1 26 4v12"/>
  </g>`;
}

/**
 * The two icons of an app package: the full-colour one of 192 by 192 pixels and the white outline of 32 by 32.
 * https://learn.microsoft.com/microsoftteams/platform/concepts/build-and-test/apps-package
 */
export function icons(): { readonly color: Uint8Array; readonly outline: Uint8Array } {
  const field = `<rect width="96" height="96" fill="${ACCENT}"/>`;
  return { color: draw(field + mark("#FFFFFF"), 192), outline: draw(mark("#FFFFFF"), 32) };
}

function draw(content: string, pixels: number): Uint8Array {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 96 96">${content}</svg>`;
  const drawn = new Resvg(svg, { fitTo: { mode: "width", value: pixels }, font: { loadSystemFonts: false } });
  return new Uint8Array(drawn.render().asPng());
}
