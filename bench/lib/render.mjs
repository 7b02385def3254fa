/** Rendering for a platform, without the platform: what `deliver` would do before it opens a connection. */
export async function renderForBench(dist) {
  return (await dist("adapters/telegram/render.js")).render;
}
