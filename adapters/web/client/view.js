// Messages as elements. The text comes as safe HTML from the server; everything that can be pressed is made here.

function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

function choiceButton(choice) {
  const button = element("button", "choice");
  button.type = "button";
  button.dataset.option = choice.option;
  if (choice.mark) button.append(element("span", "mark", choice.mark), " ");
  button.append(element("span", "label", choice.label));
  return button;
}

function actionButton(action, words) {
  const className = action.primary ? "action primary" : "action";
  if (action.url === undefined) {
    const button = element("button", className, action.label);
    button.type = "button";
    button.dataset.option = action.option;
    return button;
  }
  const link = element("a", `${className} button`, action.label);
  link.href = action.url;
  link.target = "_blank";
  link.rel = "noopener";
  link.append(element("span", "hidden", ` (${words.newWindow})`));
  return link;
}

function group(className, label, children) {
  const made = element("div", className);
  made.setAttribute("role", "group");
  if (label) made.setAttribute("aria-label", label);
  made.append(...children);
  return made;
}

/** One message of the bot. */
export function botMessage(part, row, words) {
  const article = element("article", "message bot");
  article.tabIndex = -1;
  article.dataset.seq = row.seq;
  if (part.token) article.dataset.token = part.token;
  const text = element("div", "text");
  text.innerHTML = part.html;
  article.append(text);
  if (part.image && part.image.src) {
    const picture = element("img");
    picture.alt = part.image.alt;
    picture.src = part.image.src;
    // A picture that does not come is its text.
    picture.addEventListener("error", () => picture.replaceWith(element("p", "alt", part.image.alt)));
    article.append(picture);
  } else if (part.image) {
    article.append(element("p", "alt", part.image.alt));
  }
  if (part.choices) article.append(group("choices", words.answers, part.choices.map(choiceButton)));
  if (part.actions) {
    const buttons = part.actions.map((action) => actionButton(action, words));
    article.append(group("actions", "", buttons));
  }
  return article;
}

/** One message of the person. `state` is a text below it, or nothing. */
export function ownMessage(item, words) {
  const article = element("article", "message own");
  article.dataset.own = item.id;
  article.append(
    element("span", "hidden", `${words.you}: `),
    element("p", "text", item.text),
    element("p", "state", ""),
  );
  return article;
}

/** Takes the buttons off a message that was answered or shown again further down. */
export function strip(article) {
  article.querySelectorAll(".choices, .actions").forEach((part) => {
    part.remove();
  });
  delete article.dataset.token;
}

/** Shows at once that a press has arrived; gives the way back. */
export function markPressed(button) {
  const article = button.closest("article");
  const buttons = Array.from(article ? article.querySelectorAll("button") : [button]);
  buttons.forEach((other) => {
    other.setAttribute("aria-disabled", "true");
  });
  button.setAttribute("aria-busy", "true");
  button.classList.add("pressed");
  return () => {
    buttons.forEach((other) => {
      other.removeAttribute("aria-disabled");
    });
    button.removeAttribute("aria-busy");
    button.classList.remove("pressed");
  };
}

/** Puts a note into the log that is no message: a greeting with a button, for example. */
export function card(text, label, onPress) {
  const made = element("div", "panel card");
  const button = element("button", "primary", label);
  button.type = "button";
  button.addEventListener("click", () => onPress(button));
  made.append(element("p", "", text), button);
  return made;
}
