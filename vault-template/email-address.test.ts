import { describe, expect, it } from "@jest/globals";
import { emailAddress, emailKey } from "./email-address.ts";

describe("V1: emailAddress", () => {
  it.each([
    [" kari@example.org ", "kari@example.org"],
    ["Kari.N+choir@EXAMPLE.org", "Kari.N+choir@example.org"],
    ["ola@blåbær.example", "ola@xn--blbr-roah.example"],
    ["admin@localhost", "admin@localhost"],
  ])("takes %j", (raw, address) => expect(emailAddress(raw)).toBe(address));

  it.each([
    "",
    "kari",
    "@example.org",
    "kari@",
    "a@b@c",
    "a@b.c\r\nBcc: d@e.f",
    "a@b.c, d@e.f",
    "Kari <a@b.c>",
    "a b@c.d",
    "a@b..c",
    "a@-b.c",
    ".a@b.c",
    "a@b/c",
    "a@b:25",
    `${"x".repeat(65)}@b.c`,
    `a@${"b.".repeat(130)}c`,
  ])("refuses %j", (raw) => expect(emailAddress(raw)).toBeNull());

  it("knows a mailbox in any case", () => expect(emailKey("A@b.C")).toBe(emailKey("a@B.c")));
});
