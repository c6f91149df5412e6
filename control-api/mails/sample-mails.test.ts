import { describe, expect, it } from "@jest/globals";
import { sampleMails } from "./sample-mails.ts";

const samples = sampleMails("http://console.example");

describe("mails, as their preview shows them", () => {
  it("are there in English and in Norwegian, each in words of its own", () => {
    const english = samples.filter(({ locale }) => locale === "en");
    expect(english).toHaveLength(15);
    for (const { name, subject, text } of english) {
      const norwegian = samples.find((one) => one.name === name && one.locale === "nb");
      expect([name, norwegian?.subject === subject, norwegian?.text === text]).toEqual([name, false, false]);
    }
  });

  it.each(samples.map((sample) => ({ title: `${sample.name} (${sample.locale})`, ...sample })))(
    "$title says the same in text and in HTML, and leaves no gap",
    ({ subject, text, html }) => {
      expect(`${subject}${text}${html}`).not.toMatch(/undefined|null|\[object|\$\{/);
      expect(text).toContain("http://console.example/an/example");
      for (const line of text.split("\n").filter((one) => /^[A-Z][a-z ]+\.$/.test(one))) expect(html).toContain(line);
      expect(html).not.toMatch(/<script|<img|src=/);
    },
  );
});
