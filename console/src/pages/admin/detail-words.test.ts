import { describe, expect, it } from "@jest/globals";
import { detailWords } from "./detail-words.ts";

describe("A2: what was noted beside a change", () => {
  it.each([
    { name: "an object", detail: { role: "admin", times: 2 }, words: "role: admin, times: 2" },
    {
      name: "an object in JSON",
      detail: '{"slug":"alto","approval":"pending"}',
      words: "slug: alto, approval: pending",
    },
    { name: "words", detail: "ReleaseMissing: There is none.", words: "ReleaseMissing: There is none." },
    { name: "what only begins like JSON", detail: "{oops", words: "{oops" },
    { name: "nothing", detail: {}, words: "" },
  ])("$name is put into words", ({ detail, words }) => expect(detailWords(detail)).toBe(words));
});
