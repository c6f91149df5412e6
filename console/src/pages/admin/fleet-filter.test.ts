import { describe, expect, it } from "@jest/globals";
import { readFilter, writeFilter } from "./fleet-filter.ts";

describe("A1: filters in the page's address", () => {
  it.each([
    { address: "", filter: {} },
    { address: "search=alto&phase=Failed", filter: { search: "alto", phase: "Failed" } },
    { address: "approval=pending", filter: { approval: "pending" } },
    { address: "phase=Nonsense&approval=maybe&search=", filter: {} },
  ])("reads $filter from ?$address", ({ address, filter }) =>
    expect(readFilter(new URLSearchParams(address))).toEqual(filter),
  );

  it("are written without what is empty, and read back the same", () => {
    const written = writeFilter({ search: "sør & co", phase: undefined, approval: "approved" });
    expect(written).toEqual({ search: "sør & co", approval: "approved" });
    expect(readFilter(new URLSearchParams(written))).toEqual(written);
  });
});
