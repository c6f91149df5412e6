/**
 * The colours of console and server-rendered pages, by what they are for. Each ink keeps WCAG AA contrast on each ground it
 * may stand on (palette.test.ts measures it); the gateway's pages wear the same paper and the same two voices.
 */
export interface Palette {
  readonly ground: string;
  readonly surface: string;
  readonly sunken: string;
  readonly ink: string;
  readonly soft: string;
  /** Between things; carries no meaning by itself. */
  readonly line: string;
  /** Around what can be filled in. */
  readonly field: string;
  /** What can be pressed, and links. */
  readonly accent: string;
  readonly accentFilled: string;
  readonly accentPressed: string;
  readonly onAccent: string;
  readonly accentTint: string;
  /** The mark's other voice. */
  readonly clay: string;
  readonly clayTint: string;
  readonly good: string;
  readonly goodTint: string;
  readonly warn: string;
  readonly warnTint: string;
  readonly bad: string;
  readonly badFilled: string;
  readonly badTint: string;
}

export const light: Palette = {
  ground: "#f5f3ee",
  surface: "#ffffff",
  sunken: "#edeae2",
  ink: "#1d2330",
  soft: "#525968",
  line: "#dedad0",
  field: "#868174",
  accent: "#2a5b8c",
  accentFilled: "#2a5b8c",
  accentPressed: "#1f4669",
  onAccent: "#ffffff",
  accentTint: "#e6eff7",
  clay: "#96452c",
  clayTint: "#f8e9e3",
  good: "#1b5e36",
  goodTint: "#e2f2e7",
  warn: "#6a4800",
  warnTint: "#fbefd3",
  bad: "#9f1f38",
  badFilled: "#a8243e",
  badTint: "#fae7e9",
};

export const dark: Palette = {
  ground: "#12151c",
  surface: "#1b202a",
  sunken: "#242a36",
  ink: "#eceef3",
  soft: "#a9b1c0",
  line: "#323a49",
  field: "#7b8598",
  accent: "#8dbcea",
  accentFilled: "#2a5b8c",
  accentPressed: "#376fa4",
  onAccent: "#ffffff",
  accentTint: "#1d2f43",
  clay: "#eba78d",
  clayTint: "#3a2720",
  good: "#93dbab",
  goodTint: "#16301f",
  warn: "#f2cf85",
  warnTint: "#362a10",
  bad: "#ff9fb0",
  badFilled: "#a8243e",
  badTint: "#3d1d25",
};
