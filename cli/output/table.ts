import { inMood, styleFor } from "./style.ts";

export type TableOptions = {
  /** Columns of the terminal; the last column of the table is cut to fit. */
  width: number;
  colour: boolean;
};

const gap = "   ";

const cut = (text: string, width: number): string =>
  text.length <= width ? text : width < 1 ? "" : `${text.slice(0, width - 1)}…`;

/** Rows under their headings, as kubectl has it; every line ends with a newline. */
export const table = (
  headings: readonly string[],
  rows: readonly (readonly string[])[],
  { width, colour }: TableOptions,
): string => {
  const style = styleFor(colour);
  const last = headings.length - 1;
  const widths = headings.map((heading, column) =>
    Math.max(heading.length, ...rows.map((row) => (row[column] ?? "").length)),
  );
  const before = widths.slice(0, last).reduce((sum, one) => sum + one + gap.length, 0);
  const room = Math.max(8, width - before);
  const line = (cells: readonly string[], dress: (cell: string) => string): string =>
    cells
      .map((cell, column) => (column === last ? dress(cut(cell, room)) : dress(cell.padEnd(widths[column] ?? 0))))
      .join(gap)
      .trimEnd();
  const lines = [line(headings, style.dim), ...rows.map((row) => line(row, (cell) => inMood(style, cell)))];
  return lines.map((text) => `${text}\n`).join("");
};
