import { describe, expect, it } from "@jest/globals";
import { html } from "./html.ts";

describe("html", () => {
  it("escapes what is put in, between tags and in attributes", () => {
    const name = `<img src=x onerror="alert('1')">&`;
    const { markup } = html`<p title="${name}">${name}</p>`;
    const escaped = "&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;&amp;";
    expect(markup).toBe(`<p title="${escaped}">${escaped}</p>`);
  });
  it("takes what it made itself as it is, in lists too, and leaves out what is not there", () => {
    const items = ["a", "<b>"].map((item) => html`<li>${item}</li>`);
    expect(html`${items}${null}${false}${undefined}${0}`.markup).toBe("<li>a</li><li>&lt;b&gt;</li>0");
  });
  it("takes nothing for markup that only looks as if it had made it", () => {
    const forged = { markup: "<script>" } as never;
    expect(html`${forged}`.markup).not.toContain("<script>");
  });
});
