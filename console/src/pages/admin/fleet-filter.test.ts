import { describe, expect, it } from "@jest/globals";
import { changedAddress } from "../../app/changed-address.ts";
import { readFilter } from "./fleet-filter.ts";

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
    const before = new URLSearchParams("phase=Failed&sort=age");
    const written = changedAddress(before, { search: "sør & co", phase: undefined, approval: "approved" });
    expect(Object.fromEntries(written)).toEqual({ search: "sør & co", approval: "approved", sort: "age" });
    expect(readFilter(new URLSearchParams(written.toString()))).toEqual({ search: "sør & co", approval: "approved" });
  });
});
