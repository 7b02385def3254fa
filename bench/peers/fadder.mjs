// This engine, from `receive` to its resolving.
import { openProduct } from "../lib/product.mjs";

export async function open({ database, count, said, allAdapters }) {
  if (allAdapters) await loadAdapters();
  const product = await openProduct({ database, count });
  return {
    prepare: (l) => product.welcome(l),
    send: (l, event) => product.send(l, event),
    async finish(learners, scoreText) {
      const scores = await product.scores();
      for (const l of learners) said(l, scoreText(scores.get(l) ?? 0));
    },
    close: () => product.close(),
  };
}

/** Every adapter's code and vendor library in memory, as in a server that speaks everywhere. */
async function loadAdapters() {
  for (const name of ["telegram", "slack", "teams", "web", "terminal"])
    await import(`../../dist/adapters/${name}/index.js`);
}
