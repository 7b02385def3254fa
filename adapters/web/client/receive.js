// The chat's rows, in order, over server-sent events; over plain requests where no stream gets through.

const quietMs = 40000; // The server says that it lives every 15 s: two missed beats and the line is dead.
const openMs = 10000; // A stream that has not said "ready" by then is held back by something on the way.
const pollMs = 3000;

/**
 * `onRow` gets every row once; `onReady` is called when the page has everything there is, after each connection;
 * `onState` gets "open" or "lost".
 */
export function createStream({ onRow, onReady, onState }) {
  let last;
  let source;
  let timer;
  let failures = 0;
  let held = 0;
  let running = false;
  let polling = false;
  let round = 0;

  function url() {
    return last === undefined ? "/chat/stream" : `/chat/stream?after=${last}`;
  }

  function take(row) {
    if (last !== undefined && row.seq <= last) return;
    last = row.seq;
    onRow(row);
  }

  function ready() {
    failures = 0;
    held = 0;
    if (last === undefined) last = 0;
    onState("open");
    onReady();
  }

  function again() {
    if (source) source.close();
    source = undefined;
    clearTimeout(timer);
    if (!running) return;
    failures += 1;
    if (failures > 1) onState("lost");
    // The chance keeps a thousand pages from coming back in the same instant after a restart.
    const wait = Math.min(30000, 500 * 2 ** Math.min(failures, 6)) * (0.5 + Math.random() / 2);
    timer = setTimeout(connect, wait);
  }

  function watch(ms, onSilence) {
    clearTimeout(timer);
    timer = setTimeout(onSilence, ms);
  }

  function connect() {
    clearTimeout(timer);
    if (!running) return;
    if (polling || !window.EventSource || held > 1) {
      polling = true;
      poll();
      return;
    }
    source = new EventSource(url());
    source.onmessage = (event) => {
      watch(quietMs, again);
      take(JSON.parse(event.data));
    };
    source.addEventListener("ready", () => {
      watch(quietMs, again);
      ready();
    });
    source.addEventListener("beat", () => watch(quietMs, again));
    // The browser would repeat some failures and give up on others: one rule for all of them is ours.
    source.onerror = again;
    watch(openMs, () => {
      held += 1;
      again();
    });
  }

  function poll() {
    round += 1;
    const mine = round;
    fetch(url(), { credentials: "same-origin", headers: { accept: "application/json" } })
      .then((response) => {
        if (!response.ok) throw new Error(String(response.status));
        return response.json();
      })
      .then((body) => {
        body.rows.forEach(take);
        ready();
        if (mine === round) watch(pollMs, poll);
      })
      .catch(() => mine === round && again());
  }

  /** Connects now: at the start, when the network is back, when the page is looked at again. */
  function wake() {
    running = true;
    if (polling || !source || source.readyState === 2) {
      if (source) source.close();
      connect();
    }
  }

  window.addEventListener("online", () => running && wake());
  window.addEventListener("offline", () => running && onState("lost"));
  document.addEventListener("visibilitychange", () => running && !document.hidden && wake());
  window.addEventListener("pageshow", (event) => running && event.persisted && wake());

  return { wake, position: () => last };
}
