import { describe, expect, it } from "@jest/globals";
import { csvOf } from "./csv.ts";

describe("A1: a table as CSV", () => {
  it.each([
    { name: "plain words", cell: "Alto Ensemble", text: "Alto Ensemble" },
    { name: "a comma", cell: "Bergen, Norway", text: '"Bergen, Norway"' },
    { name: "quotes", cell: 'the "old" choir', text: '"the ""old"" choir"' },
    { name: "a line break", cell: "one\ntwo", text: '"one\ntwo"' },
    { name: "a formula, which must not run", cell: "=1+1", text: "'=1+1" },
    { name: "a formula with a comma", cell: '@SUM(A1,"x")', text: `"'@SUM(A1,""x"")"` },
    { name: "letters beyond ASCII", cell: "Sør-Trøndelag Damekor", text: "Sør-Trøndelag Damekor" },
  ])("keeps $name", ({ cell, text }) => expect(csvOf([[cell]])).toBe(`\ufeff${text}\r\n`));

  it("has a line for each row", () =>
    expect(
      csvOf([
        ["a", "b"],
        ["1", "2"],
      ]),
    ).toBe("\ufeffa,b\r\n1,2\r\n"));
});
