import { describe, expect, it } from "@jest/globals";
import { joinBy } from "./join-by.ts";

describe("O3: the one field by which a collective joins", () => {
  it.each([
    { text: " Nordic-Choirs ", by: { umbrella: "nordic-choirs" } },
    { text: "http://console.localhost:8080/register?invitation=abc_-1", by: { token: "abc_-1" } },
    { text: "http://nordic-choirs.polyphony.localhost:8080/", by: { umbrella: "nordic-choirs" } },
    { text: "https://console.example/dashboard/org/nordic-choirs/members", by: { umbrella: "nordic-choirs" } },
    { text: "https://nordic-choirs.example/?invitation=", by: { umbrella: "nordic-choirs" } },
    { text: "", by: { umbrella: "" } },
  ])("understands $text", ({ text, by }) => expect(joinBy(text)).toEqual(by));
});
