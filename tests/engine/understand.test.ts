import { describe, expect, test } from "vitest";
import { markFor, optionFor } from "../../src/engine/marks.ts";
import { understand } from "../../src/engine/understand.ts";

function shown(language: string, ...labels: readonly string[]) {
  return labels.map((label, index) => ({ option: optionFor(index), id: label, mark: markFor(language, index), label }));
}

const english = shown("en", "Call the emergency number", "Wait until Monday", "Ask the family first");
const bulgarian = shown("bg", "Обаждам се на 112", "Изчаквам до понеделник", "Първо питам семейството");

describe("a typed answer equals a button", () => {
  test.each([
    ["1", "a"],
    ["2.", "b"],
    ["b", "b"],
    ["B)", "b"],
    ["Ask the family first", "c"],
    ["ask the family first!", "c"],
    ["ask the family", "c"],
    ["ask the famly first", "c"],
    ["B) Wait until Monday", "b"],
    ["wait  until\tmonday", "b"],
  ])("English %j is option %s", (text, option) => {
    expect(understand(text, english)).toEqual({ type: "one", option });
  });

  test.each([
    ["3", "c"],
    ["изчаквам до понеделник", "b"],
    ["изчаквам", "b"],
    ["izchakvam do ponedelnik", "b"],
    ["iz4akvam do ponedelnik", "b"],
    ["purvo pitam semeistvoto", "c"],
    ["Първо питам семейсвото", "c"],
    ["Б", "b"],
    ["А", "a"],
    ["A", "a"],
  ])("Bulgarian %j is option %s", (text, option) => {
    expect(understand(text, bulgarian)).toEqual({ type: "one", option });
  });

  test.each(["blå", "blåbær", "blabaer", "blaabaer"])("accents may be left out: %j", (text) => {
    expect(understand(text, shown("da", "Blåbær", "Jordbær"))).toEqual({ type: "one", option: "a" });
  });
});

describe("only where the text has one reading", () => {
  test("Cyrillic В is the third letter and looks like B", () => {
    expect(understand("В", bulgarian)).toEqual({ type: "several", options: ["c", "b"] });
    expect(understand("в", english)).toEqual({ type: "several", options: ["c", "b"] });
  });

  test("a Latin B beside numbers may be meant as В", () => {
    expect(understand("B", bulgarian)).toEqual({ type: "several", options: ["b", "c"] });
  });

  test("a beginning that two options share", () => {
    const options = shown("en", "Ask the family", "Ask the coordinator");
    expect(understand("ask the", options)).toEqual({ type: "several", options: ["a", "b"] });
  });

  test("a spelling near to two options", () => {
    const options = shown("en", "carefully", "carefulle");
    expect(understand("carefullo", options)).toEqual({ type: "several", options: ["a", "b"] });
  });

  test("a label that is a number and the place of another one", () => {
    const options = shown("en", "2", "3", "4");
    expect(understand("2", options)).toEqual({ type: "several", options: ["b", "a"] });
  });

  test.each(["", "  ", "4", "z", "something else entirely", "?", "🙂"])("%j means nothing here", (text) => {
    expect(understand(text, english)).toEqual({ type: "none" });
  });
});
