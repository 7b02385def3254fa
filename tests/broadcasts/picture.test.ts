import { deflateSync } from "node:zlib";
import { PNG } from "pngjs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { cleanPicture, keepPicture, keptPicture, mostPictureBytes } from "../../src/images/upload.ts";
import { rootId } from "../../src/people/standing.ts";
import { type Browser, type ConsoleWorld, startConsole } from "../console/world.ts";
import { crc32, jpeg, withExif } from "./pictures.ts";

const png = (width: number, height: number, fill = 0x40): Buffer => {
  const picture = new PNG({ width, height });
  picture.data.fill(fill);
  return PNG.sync.write(picture);
};
/** A piece of a PNG file. */
function chunk(type: string, data: Buffer): Buffer {
  const [head, tail] = [Buffer.alloc(4), Buffer.alloc(4)];
  head.writeUInt32BE(data.length);
  const named = Buffer.concat([Buffer.from(type, "latin1"), data]);
  tail.writeUInt32BE(crc32(named));
  return Buffer.concat([head, named, tail]);
}

describe("a file that is uploaded", () => {
  test("keeps nothing but its pixels: text of a PNG, place and device of a JPEG", async () => {
    const file = png(40, 20);
    const noted = Buffer.concat([
      file.subarray(0, 33),
      chunk("tEXt", Buffer.from("Author\0Anna Secret")),
      file.subarray(33),
    ]);
    const packed = Buffer.concat([
      file.subarray(0, 33),
      chunk("zTXt", Buffer.concat([Buffer.from("Place\0\0"), deflateSync("Anna Secret")])),
      file.subarray(33),
    ]);
    for (const given of [noted, packed, withExif("Anna Secret", 1)]) {
      const clean = await cleanPicture(given);
      if (typeof clean === "string") throw new Error(clean);
      const text = Buffer.from(clean.bytes).toString("latin1");
      expect(text).not.toMatch(/Anna|Exif|tEXt|zTXt|ICC_PROFILE/u);
      expect(PNG.sync.read(Buffer.from(clean.bytes)).width).toBe(clean.width);
    }
  });

  test("of a camera that was held upright stands upright", async () => {
    const [lying, upright] = [await cleanPicture(withExif("x", 1)), await cleanPicture(withExif("x", 6))];
    expect(lying).toMatchObject({ width: 24, height: 16 });
    expect(upright).toMatchObject({ width: 16, height: 24 });
    // Its green corner lies at the left above, and turns to the right above.
    const greenAt = async (turn: number, x: number, y: number) => {
      const clean = await cleanPicture(withExif("x", turn));
      if (typeof clean === "string") throw new Error(clean);
      const { data, width } = PNG.sync.read(Buffer.from(clean.bytes));
      const at = (y * width + x) * 4;
      return (data[at + 1] ?? 0) > 150;
    };
    expect([await greenAt(1, 1, 1), await greenAt(6, 14, 1), await greenAt(6, 1, 1)]).toEqual([true, true, false]);
    expect([await greenAt(3, 22, 14), await greenAt(8, 1, 22), await greenAt(2, 22, 1)]).toEqual([true, true, true]);
  });

  test("is told by its bytes, bounded in bytes and pixels, and made small enough for every platform", async () => {
    expect(await cleanPicture(Buffer.from("<svg xmlns='http://www.w3.org/2000/svg'/>"))).toBe("type");
    expect(await cleanPicture(Buffer.from("GIF89a"))).toBe("type");
    expect(await cleanPicture(new Uint8Array())).toBe("type");
    expect(await cleanPicture(Buffer.alloc(mostPictureBytes + 1))).toBe("large");
    const [wide, bomb] = [Buffer.from(png(2, 2)), Buffer.from(png(2, 2))];
    wide.writeUInt32BE(6_001, 16);
    bomb.writeUInt32BE(5_000, 16);
    bomb.writeUInt32BE(5_000, 20);
    expect([await cleanPicture(wide), await cleanPicture(bomb)]).toEqual(["dimensions", "dimensions"]);
    const large = await cleanPicture(png(2_000, 500));
    expect(large).toMatchObject({ width: 1_024, height: 256 });
  });

  test("that is damaged is refused, wherever it was cut", async () => {
    const whole = jpeg();
    for (const at of [4, 20, 100, 300]) {
      expect([at, await cleanPicture(whole.subarray(0, at))]).toEqual([at, "damaged"]);
    }
    const file = png(40, 20);
    expect(await cleanPicture(Buffer.concat([file.subarray(0, 40), Buffer.alloc(30)]))).toBe("damaged");
  });
});

describe("a picture in the composer", () => {
  let world: ConsoleWorld;
  let lead: Browser;
  beforeEach(async () => {
    world = await startConsole();
    await world.member("anna", rootId);
    await world.person("lead");
    await world.grant("lead", "coordinator");
    lead = await world.enter("lead");
    await lead.get("/console/broadcasts/new");
  });
  afterEach(() => world.close());

  const form = (fields: Record<string, string>, file?: Uint8Array): FormData => {
    const made = new FormData();
    for (const [name, value] of Object.entries(fields)) made.set(name, value);
    if (file !== undefined) made.set("picture", new Blob([new Uint8Array(file)]), "my holiday.jpg");
    return made;
  };

  test("is kept with its description in each language, shown to who may see it, and taken out again", async () => {
    const written = await lead.upload(
      "/console/broadcasts",
      form({ "text-en": "Hello.", "text-da": "Hej.", "alt-en": "A red house" }, jpeg()),
    );
    const address = written.headers.get("location") ?? "";
    const page = await lead.get(address);
    expect(page.text).toContain("Say in “da” what the picture shows");
    expect(page.text).not.toContain(`action="${address}/send"`);
    expect((await lead.get(`${address}?picture=1`)).headers.get("content-type")).toContain("image/png");
    const [kept] = await world.store.db.picture.findMany();
    const again = { "text-en": "Hello.", "text-da": "Hej.", "alt-en": "A red house", "alt-da": "Et rødt hus" };
    await lead.upload(address, form({ ...again, pictureid: kept?.id ?? "" }));
    expect((await lead.get(address)).text).toContain(`action="${address}/send"`);
    const row = await world.store.db.broadcast.findFirstOrThrow();
    expect(JSON.parse(row.content)).toMatchObject({
      picture: { id: kept?.id, alt: { en: "A red house", da: "Et rødt hus" } },
    });
    await lead.upload(address, form({ ...again, pictureid: kept?.id ?? "", nopicture: "yes" }));
    expect(JSON.parse((await world.store.db.broadcast.findFirstOrThrow()).content)).not.toHaveProperty("picture");
    expect((await lead.get(`${address}?picture=1`)).status).toBe(404);
    await world.person("other");
    await world.grant("other", "coordinator", await world.organisation("Elsewhere"));
    expect((await (await world.enter("other")).get(`${address}?picture=1`)).status).toBe(404);
  });

  test.each([
    ["neither PNG nor JPEG", Buffer.from("GIF89a")],
    ["larger than 1 MB", Buffer.alloc(mostPictureBytes + 1)],
    ["the file is damaged", jpeg().subarray(0, 50)],
  ])("that is %s is refused in words, and nothing typed is lost", async (why, file) => {
    const answer = await lead.upload(
      "/console/broadcasts",
      form({ "text-en": "Dear all, hello.", role: "learner" }, file),
    );
    expect(answer.status).toBe(422);
    expect(answer.text).toContain(why);
    expect(answer.text).toContain("Dear all, hello.");
    expect(answer.text).toMatch(/value="learner" selected/u);
    expect(await world.store.db.broadcast.count()).toBe(0);
    expect(await world.store.db.picture.count()).toBe(0);
  });

  test("that two organisations give is kept once", async () => {
    const picture = await cleanPicture(jpeg());
    if (typeof picture === "string") throw new Error(picture);
    const { db } = world.store;
    const ids = [];
    for (const organisationId of ["one", "two"]) ids.push(await keepPicture(db, { organisationId, picture, now: 0 }));
    expect(new Set(ids).size).toBe(1);
    expect(await keptPicture(db, ids[0] ?? "")).toEqual(new Uint8Array(picture.bytes));
    expect(await keptPicture(db, "nothing")).toBeUndefined();
  });
});
