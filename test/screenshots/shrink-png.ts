import { crc32, deflateSync, inflateSync } from "node:zlib";

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const mostColours = 256;

interface Pixels {
  readonly width: number;
  readonly height: number;
  /** 0xRRGGBB, row by row. */
  readonly colours: Uint32Array;
}

const chunksOf = (png: Buffer): Map<string, Buffer> => {
  const chunks = new Map<string, Buffer>();
  for (let at = signature.length; at < png.length;) {
    const length = png.readUInt32BE(at);
    const name = png.toString("latin1", at + 4, at + 8);
    const data = png.subarray(at + 8, at + 8 + length);
    chunks.set(name, Buffer.concat([chunks.get(name) ?? Buffer.alloc(0), data]));
    at += length + 12;
  }
  return chunks;
};

/** The Paeth predictor (PNG specification, 9.4). */
const paeth = (left: number, up: number, upLeft: number): number => {
  const [a, b, c] = [Math.abs(up - upLeft), Math.abs(left - upLeft), Math.abs(left + up - 2 * upLeft)];
  if (a <= b && a <= c) return left;
  return b <= c ? up : upLeft;
};

const predictors: readonly ((left: number, up: number, upLeft: number) => number)[] = [
  () => 0,
  (left) => left,
  (_left, up) => up,
  (left, up) => (left + up) >> 1,
  paeth,
];

/** Takes back, in place, what each row's filter did. */
const unfilter = (raw: Buffer, stride: number, bytes: number, height: number): void => {
  for (let y = 0; y < height; y += 1) {
    const row = y * (stride + 1) + 1;
    const predict = predictors[raw[row - 1] ?? 0] ?? paeth;
    for (let x = 0; x < stride; x += 1) {
      const left = x < bytes ? 0 : (raw[row + x - bytes] ?? 0);
      const up = y === 0 ? 0 : (raw[row + x - stride - 1] ?? 0);
      const upLeft = x < bytes || y === 0 ? 0 : (raw[row + x - stride - 1 - bytes] ?? 0);
      raw[row + x] = ((raw[row + x] ?? 0) + predict(left, up, upLeft)) & 255;
    }
  }
};

const decode = (png: Buffer): Pixels => {
  const chunks = chunksOf(png);
  const head = chunks.get("IHDR") ?? Buffer.alloc(13);
  const [width, height, depth, kind] = [head.readUInt32BE(0), head.readUInt32BE(4), head[8], head[9]];
  if (depth !== 8 || (kind !== 2 && kind !== 6))
    throw new Error("Only PNGs of 8 bits RGB or RGBA can be made smaller.");
  const bytes = kind === 2 ? 3 : 4;
  const raw = inflateSync(chunks.get("IDAT") ?? Buffer.alloc(0));
  unfilter(raw, width * bytes, bytes, height);
  const colours = new Uint32Array(width * height);
  for (let pixel = 0; pixel < colours.length; pixel += 1) {
    const at = pixel * bytes + Math.floor(pixel / width) + 1;
    colours[pixel] = raw.readUIntBE(at, 3);
  }
  return { width, height, colours };
};

const distance = (a: number, b: number): number =>
  [16, 8, 0].reduce((sum, shift) => sum + (((a >> shift) & 255) - ((b >> shift) & 255)) ** 2, 0);

/** The colours that are there most often, and for each colour the place of the one nearest to it. */
const paletteOf = ({ colours }: Pixels): { palette: readonly number[]; places: ReadonlyMap<number, number> } => {
  const counts = new Map<number, number>();
  for (const colour of colours) counts.set(colour, (counts.get(colour) ?? 0) + 1);
  const byCount = [...counts].sort(([, a], [, b]) => b - a).map(([colour]) => colour);
  const palette = byCount.slice(0, mostColours);
  const nearest = (colour: number): number =>
    palette.reduce((best, one, at) => (distance(one, colour) < distance(palette[best] ?? 0, colour) ? at : best), 0);
  return { palette, places: new Map(byCount.map((colour, at) => [colour, at < mostColours ? at : nearest(colour)])) };
};

const chunk = (name: string, data: Buffer): Buffer => {
  const body = Buffer.concat([Buffer.from(name, "latin1"), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
};

/** The same picture, opaque and in at most 256 colours: for pictures of pages, about a third of the bytes. */
export const shrinkPng = (png: Buffer): Buffer => {
  const pixels = decode(png);
  const { width, height, colours } = pixels;
  const { palette, places } = paletteOf(pixels);
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 3], 8);
  const table = Buffer.alloc(palette.length * 3);
  palette.forEach((colour, at) => table.writeUIntBE(colour, at * 3, 3));
  const rows = Buffer.alloc((width + 1) * height);
  colours.forEach((colour, at) => (rows[at + Math.floor(at / width) + 1] = places.get(colour) ?? 0));
  const data = deflateSync(rows, { level: 9, memLevel: 9 });
  return Buffer.concat([
    signature,
    chunk("IHDR", head),
    chunk("PLTE", table),
    chunk("IDAT", data),
    chunk("IEND", Buffer.alloc(0)),
  ]);
};
