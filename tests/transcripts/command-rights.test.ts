import { describe, expect, test } from "vitest";
import { script } from "../../dialogs/index.ts";
import { commandRules, ruled } from "../../dialogs/rules.ts";
import { roles } from "../../src/people/access.ts";
import { createWorld, words } from "../support/chat.ts";
import { welcomed } from "../support/learner.ts";

const everyone = [...roles, "without any role"];

describe("every command of the chat", () => {
  test("has a rule, and every rule a command", () => {
    expect(Object.keys(script.commands).sort()).toEqual(Object.keys(commandRules).sort());
    expect(() => ruled({ surprise: { run: () => ({}) } })).toThrow(/"surprise" has no rule/);
  });

  test("names roles that exist", () => {
    for (const rule of Object.values(commandRules)) {
      if (typeof rule === "string") continue;
      for (const role of rule.roles) expect(roles).toContain(role);
    }
  });

  test.each(everyone)("does its work for %s by its rule, and else says whose it is and does nothing", async (who) => {
    let refused = 0;
    for (const [name, rule] of Object.entries(commandRules)) {
      const world = createWorld();
      const chat = world.chat("somebody");
      await welcomed(chat);
      chat.person().person = { ...chat.person().person, roles: who === "without any role" ? [] : [who] };
      const before = world.store.jobs.length;
      const open = JSON.stringify(chat.person().session?.activities);
      const said = await chat.command(name, name === "answer" ? "question somebody" : "");
      if (typeof rule === "string" || rule.roles.includes(who)) {
        if (typeof rule !== "string") expect(said, name).not.toContain(words.text("en", rule.refusal));
        continue;
      }
      refused += 1;
      expect(said, name).toContain(words.text("en", rule.refusal));
      expect(world.store.jobs.length, name).toBe(before);
      expect(JSON.stringify(chat.person().session?.activities), name).toBe(open);
    }
    const closed = Object.values(commandRules).filter((rule) => typeof rule !== "string" && !rule.roles.includes(who));
    expect(refused).toBe(closed.length);
  });
});
