import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseActivity } from "../../../adapters/teams/parse.ts";
import { recorded } from "./recorded.ts";

const arrival = { appId: "app", unsigned: false, receivedAt: 5 };

describe("recorded activities", () => {
  test.each(Object.entries(recorded))("%s", (_name, { activity, becomes }) => {
    const parsed = parseActivity(activity, arrival);
    if (parsed.kind !== "turn") throw new Error(parsed.kind);
    expect(parsed.inbound.input).toEqual(becomes);
    expect(parsed.inbound.address).toEqual({
      channel: "teams",
      tenant: "app/22222222-2222-2222-2222-222222222222",
      user: "6c7e1a54-0d3b-4f0e-9a1c-5b1d2e3f4a5b",
      ref: {
        serviceUrl: "https://smba.trafficmanager.net/emea/22222222-2222-2222-2222-222222222222/",
        conversation: "a:1xYz",
        user: "29:1AbCdEf",
        bot: "28:11111111-1111-1111-1111-111111111111",
        tenant: "22222222-2222-2222-2222-222222222222",
      },
    });
    expect(parsed.inbound.person).toMatchObject({ name: "Rumen Petrov", locale: "bg-BG" });
    expect(JSON.stringify(parsed)).not.toContain("secret");
  });

  test("a time zone or locale that is none is left out", () => {
    const activity = {
      ...recorded["a typed message"]?.activity,
      locale: "<script>",
      entities: [{ type: "clientInfo", timezone: "Mars/Olympus" }],
    };
    const parsed = parseActivity(activity, arrival);
    expect(parsed).toMatchObject({ kind: "turn", inbound: { person: { name: "Rumen Petrov" } } });
    expect(JSON.stringify(parsed)).not.toMatch(/Olympus|script/);
  });

  test("the same person is the same address however the directory writes the id", () => {
    const activity = recorded["a typed message"]?.activity as { from: object };
    const upper = { ...activity, from: { ...activity.from, aadObjectId: "6C7E1A54-0D3B-4F0E-9A1C-5B1D2E3F4A5B" } };
    const users = [activity, upper].map((one) => {
      const parsed = parseActivity(one, arrival);
      return parsed.kind === "turn" ? parsed.inbound.address.user : "";
    });
    expect(users[0]).toBe(users[1]);
  });
});

describe("anything at all", () => {
  test("is parsed without throwing, into well-formed text within bounds", () => {
    const values = fc.anything({ withNullPrototype: false });
    const activity = fc.record(
      {
        type: fc.constantFrom("message", "invoke", "installationUpdate", "conversationUpdate", "x"),
        id: fc.option(fc.string()),
        name: fc.constantFrom("adaptiveCard/action", "x"),
        action: fc.constantFrom("add", "remove", ""),
        serviceUrl: fc.string(),
        text: fc.option(fc.string({ unit: "binary", maxLength: 6000 })),
        value: values,
        from: fc.record({ id: fc.string(), name: fc.string({ unit: "binary" }), aadObjectId: fc.option(fc.string()) }),
        recipient: fc.record({ id: fc.string() }),
        conversation: fc.record({ id: fc.string(), conversationType: fc.constantFrom("personal", "channel", null) }),
        entities: fc.array(
          fc.record({ type: fc.constantFrom("mention", "clientInfo"), text: fc.string(), mentioned: values }),
        ),
        attachments: fc.array(fc.record({ contentType: fc.string(), content: values })),
      },
      { requiredKeys: ["type"] },
    );
    fc.assert(
      fc.property(fc.oneof(activity, values), (value) => {
        const parsed = parseActivity(value, arrival);
        if (parsed.kind !== "turn") return;
        const text = JSON.stringify(parsed.inbound);
        expect(text.length).toBeLessThan(60_000);
        expect(parsed.inbound.address.tenant).not.toContain(":");
        const { input, person } = parsed.inbound;
        if (input.type === "text") {
          expect(input.text.length).toBeLessThanOrEqual(4000);
          expect(input.text).not.toMatch(/\p{Surrogate}/u);
          expect(input.text.trim()).not.toBe("");
        }
        if (input.type === "press") expect(input.token + input.option).toMatch(/^[A-Za-z0-9_-]{11}[a-z]$/);
        expect(person.name).not.toContain("\u0000");
      }),
      { numRuns: 2000 },
    );
  });
});
