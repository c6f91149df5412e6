/** Paints words; without colour it gives them back as they are. */
type Paint = (text: string) => string;
export type Style = { good: Paint; warn: Paint; bad: Paint; dim: Paint; bold: Paint };

const paint =
  (code: number): Paint =>
  (text) =>
    text === "" ? text : `\x1b[${code}m${text}\x1b[0m`;
const plain: Paint = (text) => text;

export const styleFor = (colour: boolean): Style =>
  colour
    ? { good: paint(32), warn: paint(33), bad: paint(31), dim: paint(2), bold: paint(1) }
    : { good: plain, warn: plain, bad: plain, dim: plain, bold: plain };

const words: Readonly<Record<Exclude<keyof Style, "bold">, readonly string[]>> = {
  good: ["Active", "True", "Kept", "ok"],
  warn: ["Provisioning", "Pending", "Deleting", "ReadOnly", "Suspended", "Unknown", "warning"],
  bad: ["Failed", "False", "Warning", "broken"],
  dim: ["Hibernated", "not probed", "not reached"],
};
const moods = new Map(
  Object.entries(words).flatMap(([mood, all]) => all.map((word) => [word, mood as keyof Style] as const)),
);

/** A phase, a status or a verdict in the colour that people expect; other words as they are. */
export const inMood = (style: Style, text: string): string => {
  const mood = moods.get(text.trim());
  return mood ? style[mood](text) : text;
};
