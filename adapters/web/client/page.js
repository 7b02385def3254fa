// Where the person looks: scrolling, and the size of the text field.

const headerHeight = 72;

/** Whether the end of the conversation is in sight, or nearly. */
export function nearEnd() {
  return window.innerHeight + window.pageYOffset > document.documentElement.scrollHeight - 160;
}

export function toEnd() {
  window.scrollTo(0, document.documentElement.scrollHeight);
}

/** Brings an element into sight from its first line, and as much of what follows as there is room for. */
export function bring(element) {
  const top = element.getBoundingClientRect().top + window.pageYOffset - headerHeight;
  const end = document.documentElement.scrollHeight - window.innerHeight;
  window.scrollTo(0, Math.min(top, end));
}

/** A text field grows with its text, to about five lines. */
export function grow(field) {
  field.style.height = "";
  if (field.value) field.style.height = `${Math.min(field.scrollHeight + 2, 144)}px`;
}

/** What has the keyboard must never lie under `dock`: https://www.w3.org/TR/WCAG22/#focus-not-obscured-minimum */
export function keepClear(dock) {
  if (!window.ResizeObserver) return;
  new ResizeObserver(() => {
    document.documentElement.style.scrollPaddingBottom = `${dock.offsetHeight + 8}px`;
  }).observe(dock);
}
