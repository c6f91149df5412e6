import { describe, expect, it } from "@jest/globals";
import { csvLine } from "./csv.ts";

describe("K5: a line of the export", () => {
  it.each([
    [["Kari", "kari@example.org"], '"Kari","kari@example.org"\r\n'],
    [['Ola "Bass", Nordmann', "line\nbreak"], '"Ola ""Bass"", Nordmann","line\nbreak"\r\n'],
    [["=HYPERLINK(1)", "+47", "-1", "@x", "a=b"], '"\'=HYPERLINK(1)","\'+47","\'-1","\'@x","a=b"\r\n'],
  ])("keeps %j one line of one record, and no formula", (cells, line) => {
    expect(csvLine(cells)).toBe(line);
  });
});
