import { describe, expect, test } from "vitest";
import { createWorld, words } from "../support/chat.ts";
import { welcomed } from "../support/learner.ts";

const said = {
  en: { name: "My mentee Zebulina is late.", danger: "I do not want to live any more.", urgent: "sos", police: "114" },
  da: {
    name: "Min mentee Zebulina er forsinket.",
    danger: "Jeg orker ikke at leve mere.",
    urgent: "akut",
    police: "114",
  },
  sv: { name: "Min adept Zebulina är sen.", danger: "Jag orkar inte leva längre.", urgent: "fara", police: "114 14" },
  bg: { name: "Момичето Зебулина закъсня.", danger: "Не искам да живея повече.", urgent: "спешно", police: "116 111" },
  fi: {
    name: "Mentoroitavani Zebulina on myöhässä.",
    danger: "En jaksa enää elää.",
    urgent: "hätä",
    police: "09 2525 0111",
  },
} as const;
const zones = {
  en: "Europe/Copenhagen",
  da: "Europe/Copenhagen",
  sv: "Europe/Stockholm",
  bg: "Europe/Sofia",
  fi: "Europe/Helsinki",
};

describe.each(Object.keys(said) as (keyof typeof said)[])("in %s", (language) => {
  const { name, danger, urgent, police } = said[language];
  const s = (key: string, args = {}) => words.text(language, key, args);
  const plain = (text: string) => text.replaceAll("*", "");
  const started = async () => {
    const world = createWorld();
    const chat = world.chat("anna");
    await welcomed(chat, { language });
    await chat.type(
      `${{ en: "time zone", da: "timezone", sv: "timezone", bg: "timezone", fi: "timezone" }[language]} ${zones[language]}`,
    );
    return chat;
  };

  test("a name: what was seen, that it is kept nowhere, and how to go on", async () => {
    const chat = await started();
    const answer = await chat.type(name);
    expect(answer).toContain(s("privacy.withheld", { what: s("privacy.kind.name") }));
    expect(answer).toContain(s("privacy.rewrite"));
    expect(
      chat
        .shown()
        .at(-1)
        ?.actions?.map((one) => one.label),
    ).toContain(s("b.continue"));
  });

  test("several kinds are named together", async () => {
    const chat = await started();
    const answer = await chat.type(`${name} 22 34 56 78`);
    expect(answer).toContain(s("privacy.kind.name"));
    expect(answer).toContain(s("privacy.kind.phone"));
  });

  test("danger: the country's numbers, and that nobody was informed", async () => {
    const chat = await started();
    const answer = await chat.type(danger);
    expect(answer).toContain(plain(s("privacy.danger")));
    expect(answer).toContain("112");
    expect(answer).toContain(police);
  });

  test("urgent: the same card at any time, and the open question stays", async () => {
    const chat = await started();
    await chat.command("next");
    const focus = chat.person().session?.focus;
    const answer = await chat.type(urgent);
    expect(answer).toContain(plain(s("privacy.urgent")));
    expect(answer).toContain(police);
    expect(chat.person().session?.focus).toBe(focus);
  });
});

describe("a first message", () => {
  test("that sounds like danger gets the card before the welcome", async () => {
    const chat = createWorld().chat("anna");
    const answer = await chat.type("I do not want to live any more.");
    expect(answer.indexOf("nobody was informed")).toBeGreaterThanOrEqual(0);
    expect(answer).toContain("Which language");
  });

  test("with a name in it is a welcome like any other", async () => {
    const chat = createWorld().chat("anna");
    expect(await chat.type("Hello, this is Zebulina Hansen.")).toContain("Which language");
  });
});

test("a country whose numbers nobody wrote down gets the numbers of Europe", async () => {
  const chat = createWorld().chat("anna");
  await welcomed(chat);
  await chat.type("time zone Lisbon");
  expect(await chat.type("urgent")).toContain("emergency number of your country");
});
