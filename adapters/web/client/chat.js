// The page: joins what is shown (view.js), what comes (receive.js) and what goes (send.js).
import { bring, grow, keepClear, nearEnd, toEnd } from "./page.js";
import { createStream } from "./receive.js";
import { createQueue, memory, newId } from "./send.js";
import { botMessage, card, markPressed, ownMessage, strip } from "./view.js";

const find = (id) => document.getElementById(id);
const main = find("conversation");
const words = JSON.parse(main.dataset.words);
const log = find("log");
const chat = find("chat");
const dock = find("dock");
const status = find("status");
const field = find("message");
const newer = find("newer");

const ownKey = "fadder.own";
const draftKey = "fadder.draft";
let own = memory.get(ownKey) || [];
let caughtUp = false;
let started = main.dataset.door === "known";
/** What is shown as pressed, by the id of its message: the way back. */
const pressed = {};
/** How many rows had come when it was pressed. */
const rowsAtPress = {};
let rows = 0;
/** The first message that came since the person last looked. */
let firstNew = null;
let firstUnseen = null;
let wasAtEnd = true;
let focusNext = false;

const stream = createStream({ onRow, onReady, onState });
const queue = createQueue({ onDone, onRefused, onWaiting });

// --- what goes out ---

function send(content, id = newId()) {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  queue.add({ id, ...content, locale: document.documentElement.lang, ...(zone ? { timeZone: zone } : {}) });
}

function press(button, content) {
  if (button.getAttribute("aria-disabled") === "true") return;
  const id = newId();
  focusNext = true;
  if (status.dataset.kind === "notice") say("");
  pressed[id] = markPressed(button);
  rowsAtPress[id] = rows;
  send(content, id);
}

function sendText() {
  const text = field.value.trim();
  if (!text) return;
  const item = { id: newId(), text, after: stream.position() || 0 };
  own = own.concat(item).slice(-50);
  memory.set(ownKey, own);
  addOwn(item, words.sending);
  field.value = "";
  memory.set(draftKey, "");
  grow(field);
  toEnd();
  send({ type: "text", text }, item.id);
}

function onDone(message, receipt) {
  setState(message.id, "");
  if (status.dataset.kind === "waiting") say("");
  // The answer comes over the stream and takes the buttons away; where nothing changes, they come back,
  // and a notice is shown only where no message says it.
  const before = rowsAtPress[message.id];
  setTimeout(() => {
    release(message.id);
    if (receipt.notice && rows === before) say(receipt.notice);
  }, 1500);
  stream.wake();
}

function onRefused(message, text, code) {
  release(message.id);
  setState(message.id, words.notSent);
  say(code === 401 ? words.badSession : text || words.notSent, "problem");
}

function onWaiting(message) {
  setState(message.id, words.waiting);
  say(navigator.onLine === false ? words.offline : words.reconnecting, "waiting");
}

function release(id) {
  if (pressed[id]) pressed[id]();
  delete pressed[id];
  delete rowsAtPress[id];
}

function setState(id, text) {
  const article = log.querySelector(`[data-own="${id}"]`);
  if (article) article.querySelector(".state").textContent = text;
}

// --- what comes in ---

function onRow(row) {
  rows += 1;
  // Rows that come together are one piece of news: where the person was before the first of them is what counts.
  if (!firstNew) wasAtEnd = nearEnd();
  row.parts.forEach((part) => {
    const article = botMessage(part, row, words);
    const replaced = part.edits ? lastWith(part.edits) : undefined;
    if (part.token) log.querySelectorAll(`[data-token="${part.token}"]`).forEach(strip);
    if (replaced) {
      // It keeps its place, so it keeps the number of that place.
      article.dataset.seq = replaced.dataset.seq;
      replaced.replaceWith(article);
    } else log.append(article);
    if (caughtUp) settle(article);
    // A message that only lost its buttons says nothing new.
    if (!caughtUp || (replaced && sameText(replaced, article))) return;
    if (!firstNew) firstNew = article;
    if (!wasAtEnd && !firstUnseen) firstUnseen = article;
  });
  if (caughtUp) requestAnimationFrame(showNew);
}

/** The second half of a double press must not answer a question that has only just slid under the finger. */
function settle(article) {
  article.classList.add("fresh");
  setTimeout(() => article.classList.remove("fresh"), 350);
}

function sameText(one, other) {
  return one.querySelector(".text").textContent === other.querySelector(".text").textContent;
}

function lastWith(token) {
  const all = log.querySelectorAll(`[data-token="${token}"]`);
  return all[all.length - 1];
}

/** Brings what is new into sight, from its first line, and the keyboard with it where it was in the conversation. */
function showNew() {
  if (!firstNew) return;
  const target = firstNew;
  firstNew = null;
  const holder = document.activeElement;
  const ours = !holder || holder === document.body || holder === main || log.contains(holder);
  if (focusNext && ours) {
    const fresh = Array.from(log.querySelectorAll("article.bot"));
    fresh[fresh.length - 1].focus({ preventScroll: true });
  }
  if (firstUnseen && !focusNext) {
    newer.hidden = false;
    return;
  }
  focusNext = false;
  look(target);
}

function look(target) {
  firstUnseen = null;
  newer.hidden = true;
  bring(target);
}

function onReady() {
  queue.start();
  queue.hurry();
  if (status.dataset.kind === "lost" || status.dataset.kind === "waiting") say("");
  if (caughtUp) return;
  if (!started) {
    started = true;
    if (log.children.length === 0) send({ type: "command", name: "start", args: "" });
  }
  open();
}

/** Shows the conversation for the first time, with everything that was said before. */
function open() {
  const landing = find("landing");
  // The button that was pressed goes away with it: the keyboard must not be lost.
  const hadFocus = landing.contains(document.activeElement);
  landing.remove();
  chat.hidden = false;
  find("tools").hidden = false;
  document.body.className = "chatting";
  // Languages and privacy stand above the conversation now; below it is the text field.
  document.body.insertBefore(document.querySelector("footer"), main);
  const unsent = queue.waiting();
  own.forEach((item) => {
    addOwn(item, queue.has(item.id) ? words.waiting : "");
  });
  if (log.children.length === 0 && unsent.length === 0) {
    const greeting = card(words.back, words.continue, (button) => {
      press(button, { type: "command", name: "menu", args: "" });
      greeting.remove();
      field.focus({ preventScroll: true });
    });
    log.append(greeting);
  }
  field.value = memory.get(draftKey) || "";
  grow(field);
  caughtUp = true;
  if (hadFocus) {
    focusNext = true;
    main.focus({ preventScroll: true });
  }
  window.scrollTo(0, document.documentElement.scrollHeight);
  // Only what is said from now on is read out; the history is there to be read when wanted.
  setTimeout(() => log.setAttribute("aria-live", "polite"), 100);
}

function onState(state) {
  if (state === "open") return;
  if (!caughtUp) {
    const note = document.querySelector("#landing .waiting");
    if (note) note.textContent = words.lost;
    return;
  }
  say(navigator.onLine === false ? words.offline : words.reconnecting, "lost");
}

function say(text, kind = "notice") {
  status.textContent = text;
  status.dataset.kind = text ? kind : "";
}

/** Own texts stand after the messages they followed. */
function addOwn(item, state) {
  const later = Array.from(log.querySelectorAll("article[data-seq]")).find(
    (one) => Number(one.dataset.seq) > item.after,
  );
  const article = ownMessage(item, words);
  if (later) log.insertBefore(article, later);
  else log.append(article);
  setState(item.id, state);
}

// --- the page itself ---

log.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-option]");
  const article = button && button.closest("article[data-token]");
  if (article) press(button, { type: "press", token: article.dataset.token, option: button.dataset.option });
});

find("tools").addEventListener("click", (event) => {
  const button = event.target.closest("button[data-command]");
  if (button) press(button, { type: "command", name: button.dataset.command, args: "" });
});

find("composer").addEventListener("submit", (event) => {
  event.preventDefault();
  sendText();
});

field.addEventListener("keydown", (event) => {
  // Enter sends, except while an input method is composing a character.
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  sendText();
});

field.addEventListener("input", () => {
  memory.set(draftKey, field.value);
  grow(field);
});

newer.addEventListener("click", () => {
  const target = firstUnseen || log.lastElementChild;
  look(target);
  target.focus({ preventScroll: true });
});

window.addEventListener("scroll", () => {
  if (!newer.hidden && nearEnd()) {
    newer.hidden = true;
    firstUnseen = null;
  }
});

keepClear(dock);

const start = find("start");
if (started) stream.wake();
else if (start) {
  start.disabled = false;
  start.addEventListener("click", () => {
    if (start.getAttribute("aria-busy") === "true") return;
    markPressed(start);
    stream.wake();
  });
}
