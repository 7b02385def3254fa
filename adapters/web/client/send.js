// Messages on their way to the server: one after another, kept over a reload, repeated under the same id until one answer comes.

const key = "fadder.unsent";
const timeoutMs = 20000;

/** What a message is called for ever. Old browsers and plain http have no crypto.randomUUID. */
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => (byte < 16 ? "0" : "") + byte.toString(16)).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

/** The tab's own memory. It may be switched off; then nothing outlives a reload, and everything else works. */
export const memory = {
  get(name) {
    try {
      return JSON.parse(sessionStorage.getItem(name) || "null");
    } catch (_) {
      return null;
    }
  },
  set(name, value) {
    try {
      sessionStorage.setItem(name, JSON.stringify(value));
    } catch (_) {
      // Full or forbidden: see above.
    }
  },
};

/** `onDone(message, receipt)`, `onRefused(message, text, status)`, `onWaiting(message)`. */
export function createQueue({ onDone, onRefused, onWaiting }) {
  let queue = memory.get(key) || [];
  let sending = false;
  let failures = 0;
  let timer;
  let open = false;

  function keep() {
    memory.set(key, queue);
  }

  function settle() {
    queue = queue.slice(1);
    failures = 0;
    keep();
  }

  function later(message, seconds) {
    failures += 1;
    onWaiting(message);
    const wait = seconds ? seconds * 1000 : Math.min(30000, 1000 * 2 ** Math.min(failures - 1, 5));
    clearTimeout(timer);
    timer = setTimeout(next, wait);
  }

  async function next() {
    clearTimeout(timer);
    if (sending || !open || queue.length === 0) return;
    sending = true;
    const message = queue[0];
    const abort = window.AbortController ? new AbortController() : undefined;
    const limit = setTimeout(() => abort && abort.abort(), timeoutMs);
    try {
      const response = await fetch("/chat/message", {
        method: "POST",
        credentials: "same-origin",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(message),
        signal: abort && abort.signal,
      });
      if (response.ok) {
        const receipt = await response.json();
        settle();
        onDone(message, receipt);
      } else if (response.status === 429 || response.status >= 500) {
        later(message, Number(response.headers.get("retry-after")));
      } else {
        const body = await response.json().catch(() => ({}));
        settle();
        onRefused(message, body.message || "", response.status);
      }
    } catch (_) {
      // No answer: it may or may not have arrived. The same id makes the second time harmless.
      later(message);
    }
    clearTimeout(limit);
    sending = false;
    if (failures === 0) next();
  }

  window.addEventListener("online", next);

  return {
    add(message) {
      queue = queue.concat(message);
      keep();
      next();
    },
    /** Starts sending: from now on this browser has a cookie. */
    start() {
      open = true;
      next();
    },
    /** Tries again now, because the line is back. */
    hurry() {
      if (failures > 0) next();
    },
    has: (id) => queue.some((message) => message.id === id),
    waiting: () => queue.slice(),
  };
}
