// Teams: Adaptive Cards, drawn by Microsoft's own library in the page.
import { createRequire } from "node:module";
import { renderReply } from "../../dist/adapters/teams/render.js";
import { pageOf } from "./page.mjs";

const library = createRequire(import.meta.url).resolve("adaptivecards/dist/adaptivecards.min.js");

/** The frame in which the cards will stand. */
export function teamsPage() {
  return pageOf(
    `#frame { width: 620px; background: #f3f3f4; }
    .face { border-radius: 50%; }
    main { padding: 16px 18px 18px; display: grid; gap: 12px; }
    article { display: grid; grid-template-columns: 34px 1fr; gap: 12px; }
    .card { background: #fff; border-radius: 6px; box-shadow: 0 1px 2px #00000026; padding: 14px 16px; }
    .card .ac-richTextBlock { line-height: 1.42; }
    .ac-adaptiveCard { padding: 0 !important; outline: none; }
    .ac-pushButton { border: 1px solid #c4c7cb; border-radius: 4px; background: #fff; color: #22262a; padding: 5px 14px;
      min-width: 44px; font: 600 14px "Lesson", sans-serif; }
    .ac-pushButton.style-positive { background: #0f5a55; border-color: #0f5a55; color: #fff; }`,
    `<header><span class="face">F</span><span>Fadder<small>chat</small></span></header><main></main>`,
  );
}

/** Puts the cards of the messages into the page. */
export async function drawCards(page, replies) {
  const cards = replies
    .flatMap((reply) => renderReply(reply, undefined))
    .map(({ attachments }) => attachments[0].content);
  await page.addScriptTag({ path: library });
  await page.evaluate(inPage, cards);
}

/** Runs in the browser. */
function inPage(cards) {
  const { AdaptiveCard, HostConfig } = globalThis.AdaptiveCards;
  const hostConfig = new HostConfig({
    fontFamily: '"Lesson", sans-serif',
    fontSizes: { small: 12, default: 15, medium: 17, large: 20, extraLarge: 24 },
    fontWeights: { lighter: 400, default: 400, bolder: 700 },
    spacing: { small: 6, default: 10, medium: 14, large: 20, extraLarge: 28, padding: 0 },
    actions: { actionsOrientation: "horizontal", actionAlignment: "left", buttonSpacing: 8, maxActions: 6 },
  });
  for (const json of cards) {
    const card = new AdaptiveCard();
    card.hostConfig = hostConfig;
    card.parse(json);
    const article = document.createElement("article");
    article.innerHTML = '<span class="face">F</span><div class="card"></div>';
    article.lastChild.append(card.render());
    document.querySelector("main").append(article);
  }
}
