import { describe, expect, it } from "@jest/globals";
import { reasonsIn } from "./used-reasons.ts";

describe("A6: reasons that code writes out", () => {
  it.each([
    [`const a = { reason: "HostTaken", message: "x" };`, ["HostTaken"]],
    [`const a = { reason: bad ? "HostTaken" : "Ready" } as const;`, ["HostTaken", "Ready"]],
    [`const a = { reason: given ?? ("Ready" as Reason) };`, ["Ready"]],
    [`const a = { reasons: "x", why: "y" }; type T = { reason: "Z" }; a.reason === "W";`, []],
  ])("are found in %s", (code, reasons) => {
    expect(reasonsIn("a.ts", code).map(({ reason }) => reason)).toEqual(reasons);
  });

  it("are told with their line", () => {
    expect(reasonsIn("a.ts", `\n\nf({ reason: "Ready" });`)).toEqual([{ at: "a.ts:3", reason: "Ready" }]);
  });
});
