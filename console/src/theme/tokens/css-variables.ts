import { dark, light, type Palette } from "./palette.ts";

const dashed = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** A palette as custom properties: `accentTint` is `--accent-tint`. */
export const variablesOf = (palette: Palette): Record<string, string> =>
  Object.fromEntries(Object.entries(palette).map(([name, colour]) => [`--${dashed(name)}`, String(colour)]));

const declared = (palette: Palette): string =>
  Object.entries(variablesOf(palette))
    .map(([name, colour]) => `${name}:${colour}`)
    .join(";");

/** For pages without JavaScript: the scheme that the device asks for, unless `<html data-scheme>` says another. */
export const paletteStyles = `:root{color-scheme:light;${declared(light)}}
@media(prefers-color-scheme:dark){:root:not([data-scheme=light]){color-scheme:dark;${declared(dark)}}}
:root[data-scheme=dark]{color-scheme:dark;${declared(dark)}}`;
