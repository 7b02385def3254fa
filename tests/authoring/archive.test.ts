import { randomBytes } from "node:crypto";
import { zipSync } from "fflate";
import { describe, expect, test } from "vitest";
import { openStored, readArchive, writeArchive } from "../../src/authoring/archive.ts";
import { changesOf } from "../../src/authoring/changes.ts";

const text = (value: string): Uint8Array => new TextEncoder().encode(value);
const good = { "sample/programme.yaml": text("id: sample"), "sample/words/en/unit-1.yaml": text("title: One") };

describe("an archive", () => {
  test("is read whatever folders stand around the programme, without what machines put beside it", () => {
    for (const front of ["", "sample/", "Desktop/programmes/sample/"]) {
      const files = Object.fromEntries(
        Object.entries(good).map(([path, bytes]) => [path.replace("sample/", front), bytes]),
      );
      const read = readArchive(
        zipSync({ ...files, "__MACOSX/sample/._x": text("?"), [`${front}.DS_Store`]: text("?") }),
      );
      expect("files" in read && [...read.files.keys()]).toEqual(["programme.yaml", "words/en/unit-1.yaml"]);
    }
  });

  test.each([
    ["bytes that are no ZIP", text("hello, this is no archive"), { refused: "none" }],
    ["nothing", new Uint8Array(), { refused: "none" }],
    ["a ZIP cut in the middle", zipSync(good).slice(0, 120), { refused: "none" }],
    ["a path upwards", zipSync({ ...good, "sample/../../evil.yaml": text("x") }), { refused: "outside" }],
    ["a path from the top", zipSync({ ...good, "/etc/passwd.yaml": text("x") }), { refused: "outside" }],
    ["a path of another system", zipSync({ ...good, "sample\\evil.yaml": text("x") }), { refused: "outside" }],
    ["a drive", zipSync({ ...good, "C:evil.yaml": text("x") }), { refused: "outside" }],
    ["a picture", zipSync({ ...good, "sample/logo.png": text("x") }), { refused: "kind", name: "logo.png" }],
    ["a script", zipSync({ ...good, "sample/words/en/run.sh": text("x") }), { refused: "kind" }],
    ["a bomb", zipSync({ ...good, "sample/bomb.yaml": new Uint8Array(900_000) }), { refused: "bomb" }],
    ["a large file", zipSync({ ...good, "sample/large.yaml": randomBytes(1_100_000) }), { refused: "large" }],
    ["no structure", zipSync({ "sample/words/en/unit-1.yaml": text("x") }), { refused: "structure" }],
    [
      "two programmes",
      zipSync({ "a/programme.yaml": text("x"), "b/programme.yaml": text("x") }),
      { refused: "structure" },
    ],
  ])("refuses %s", (_what, bytes, answer) => {
    expect(readArchive(bytes)).toMatchObject(answer);
  });

  test("refuses more files than a programme has, and more bytes than all of them", () => {
    const many = Array.from({ length: 401 }, (_, n) => [`sample/words/en/unit-${n}.yaml`, text("x")]);
    expect(readArchive(zipSync({ ...good, ...Object.fromEntries(many) }))).toMatchObject({ refused: "many" });
    const large = Array.from({ length: 9 }, (_, n) => [`sample/words/en/unit-${n}.yaml`, randomBytes(1_000_000)]);
    expect(readArchive(zipSync(Object.fromEntries(large)))).toMatchObject({ refused: "large" });
  });

  test("unpacks no more than its directory says, however much is in it", () => {
    const zip = Buffer.from(zipSync({ "programme.yaml": new Uint8Array(50_000_000) }));
    // The size unpacked stands at 24 of the entry of the directory.
    const entry = zip.indexOf(Buffer.from([0x50, 0x4b, 0x01, 0x02]));
    zip.writeUInt32LE(1000, entry + 24);
    const read = readArchive(zip);
    const bytes = "files" in read ? (read.files.get("programme.yaml")?.length ?? 0) : 0;
    expect(bytes).toBeLessThanOrEqual(1000);
  });

  test("comes back whole, and the same files give the same bytes", () => {
    const files = new Map(
      Object.entries({ "programme.yaml": text("id: sample"), "words/bg/unit-1.yaml": text("Първи") }),
    );
    const turned = new Map([...files].reverse());
    expect(Buffer.compare(writeArchive(files), writeArchive(turned))).toBe(0);
    expect(openStored(writeArchive(files))).toEqual(files);
  });
});

describe("what changes", () => {
  test("is counted in lines, file by file", () => {
    const before = new Map([
      ["same.yaml", text("one\n")],
      ["gone.yaml", text("one\ntwo\n")],
      ["moved.yaml", text("a\nb\nc\nd\n")],
    ]);
    const after = new Map([
      ["same.yaml", text("one\n")],
      ["moved.yaml", text("a\nc\nnew\nd\nend\n")],
      ["fresh.yaml", text("one")],
    ]);
    expect(changesOf(before, after)).toEqual([
      { path: "fresh.yaml", kind: "added", added: 1, removed: 0 },
      { path: "gone.yaml", kind: "removed", added: 0, removed: 2 },
      { path: "moved.yaml", kind: "changed", added: 2, removed: 1 },
    ]);
  });

  test("is an upper bound where files are too long to compare line by line", () => {
    const lines = (mark: string) => text(Array.from({ length: 3000 }, (_, n) => `${mark}${n}`).join("\n"));
    const changes = changesOf(new Map([["a.yaml", lines("x")]]), new Map([["a.yaml", lines("y")]]));
    expect(changes).toEqual([{ path: "a.yaml", kind: "changed", added: 3000, removed: 3000 }]);
  });
});
