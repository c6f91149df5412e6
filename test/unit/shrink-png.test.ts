import { describe, expect, it } from "@jest/globals";
import { crc32, deflateSync, inflateSync } from "node:zlib";
import { shrinkPng } from "../screenshots/shrink-png.ts";

const chunk = (name: string, data: Buffer): Buffer => {
  const body = Buffer.concat([Buffer.from(name), data]);
  const numbers = Buffer.alloc(8);
  numbers.writeUInt32BE(data.length, 0);
  numbers.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([numbers.subarray(0, 4), body, numbers.subarray(4)]);
};

/** Rows as they stand in a PNG of RGB, each beginning with its filter. */
const png = (width: number, rows: number[][]): Buffer => {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(rows.length, 4);
  head.set([8, 2], 8);
  const signature = Buffer.from("\x89PNG\r\n\x1a\n", "latin1");
  const data = deflateSync(Buffer.from(rows.flat()));
  return Buffer.concat([signature, chunk("IHDR", head), chunk("IDAT", data), chunk("IEND", Buffer.alloc(0))]);
};

/** The colours of a PNG with a palette, as it stands in the file. */
const colours = (file: Buffer, width: number): string[] => {
  const palette = file.subarray(file.indexOf("PLTE") + 4);
  const at = file.indexOf("IDAT");
  const rows = inflateSync(file.subarray(at + 4, at + 4 + file.readUInt32BE(at - 4)));
  const places = [...rows].filter((_place, index) => index % (width + 1) !== 0);
  return places.map((place) => palette.subarray(place * 3, place * 3 + 3).toString("hex"));
};

describe("pictures for the guides", () => {
  it.each([
    { name: "none", row: [0, 20, 20, 20, 40, 40, 40] },
    { name: "left", row: [1, 20, 20, 20, 20, 20, 20] },
    { name: "up", row: [2, 10, 10, 10, 30, 30, 30] },
    { name: "average", row: [3, 15, 15, 15, 25, 25, 25] },
    { name: "Paeth", row: [4, 10, 10, 10, 20, 20, 20] },
  ])("keep their colours, whatever filter a row has: $name", ({ row }) => {
    const small = shrinkPng(png(2, [[0, 10, 10, 10, 10, 10, 10], row]));
    expect(colours(small, 2)).toEqual(["0a0a0a", "0a0a0a", "141414", "282828"]);
  });

  it("have at most 256 colours, each pixel the nearest of those that are there most often", () => {
    const grey = (value: number): number[] => [value, value, value];
    const width = 600;
    const many = Array.from({ length: 256 }, (_, value) => [...grey(value), ...grey(value)]).flat();
    const rare = Array.from({ length: 88 }, () => [201, 200, 200]).flat();
    const small = shrinkPng(
      png(width, [[0, ...many, ...rare.slice(0, 3), ...grey(7), ...Array.from({ length: 86 * 3 }, () => 7)]]),
    );
    expect(colours(small, width)[512]).toBe("c8c8c8");
  });

  it("refuse what is no picture of a page", () => {
    const other = png(1, [[0, 1, 2, 3]]);
    other[24] = 16;
    expect(() => shrinkPng(other)).toThrow("8 bits");
  });
});
