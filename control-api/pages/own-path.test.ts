import { describe, expect, it } from "@jest/globals";
import { ownPath } from "./own-path.ts";

describe("I1: where a login goes on to", () => {
  it.each(["/", "/dashboard/org/alto", "/oidc/resume/abc?x=1&y=%2F"])("%s is ours", (path) => {
    expect(ownPath(path)).toBe(path);
  });
  it.each([
    "",
    "https://evil.example/",
    "//evil.example/",
    "/\\evil.example/",
    "/a\\..\\b",
    "\\\\evil.example",
    "javascript:alert(1)",
    "/a b",
    "/a\r\nSet-Cookie: b=c",
    "/\t/evil.example",
    "dashboard",
    `/${"a".repeat(1001)}`,
  ])("%j is not, so it is the start page", (path) => {
    expect(ownPath(path)).toBe("/");
  });
  it("does not climb out by dots into another host", () => {
    expect(ownPath("/..//evil.example")).toBe("/");
  });
});
