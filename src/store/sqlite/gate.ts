/**
 * Everything that writes on one SQLite file passes here, one after another. Prisma's adapter has a single connection and guards
 * transactions only: a statement beside an open transaction would become part of it and be lost with its rollback.
 */
export interface Gate {
  /** Runs `work` alone, at once where nobody is inside. */
  run<T>(work: () => T | Promise<T>): Promise<T>;
  /** Waits for the turn and returns the way out, which may be called more than once. */
  enter(): Promise<() => void>;
}

/** A gate with nobody inside. */
export function createGate(): Gate {
  let occupied = false;
  const waiting: (() => void)[] = [];

  function leave(): void {
    const next = waiting.shift();
    if (next === undefined) occupied = false;
    else next();
  }

  async function enter(): Promise<() => void> {
    if (occupied) await new Promise<void>((resolve) => waiting.push(resolve));
    occupied = true;
    let inside = true;
    return () => {
      if (!inside) return;
      inside = false;
      leave();
    };
  }

  return {
    enter,
    async run(work) {
      const exit = await enter();
      try {
        return await work();
      } finally {
        exit();
      }
    },
  };
}
