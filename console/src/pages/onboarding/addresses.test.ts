import { describe, expect, it } from "@jest/globals";
import { addressesIn } from "./addresses.ts";

describe("O8: addresses of the team as people paste them", () => {
  it.each([
    ["one per line", "kari@alto.example\nola@alto.example\n"],
    ["between commas and semicolons", "kari@alto.example, ola@alto.example;"],
    ["with names, as from a mail program", "Kari Nordmann <kari@alto.example>; Ola <ola@alto.example>"],
    ["twice, in other cases", "kari@alto.example\nKARI@ALTO.example, ola@alto.example"],
  ])("are found %s", (_how, text) => {
    const { good, wrong } = addressesIn(text);
    expect(good.map((address) => address.toLowerCase())).toEqual(["kari@alto.example", "ola@alto.example"]);
    expect(wrong).toEqual([]);
  });
  it("are none in an empty text", () => expect(addressesIn(" \n ,")).toEqual({ good: [], wrong: [] }));
  it("leave over what is none, to be mended", () => {
    expect(addressesIn("kari@alto.example, ola@, Per")).toEqual({
      good: ["kari@alto.example"],
      wrong: ["ola@", "Per"],
    });
  });
});
