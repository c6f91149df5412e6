import { afterAll, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { createTransport } from "nodemailer";
import { createMailbox, type Message } from "./mailbox.ts";
import { startMailCatcher, type MailCatcher } from "./start.ts";

describe("the mailbox", () => {
  const mail = {
    from: "a@x",
    to: ["b@x"],
    subject: "s",
    text: "12345",
    html: "12345",
    receivedAt: "2026-01-01T00:00:00Z",
  };

  it("keeps only the newest mails, by number and by size, and always the last one", () => {
    const few = createMailbox(2);
    for (const subject of ["one", "two", "three"]) few.add({ ...mail, subject });
    expect(few.list().map((one) => one.subject)).toEqual(["three", "two"]);
    const small = createMailbox(100, 15);
    for (const subject of ["one", "two"]) small.add({ ...mail, subject });
    expect(small.list().map((one) => one.subject)).toEqual(["two"]);
    expect(createMailbox(5, 1).add(mail).id).toBe("1");
  });
});

describe("the mail catcher", () => {
  let catcher: MailCatcher;
  let base: string;
  beforeAll(async () => {
    catcher = await startMailCatcher({ smtp: 0, http: 0, host: "127.0.0.1" });
    base = `http://127.0.0.1:${catcher.httpPort}`;
  });
  afterAll(() => catcher.stop());
  beforeEach(() => catcher.mailbox.clear());

  const send = async (to: string, subject: string) => {
    const transport = createTransport({ host: "127.0.0.1", port: catcher.smtpPort });
    await transport.sendMail({
      from: "choir@example.org",
      to,
      subject,
      text: "See http://alto.polyphony.localhost:8080/login/abc now",
      html: '<p>Hei <script>alert(1)</script><a href="http://x/">x</a></p>',
    });
  };
  const messages = async (query = "") => (await (await fetch(`${base}/api/messages${query}`)).json()) as Message[];

  it("takes mail by SMTP and answers it as JSON, newest first, also for one address", async () => {
    await send("kari@example.org", "Første");
    await send("ola@example.org", "<script> 🎵 شعر");
    const all = await messages();
    expect(all.map(({ subject, to, from }) => ({ subject, to, from }))).toEqual([
      { subject: "<script> 🎵 شعر", to: ["ola@example.org"], from: "choir@example.org" },
      { subject: "Første", to: ["kari@example.org"], from: "choir@example.org" },
    ]);
    expect(Date.parse(all[0]?.receivedAt ?? "")).not.toBeNaN();
    expect(await messages("?to=KARI@example.org")).toHaveLength(1);
    await fetch(`${base}/api/messages`, { method: "DELETE" });
    expect(await messages()).toEqual([]);
  });

  it("shows mails to people: escaped, links clickable, HTML only in a sandbox", async () => {
    await send("kari@example.org", "<script>");
    expect(await (await fetch(base)).text()).toContain("&lt;script&gt;");
    const page = await (await fetch(`${base}/messages/${(await messages())[0]?.id ?? ""}`)).text();
    expect(page).toContain('href="http://alto.polyphony.localhost:8080/login/abc"');
    expect(page).not.toContain("<script>alert");
    expect(page).toContain("sandbox=");
    const own = await fetch(`${base}/messages/${(await messages())[0]?.id ?? ""}/html`);
    expect(own.headers.get("content-security-policy")).toMatch(/default-src 'none'.*sandbox/);
    expect((await fetch(`${base}/messages/999`)).status).toBe(404);
  });
});
