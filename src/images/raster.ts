import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const fonts = [
  require.resolve("@expo-google-fonts/noto-sans/400Regular/NotoSans_400Regular.ttf"),
  require.resolve("@expo-google-fonts/noto-sans/700Bold/NotoSans_700Bold.ttf"),
];

/** The family every drawing must name: resvg drops text of a family it has no file for, without a word. */
export const fontFamily = "Noto Sans";

/** Turns an SVG into PNG bytes, off the main thread. The same SVG gives the same bytes; no font of the machine is used. */
export async function toPng(svg: string): Promise<Uint8Array> {
  // Loaded with the first picture: most processes of a small installation never draw one.
  const { renderAsync } = await import("@resvg/resvg-js");
  const image = await renderAsync(svg, {
    font: {
      loadSystemFonts: false,
      fontFiles: fonts,
      defaultFontFamily: fontFamily,
    },
  });
  return image.asPng();
}
