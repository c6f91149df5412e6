import { describe, expect, it } from "@jest/globals";
import { dark, light, type Palette } from "./palette.ts";

const luminance = (hex: string): number => {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};

const contrast = (one: string, other: string): number => {
  const [bright = 0, dim = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (bright + 0.05) / (dim + 0.05);
};

type Colour = keyof Palette;
const grounds: Colour[] = ["ground", "surface", "sunken"];
const inks: Colour[] = ["ink", "soft", "accent", "clay", "good", "warn", "bad"];
const text: [Colour, Colour][] = [
  ...inks.flatMap((ink) => grounds.map((ground): [Colour, Colour] => [ink, ground])),
  ...(["accent", "clay", "good", "warn", "bad"] as const).map((ink): [Colour, Colour] => [ink, `${ink}Tint`]),
  ...(["accentTint", "goodTint", "warnTint", "badTint", "clayTint"] as const).map((g): [Colour, Colour] => ["ink", g]),
  ["onAccent", "accentFilled"],
  ["onAccent", "accentPressed"],
  ["onAccent", "badFilled"],
];

describe.each([
  ["light", light],
  ["dark", dark],
])("the %s palette", (_name, palette) => {
  it.each(text)("lets %s be read on %s (AA, 4.5)", (ink, ground) => {
    expect(contrast(palette[ink], palette[ground])).toBeGreaterThanOrEqual(4.5);
  });
  it.each(["ground", "surface"] as const)("draws fields so that their edge is seen on %s (3)", (ground) => {
    expect(contrast(palette.field, palette[ground])).toBeGreaterThanOrEqual(3);
  });
});
