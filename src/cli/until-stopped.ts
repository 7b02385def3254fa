import type { Product } from "./kit.ts";

/** Starts a product and runs it until a signal comes or a person is done. The second signal does not wait. */
export async function untilStopped(product: Product, ready: (url: string | undefined) => void): Promise<number> {
  let asked = 0;
  let signalled: () => void = () => undefined;
  const signal = new Promise<void>((resolve) => {
    signalled = resolve;
  });
  const onSignal = () => {
    asked += 1;
    if (asked > 1) process.exit(1);
    signalled();
  };
  process.on("SIGTERM", onSignal);
  process.on("SIGINT", onSignal);
  try {
    const url = await Promise.race([product.start(), signal]);
    if (asked === 0) {
      ready(url ?? undefined);
      await Promise.race([signal, product.finished]);
    }
    return 0;
  } finally {
    await product.stop();
    process.removeListener("SIGTERM", onSignal);
    process.removeListener("SIGINT", onSignal);
  }
}
