import { expect, test } from "vitest";
import { createWords } from "../src/words.ts";
import { words } from "./support/chat.ts";

test("a text chooses a branch, and one that is shown too stays a text", () => {
  const table = {
    branch: "{given, select, yes {Yes} other {No}}, {who}",
    both: "{given, select, yes {Yes} other {No}}: {given}",
  };
  const own = createWords(new Map([["en", new Map(Object.entries(table))]]));
  expect(own.text("en", "branch", { given: "yes", who: "*Anna*" })).toBe("Yes, *Anna*");
  expect(own.text("en", "branch", { given: "no", who: "Bo" })).toBe("No, Bo");
  expect(own.text("en", "branch", { given: "yes", who: "Bo" })).toBe("Yes, Bo");
  expect(own.text("en", "both", { given: "<b>" })).toBe("No: <b>");
});

test("a permission that was given is shown as given, in every language", () => {
  for (const language of words.languages) {
    const said = (given: string) => words.text(language, "privacy.state", { purpose: "x", given });
    expect(said("yes")).not.toBe(said("no"));
  }
});
