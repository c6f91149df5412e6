import { describe, expect, it } from "@jest/globals";
import { scramVerifier } from "./scram.ts";

describe("a SCRAM verifier", () => {
  it("D1: is that of the RFC for its example password and salt", () => {
    const salt = Buffer.from("W22ZaJ0SNY7soEsUEjb6gQ==", "base64");
    // The exchange of RFC 7677, section 3: password, salt and iterations.
    expect(scramVerifier("pencil", salt, 4096)).toBe(
      "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=",
    );
  });

  it("differs each time, as the salt is random", () => {
    expect(scramVerifier("pencil")).not.toBe(scramVerifier("pencil"));
  });

  it("refuses a password that SASLprep might change", () => {
    expect(() => scramVerifier("naïve")).toThrow("printable ASCII");
    expect(() => scramVerifier("")).toThrow("printable ASCII");
  });
});
