/**
 * Lets everything else that waits go first. A whole programme takes seconds to read; a server that checks one between two learners'
 * turns must not keep them waiting.
 */
export function breath(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
