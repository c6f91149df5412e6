import { describe, expect, it } from "@jest/globals";
import { auditQuery, wordsOf } from "./activity-filter.ts";

describe("A2: what activity is narrowed to", () => {
  it("asks for all when nothing is chosen, and for nothing that is not known", () => {
    expect(auditQuery({ area: "", from: "", until: "" })).toEqual({});
    expect(auditQuery({ area: "secrets", from: "soon", until: "2026-99" })).toEqual({});
  });
  it("takes in the last day whole", () => {
    const { action, from, until } = auditQuery({ area: "member", from: "2026-03-01", until: "2026-03-01" });
    expect(action).toBe("member");
    expect(new Date(until ?? "").getTime() - new Date(from ?? "").getTime()).toBe(24 * 3600_000);
  });
  it("reads an action it has no words for", () => expect(wordsOf("vault.moved-away")).toBe("Vault moved away"));
});
