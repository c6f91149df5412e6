import { describe, expect, it } from "@jest/globals";
import { displayName } from "./display-name.ts";

describe("V1: displayName", () => {
  it.each([
    ["  Kari   Nordmann ", "Kari Nordmann"],
    ["Kor\r\nBcc: all@example.org", "Kor Bcc: all@example.org"],
    ["e\u0301cole", "\u00e9cole"],
    ["👩🏽‍🎤 آنا", "👩🏽‍🎤 آنا"],
    ["a\u202eb\u2066c", "a b c"],
    ["<script>", "<script>"],
    ["lone \ud800", "lone \ufffd"],
    ["🎵".repeat(200), "🎵".repeat(200)],
    ["\u0958".repeat(200), "\u0915\u093c".repeat(100)],
  ])("makes one safe line of %j", (raw, clean) => expect(displayName(raw)).toBe(clean));

  it.each(["", "  ", "\u0000\u202e", "x".repeat(201)])("refuses %j", (raw) => expect(displayName(raw)).toBeNull());
});
