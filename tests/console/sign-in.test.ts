import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Section } from "../../src/console/types.ts";
import { keyedHash } from "../../src/people/sign-in.ts";
import { type ConsoleWorld, secret, startConsole } from "./world.ts";

const section: Section = {
  path: "/garden",
  name: "console.title",
  routes: [
    {
      method: "get",
      path: "/garden",
      action: "console",
      handle: async () => ({ type: "page", title: "Garden", body: "Roses" }),
    },
    {
      method: "post",
      path: "/garden",
      action: "console",
      handle: async (visit) => ({
        type: "page",
        title: "Planted",
        body: [visit.form.getAll("rose").join("+"), visit.files.get("seed")?.bytes.length ?? 0].join(" "),
      }),
    },
    {
      method: "post",
      path: "/garden/water",
      action: "console",
      handle: async () => ({ type: "go", to: "/garden", said: "console.title" }),
    },
    {
      method: "get",
      path: "/garden/weeds",
      action: "console",
      handle: async () => {
        throw new Error("the spade is broken");
      },
    },
  ],
};

let world: ConsoleWorld;
afterEach(() => world.close());

describe("signing in", () => {
  beforeEach(async () => {
    world = await startConsole({ sections: [section] });
    await world.person("anna");
    await world.grant("anna", "coordinator");
  });

  test("opening the link changes nothing; its button signs in, once", async () => {
    const { pathname } = new URL(await world.signInLink("anna", "/console/garden"));
    const scanner = world.browser();
    for (const _ of [1, 2]) {
      const page = await scanner.get(pathname);
      expect(page.status).toBe(200);
      expect(page.text).toContain("Sign in</button>");
      expect(page.text).not.toContain("anna");
    }
    expect([...scanner.cookies]).toEqual([]);
    expect(await world.store.db.signIn.count({ where: { usedAt: null } })).toBe(1);

    const anna = world.browser();
    const pressed = await anna.post(pathname);
    expect([pressed.status, pressed.headers.get("location")]).toEqual([303, "/console/garden"]);
    expect((await anna.get("/console/garden")).text).toContain("Roses");

    const again = await world.browser().post(pathname);
    expect(again.status).toBe(410);
    expect(again.text).toContain("This link was used");
    expect(await world.store.db.consoleSession.count()).toBe(1);
  });

  test("two presses at once sign in once", async () => {
    const { pathname } = new URL(await world.signInLink("anna"));
    const answers = await Promise.all([1, 2, 3].map(() => world.browser().post(pathname)));
    expect(answers.map(({ status }) => status).sort()).toEqual([303, 410, 410]);
  });

  test("a link that is too old, cut, or another person's says what to do", async () => {
    const { pathname } = new URL(await world.signInLink("anna"));
    await world.store.db.signIn.updateMany({ data: { expiresAt: BigInt(Date.now() - 1) } });
    expect((await world.browser().post(pathname)).text).toContain("This link is too old");
    expect((await world.browser().get(pathname.slice(0, -3))).text).toContain("This link is not good");

    await world.person("bob");
    const anna = await world.enter("anna");
    const bobs = new URL(await world.signInLink("bob")).pathname;
    expect((await anna.get(bobs)).text).toContain("This link belongs to somebody else");
    expect((await anna.post(bobs)).status).toBe(410);
    expect((await anna.get("/console/garden")).text).toContain("Name of anna");
  });

  test("neither link nor session stands in the database as it is", async () => {
    const link = await world.signInLink("anna");
    const token = link.split("/").at(-1) ?? "";
    const anna = await world.enter("anna");
    const id = anna.cookies.get("fadder_console") ?? "";
    const rows = JSON.stringify([
      await world.store.db.signIn.findMany({ select: { tokenHash: true, path: true } }),
      await world.store.db.consoleSession.findMany({ select: { idHash: true } }),
    ]);
    expect(rows).not.toContain(token);
    expect(rows).not.toContain(id);
    expect(rows).toContain(keyedHash(secret, "sign-in", token));
  });

  test("a button that another site presses signs nobody in", async () => {
    const { pathname } = new URL(await world.signInLink("anna"));
    const foreign = { origin: "https://elsewhere.example", "sec-fetch-site": "cross-site" };
    expect((await world.browser().post(pathname, {}, foreign)).status).toBe(403);
    expect(await world.store.db.consoleSession.count()).toBe(0);
  });

  test("the button is refused after many tries", async () => {
    const tries = Array.from({ length: 21 }, () => world.browser().post(`/sign-in/${"x".repeat(43)}`));
    const answers = await Promise.all(tries);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(1);
  });
});

describe("a session", () => {
  beforeEach(async () => {
    world = await startConsole({ sections: [section] });
    await world.person("anna");
    await world.grant("anna", "coordinator");
  });

  test("ends by signing out, and the cookie is worth nothing then", async () => {
    const anna = await world.enter("anna");
    const cookie = anna.cookies.get("fadder_console") ?? "";
    expect((await anna.post("/console/sign-out")).text).toContain("You are signed out");
    const thief = world.browser();
    thief.cookies.set("fadder_console", cookie);
    expect((await thief.get("/console/garden")).status).toBe(401);
  });

  test.each([
    ["twelve hours without a visit", { seenAt: BigInt(Date.now() - 12 * 3_600_000 - 1) }],
    ["fourteen days in all", { expiresAt: BigInt(Date.now() - 1) }],
  ])("ends after %s", async (_when, data) => {
    const anna = await world.enter("anna");
    await world.store.db.consoleSession.updateMany({ data });
    expect((await anna.get("/console/garden")).status).toBe(401);
    expect(await world.store.db.consoleSession.count()).toBe(0);
  });

  test("opens nothing once the last role is taken", async () => {
    const anna = await world.enter("anna");
    await world.store.db.grant.deleteMany();
    expect((await anna.get("/console/garden")).status).toBe(404);
  });

  test("has a cookie that no script reads and that is bound to https and the host behind a public address", async () => {
    const near = await world.browser().post(new URL(await world.signInLink("anna")).pathname);
    expect(near.headers.getSetCookie().at(-1)).toMatch(/^fadder_console=[\w-]{43}; .*HttpOnly; SameSite=Lax$/u);
    const far = await startConsole({ sections: [section], publicUrl: "https://fadder.example" });
    await far.person("anna");
    const answer = await far.browser().post(new URL(await far.signInLink("anna")).pathname);
    expect(answer.headers.getSetCookie().at(-1)).toMatch(
      /^__Host-fadder_console=[\w-]{43}; .*Path=\/; .*HttpOnly; Secure; SameSite=Lax$/u,
    );
    await far.close();
  });
});

describe("a form", () => {
  beforeEach(async () => {
    world = await startConsole({ sections: [section] });
    await world.person("anna");
    await world.grant("anna", "coordinator");
  });

  test("is taken with the session's token, with several values and a file", async () => {
    const anna = await world.enter("anna");
    expect((await anna.post("/console/garden", { rose: "red" })).text).toContain("red 0");
    const form = new FormData();
    form.append("rose", "red");
    form.append("rose", "white");
    form.append("seed", new Blob([new Uint8Array(12)]), "seed.csv");
    expect((await anna.upload("/console/garden", form)).text).toContain("red+white 12");
  });

  test.each([
    ["without a token", { csrf: "" }, {}],
    ["with another token", { csrf: "x".repeat(43) }, {}],
    ["from another site", {}, { origin: "https://elsewhere.example" }],
    ["that says nothing about where it stands", {}, { origin: "null" }],
    ["that the browser calls foreign", {}, { "sec-fetch-site": "cross-site" }],
  ])("%s is refused", async (_how, fields, headers) => {
    const anna = await world.enter("anna");
    const answer = await anna.post("/console/garden", fields, headers);
    expect(answer.status).toBe(403);
    expect(answer.text).toContain("Nothing was changed");
  });

  test("with another person's token is refused", async () => {
    await world.person("bob");
    await world.grant("bob", "coordinator");
    const [anna, bob] = [await world.enter("anna"), await world.enter("bob")];
    const csrf = /name="csrf" value="([^"]+)"/u.exec((await bob.get("/console/garden")).text)?.[1] ?? "";
    expect((await anna.post("/console/garden", { csrf })).status).toBe(403);
  });

  test("that is too large is refused with what to do", async () => {
    const anna = await world.enter("anna");
    const form = new FormData();
    form.append("seed", new Blob([new Uint8Array(5 * 1024 * 1024 + 1)]), "seed.csv");
    const answer = await anna.upload("/console/garden", form);
    expect(answer.status).toBe(413);
    expect(answer.text).toContain("5 MB at most");
  });

  test("that changes something leads on and says so once", async () => {
    const anna = await world.enter("anna");
    const answer = await anna.post("/console/garden/water");
    expect([answer.status, answer.headers.get("location")]).toEqual([303, "/console/garden"]);
    expect((await anna.get("/console/garden")).text).toContain('role="status"');
    expect((await anna.get("/console/garden")).text).not.toContain('role="status"');
  });

  test("is refused after very many in a minute", async () => {
    const anna = await world.enter("anna");
    const answers = await Promise.all(Array.from({ length: 121 }, () => anna.post("/console/garden/water")));
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(1);
  });
});

describe("a page", () => {
  beforeEach(async () => {
    world = await startConsole({ sections: [section] });
    await world.person("anna");
    await world.grant("anna", "coordinator");
  });

  test("is kept by nobody on the way and says nothing about a fault inside", async () => {
    const anna = await world.enter("anna");
    const answer = await anna.get("/console/garden");
    expect(answer.headers.get("cache-control")).toBe("no-store");
    const broken = await anna.get("/console/garden/weeds");
    expect(broken.status).toBe(500);
    expect(broken.text).toContain("Something went wrong");
    expect(broken.text).not.toContain("spade");
  });

  test("that is not there and one that is not allowed look the same", async () => {
    await world.person("carl");
    await world.grant("carl", "learner");
    const carl = await world.enter("carl");
    const [absent, forbidden] = [await carl.get("/console/nothing"), await carl.get("/console/garden")];
    expect([absent.status, forbidden.status]).toEqual([404, 404]);
    expect(forbidden.text).toBe(absent.text);
  });

  test("speaks the person's language", async () => {
    await world.person("dorte", { language: "da" });
    await world.grant("dorte", "coordinator");
    const dorte = await world.enter("dorte");
    const { text } = await dorte.get("/console/nothing");
    expect(text).toContain('<html lang="da">');
    expect(text).toContain("Her er ikke noget");
  });
});
