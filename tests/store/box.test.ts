import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createBox } from "../../src/store/box.ts";
import type { Store } from "../../src/store/types.ts";
import { createDatabase, databaseKinds, type TestDatabase } from "../support/databases.ts";

const text = new TextEncoder().encode("what was typed");

describe("a box", () => {
  const box = createBox("present");

  test("opens what it sealed, and seals nothing twice alike", () => {
    const sealed = box.seal("journal", text, "id");
    expect(Buffer.from(box.open("journal", sealed, "id")).toString()).toBe("what was typed");
    expect(Buffer.from(sealed).includes("typed")).toBe(false);
    expect(Buffer.from(box.seal("journal", text, "id")).equals(sealed)).toBe(false);
  });

  test("refuses another purpose, another context, another secret, and any change", () => {
    const sealed = box.seal("journal", text, "id");
    expect(() => box.open("keep", sealed, "id")).toThrow(/does not open/);
    expect(() => box.open("journal", sealed, "other")).toThrow(/does not open/);
    expect(() => createBox("another").open("journal", sealed, "id")).toThrow(/FADDER_SECRET_PREVIOUS/);
    for (const index of [0, 1, 20, sealed.length - 1]) {
      const changed = Uint8Array.from(sealed, (byte, at) => (at === index ? byte ^ 1 : byte));
      expect(() => box.open("journal", changed, "id")).toThrow(/does not open/);
    }
    expect(() => box.open("journal", sealed.subarray(0, 10), "id")).toThrow(/does not open/);
  });

  test("opens what the previous secret sealed", () => {
    const sealed = box.seal("keep", text);
    expect(Buffer.from(createBox("next", "present").open("keep", sealed)).toString()).toBe("what was typed");
  });
});

describe.each(databaseKinds)("the keep on %s", (kind) => {
  let database: TestDatabase;
  let store: Store;
  beforeEach(async () => {
    database = await createDatabase(kind);
    store = await database.open({ secret: "first secret" });
  });
  afterEach(() => database.drop());

  test("keeps values per adapter, lists them by prefix and forgets them", async () => {
    const keep = store.keep("one");
    await keep.set("team:b", { token: "xoxb" });
    await keep.set("team:a", [1, null]);
    await keep.set("team%", "like");
    await keep.set("team:b", { token: "new" });
    await store.keep("two").set("team:c", 1);
    expect(await keep.get("team:b")).toEqual({ token: "new" });
    expect(await keep.get("none")).toBeUndefined();
    expect(await keep.list("team:")).toEqual([
      { key: "team:a", value: [1, null] },
      { key: "team:b", value: { token: "new" } },
    ]);
    expect(await keep.list("team%")).toEqual([{ key: "team%", value: "like" }]);
    await keep.delete("team:b");
    expect(await keep.get("team:b")).toBeUndefined();
    expect(await keep.list("")).toHaveLength(2);
  });

  test("is unreadable in the table and bound to its place", async () => {
    const keep = store.keep("one");
    await keep.set("a", "xoxb-secret");
    await keep.set("b", "other");
    const [row] = await store.db.keep.findMany({ where: { key: "a" } });
    expect(Buffer.from(row?.value ?? []).includes("xoxb")).toBe(false);
    await store.db.keep.update({
      where: { adapter_key: { adapter: "one", key: "b" } },
      data: { value: row?.value ?? Buffer.of() },
    });
    await expect(keep.get("b")).rejects.toThrow(/does not open/);
  });

  test("still opens under a new secret that knows the previous one", async () => {
    await store.keep("one").set("a", 1);
    await store.close();
    const next = await database.open({ secret: "second secret", previousSecret: "first secret" });
    expect(await next.keep("one").get("a")).toBe(1);
  });
});
