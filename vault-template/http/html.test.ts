import { describe, expect, it } from "@jest/globals";
import { html } from "./html.ts";

describe("V1: html", () => {
  it("escapes whatever is put in, between tags and in quoted attributes", () => {
    const name = `<b>"it's" & more</b>`;
    expect(html`<p title="${name}">${name}</p>`.markup).toBe(
      `<p title="&lt;b&gt;&quot;it&#39;s&quot; &amp; more&lt;/b&gt;">&lt;b&gt;&quot;it&#39;s&quot; &amp; more&lt;/b&gt;</p>`,
    );
  });

  it("takes its own fragments, lists, numbers and nothing as they are", () => {
    expect(html`${[html`<i>1</i>`, "<"]}${2}${null}${undefined}${false}${""}`.markup).toBe("<i>1</i>&lt;2");
  });

  it("does not take an object from outside for markup", () => {
    const forged = JSON.parse('{"markup":"<script>"}') as { markup: string };
    expect(html`${forged}`.markup).toBe("&lt;script&gt;");
  });
});
