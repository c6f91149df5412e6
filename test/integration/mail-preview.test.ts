import { describe, expect, it } from "@jest/globals";
import { anApiClient } from "../builders/an-api-client.ts";
import { suiteControlApi } from "./suite-control-api.ts";

const shown = suiteControlApi({ MAIL_PREVIEW: "true" });
const hidden = suiteControlApi();

describe("O6: the preview of mails", () => {
  it("shows each mail as text and as HTML, with nothing fetched from elsewhere", async () => {
    const client = anApiClient(shown().url);
    const text = async (path: string) => (await client.get(path)).body["text"] as string;
    const links = [...(await text("/dev/mails")).matchAll(/href="(\/dev\/mails\/[^"]+)"/g)].map(
      ([, link = ""]) => link,
    );
    expect(links).toHaveLength(30);
    for (const link of links) expect((await client.get(`${link}/html`)).status).toBe(200);
    expect(await text("/dev/mails/affiliation-joined/nb")).toMatch(/er blitt med i[\s\S]*<pre>/);
    const { headers } = await client.get("/dev/mails/login/en/html");
    expect(headers.get("content-security-policy")).toContain("default-src 'none'");
    expect((await client.get("/dev/mails/login/sv")).status).toBe(404);
  });

  it("is not there unless a setting asks for it", async () => {
    expect((await anApiClient(hidden().url).get("/dev/mails")).status).toBe(404);
  });
});
