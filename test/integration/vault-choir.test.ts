import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { minute } from "../../vault-template/clock.ts";
import { vaultTokens } from "../../vault-template/tokens.ts";
import { writableWhenReadOnly } from "../../vault-template/db/writable-when-read-only.ts";
import { browserClient, type BrowserClient } from "../contract/browser-client.ts";
import { logIn, mailedPath } from "../contract/choir-probes.ts";
import { startChoirVault, type ChoirVault } from "../contract/choir-vault.ts";
import { runSql, templateDatabases, type TemplateDatabases } from "../contract/template-databases.ts";
import { freePorts } from "../harness/free-ports.ts";
import { eventually } from "../harness/eventually.ts";
import { started } from "../harness/started.ts";
import { startMailCatcher, type MailCatcher } from "../stand-ins/mail-catcher/start.ts";

const choirName = 'Kór <script>alert("1")</script> & جوقة 🎵';
const owner = "owner@choir.example";

let databases: TemplateDatabases;
let mail: MailCatcher;
let here: ChoirVault;
let other: ChoirVault;
/** Moved forward by tests of what expires. */
let ahead = 0;

const start = async (vaultId: string): Promise<ChoirVault> =>
  startChoirVault(await databases.create(), {
    vaultId,
    name: choirName,
    owner: { email: owner, name: "Óla\r\nBcc: all@example.org" },
    smtpPort: mail.smtpPort,
    ahead: () => ahead,
  });

beforeAll(async () => {
  databases = templateDatabases(started.adminUrl(), writableWhenReadOnly);
  mail = await startMailCatcher({ smtp: 0, http: 0, host: "127.0.0.1" });
  here = await start("11111111-1111-4111-8111-111111111111");
  other = await start("22222222-2222-4222-8222-222222222222");
});

afterAll(async () => {
  await Promise.all([here.vault.stop(), other.vault.stop()]);
  await databases.dropAll();
  await mail.stop();
});

const forgetRequests = () => runSql(here.database.adminUrl, "DELETE FROM login_links");
const askFor = async (email: string): Promise<BrowserClient> => {
  await forgetRequests();
  const browser = browserClient(here.url);
  await browser.submit("/", "/login", { email });
  return browser;
};
const asOwner = async (): Promise<BrowserClient> => {
  await forgetRequests();
  return logIn(here.url, owner, mail.mailbox);
};
const invite = async (by: BrowserClient, email: string, role: string): Promise<string> => {
  expect((await by.submit("/members", "/invitations", { email, role })).headers.get("location")).toBe(
    "/members?done=invited",
  );
  return mailedPath(mail.mailbox, email, /invites you/);
};
const member = async (by: BrowserClient, email: string, role: string, name = email): Promise<BrowserClient> => {
  const path = await invite(by, email, role);
  const browser = browserClient(here.url);
  expect((await browser.submit(path, path, { name })).status).toBe(303);
  return browser;
};

describe("V1 logging in by mail", () => {
  it("never spends a link by opening it, and logs in once by its button", async () => {
    const browser = await askFor(owner);
    const path = await mailedPath(mail.mailbox, owner);
    for (let scan = 0; scan < 3; scan++) expect((await browserClient(here.url).get(path)).status).toBe(200);
    expect((await browser.submit(path, path, {})).headers.get("location")).toBe("/");
    expect(await (await browser.get("/")).text()).toContain("Good to see you");
    const again = await browserClient(here.url).get(path);
    expect(again.status).toBe(410);
  });

  it("spends a link once only, however many press its button at the same time", async () => {
    await askFor(owner);
    const path = await mailedPath(mail.mailbox, owner);
    const answers = await Promise.all(Array.from({ length: 6 }, () => browserClient(here.url).submit(path, path, {})));
    expect(answers.filter(({ status }) => status === 303)).toHaveLength(1);
    expect(answers.filter(({ status }) => [410, 403].includes(status))).toHaveLength(5);
  });

  it("lets a link work for ten minutes", async () => {
    const browser = await askFor(owner);
    const path = await mailedPath(mail.mailbox, owner);
    try {
      ahead = 9.9 * minute;
      expect((await browser.get(path)).status).toBe(200);
      ahead = 10.1 * minute;
      expect((await browser.get(path)).status).toBe(410);
    } finally {
      ahead = 0;
    }
  });

  it("answers alike whether an address is a member's or not, and mails only members", async () => {
    const answers = [];
    for (const email of [owner, "stranger@choir.example"]) {
      await forgetRequests();
      const answer = await browserClient(here.url).submit("/", "/login", { email });
      const kept = [...answer.headers].filter(([name]) => !["date", "x-request-id"].includes(name));
      answers.push({ status: answer.status, body: await answer.text(), headers: kept });
    }
    expect(answers[0]).toEqual(answers[1]);
    await mailedPath(mail.mailbox, owner);
    expect(mail.mailbox.list("stranger@choir.example")).toEqual([]);
  });

  it("finds a member whatever the case of the address", async () => {
    await askFor("OWNER@Choir.Example");
    expect(await mailedPath(mail.mailbox, owner)).toMatch(/^\/login\//);
  });

  it("limits requests for links, alike for members and strangers", async () => {
    for (const email of [owner, "stranger@choir.example"]) {
      await forgetRequests();
      const browser = browserClient(here.url);
      const statuses = [];
      for (let i = 0; i < 6; i++) statuses.push((await browser.submit("/", "/login", { email })).status);
      expect(statuses).toEqual([303, 303, 303, 303, 303, 429]);
    }
    await forgetRequests();
    await eventually("five links come", () => Promise.resolve(mail.mailbox.list(owner).length === 5));
    mail.mailbox.clear();
  });

  it("stores no token, only hashes", async () => {
    await askFor(owner);
    const token = (await mailedPath(mail.mailbox, owner)).split("/").at(-1) ?? "";
    const rows = await runSql<object>(here.database.adminUrl, "SELECT * FROM login_links");
    expect(JSON.stringify(rows)).not.toContain(token);
    expect(JSON.stringify(rows)).not.toContain("127.0.0.1");
  });

  it("ends a session for good by logging out", async () => {
    const browser = await asOwner();
    const kept = new Map(browser.cookies);
    expect((await browser.submit("/members", "/logout", {})).status).toBe(303);
    expect(browser.cookies.has("session")).toBe(false);
    const thief = browserClient(here.url);
    for (const [name, value] of kept) thief.cookies.set(name, value);
    expect((await thief.get("/api/me")).status).toBe(401);
  });

  it("binds a session and a link to this vault: neither is worth anything in another", async () => {
    const browser = await asOwner();
    const elsewhere = browserClient(other.url);
    for (const [name, value] of browser.cookies) elsewhere.cookies.set(name, value);
    expect((await elsewhere.get("/api/me")).status).toBe(401);
    await runSql(other.database.adminUrl, "DELETE FROM sessions");
    const [row] = await runSql<{ token_hash: string }>(
      here.database.adminUrl,
      "SELECT token_hash FROM sessions LIMIT 1",
    );
    await runSql(
      other.database.adminUrl,
      "INSERT INTO sessions (member_id, token_hash, created_at, expires_at) SELECT id, $1, now(), now() + '1 day' FROM members",
      [row?.token_hash],
    );
    expect((await elsewhere.get("/api/me")).status).toBe(401);
  });
});

describe("V1 members and invitations", () => {
  it("brings somebody in by a mailed invitation that works once", async () => {
    const path = await invite(await asOwner(), "Anna@choir.example", "member");
    const anna = browserClient(here.url);
    expect(await (await anna.get(path)).text()).toContain("Anna@choir.example");
    expect((await anna.submit(path, path, { name: "Anna 👩🏽‍🎤 آنا" })).status).toBe(303);
    expect(await (await anna.get("/members")).text()).toContain("Anna 👩🏽‍🎤 آنا");
    expect((await browserClient(here.url).get(path)).status).toBe(410);
    await forgetRequests();
    await logIn(here.url, "anna@CHOIR.example", mail.mailbox);
  });

  it("keeps one member per address, whatever its case", async () => {
    const browser = await asOwner();
    const answer = await browser.api("POST", "/api/invitations", { email: "OWNER@choir.example", role: "member" });
    expect(answer.status).toBe(409);
    expect(await answer.json()).toMatchObject({ type: "https://polyphony.dev/problems/already-member" });
    const insert =
      "INSERT INTO members (email, name, role, created_at) VALUES ('Owner@Choir.example', 'x', 'member', now())";
    await expect(runSql(here.database.adminUrl, insert)).rejects.toThrow(/members_email_once/);
  });

  it("makes an earlier invitation worthless by a new one, by sending again and by withdrawing", async () => {
    const browser = await asOwner();
    const first = await invite(browser, "bo@choir.example", "viewer");
    const second = await invite(browser, "BO@choir.example", "member");
    expect((await browserClient(here.url).get(first)).status).toBe(410);
    const page = await (await browser.get("/members")).text();
    const id = /\/invitations\/([0-9a-f-]{36})\/withdraw/.exec(page)?.[1] ?? "";
    await browser.submit("/members", `/invitations/${id}/send-again`, {});
    const third = await mailedPath(mail.mailbox, "BO@choir.example");
    expect((await browserClient(here.url).get(second)).status).toBe(410);
    expect((await browserClient(here.url).get(third)).status).toBe(200);
    await browser.submit("/members", `/invitations/${id}/withdraw`, {});
    expect((await browserClient(here.url).get(third)).status).toBe(410);
  });

  it("lets owners and admins invite, members and viewers not, and shows addresses to those who manage", async () => {
    const boss = await asOwner();
    const admin = await member(boss, "admin@choir.example", "admin");
    const viewer = await member(admin, "viewer@choir.example", "viewer");
    for (const browser of [viewer]) {
      expect((await browser.api("POST", "/api/invitations", { email: "x@choir.example" })).status).toBe(403);
      const page = await (await browser.get("/members")).text();
      expect(page).not.toContain(owner);
      expect(page).not.toContain("Invite somebody");
      const list = (await (await browser.get("/api/members")).json()) as {
        members: { name: string; email?: string }[];
      };
      expect(list.members.filter((one) => one.email !== undefined).map((one) => one.email)).toEqual([
        "viewer@choir.example",
      ]);
    }
    expect((await admin.api("POST", "/api/invitations", { email: "x@choir.example", role: "owner" })).status).toBe(422);
  });

  it("keeps an invitation whose mail could not be sent, and says so", async () => {
    const vaultId = "55555555-5555-4555-8555-555555555555";
    const [closedPort = 0] = await freePorts(1);
    const silent = await startChoirVault(await databases.create(), {
      vaultId,
      name: "Silent",
      owner: { email: owner, name: "Owner" },
      smtpPort: closedPort,
    });
    const browser = browserClient(silent.url);
    const token = "s".repeat(43);
    browser.cookies.set("session", token);
    await runSql(
      silent.database.adminUrl,
      "INSERT INTO sessions (member_id, token_hash, created_at, expires_at) SELECT id, $1, now(), now() + '1 day' FROM members",
      [vaultTokens(vaultId, `${vaultId}-signing-key`).hash("session", token)],
    );
    const answer = await browser.submit("/members", "/invitations", { email: "x@choir.example", role: "member" });
    expect(answer.headers.get("location")).toBe("/members?done=unsent");
    expect(await (await browser.get("/members?done=unsent")).text()).toMatch(/could not be sent.*x@choir\.example/s);
    await silent.vault.stop();
  });

  it("pages through the members in order of their names", async () => {
    const browser = await asOwner();
    const names: string[] = [];
    let next: string | null = "";
    while (next !== null) {
      const path: string = `/api/members?limit=2${next === "" ? "" : `&after=${next}`}`;
      const page = (await (await browser.get(path)).json()) as { members: { name: string }[]; next: string | null };
      names.push(...page.members.map((one) => one.name));
      next = page.next;
    }
    const [row] = await runSql<{ count: string }>(here.database.adminUrl, "SELECT count(*) FROM members");
    expect(names).toHaveLength(Number(row?.count));
    expect(new Set(names).size).toBe(names.length);
    expect((await browser.get("/api/members?after=nonsense")).status).toBe(422);
  });
});

describe("V1 safety", () => {
  it("escapes names everywhere and keeps them out of mail headers", async () => {
    await askFor(owner);
    const text = await (await fetch(here.url)).text();
    expect(text).not.toContain("<script>");
    expect(text).toContain("&lt;script&gt;");
    await mailedPath(mail.mailbox, owner);
    const boss = await asOwner();
    await boss.submit("/members", "/invitations", { email: "cara@choir.example", role: "member" });
    const [got] = await eventually("the invitation comes", () => {
      const letters = mail.mailbox.list("cara@choir.example");
      return Promise.resolve(letters.length > 0 && letters);
    });
    expect(got?.to).toEqual(["cara@choir.example"]);
    expect(got?.subject).toBe(`Óla Bcc: all@example.org invites you to ${choirName}`);
    expect(got?.html).not.toContain("<script>");
    mail.mailbox.clear();
  });

  it.each(["a@b.c\r\nBcc: x@y.z", "a@b.c,d@e.f", "<a@b.c>", "a b@c.d", "@b.c", "a@", 'x"y@b.c'])(
    "refuses %j as an address",
    async (email) => {
      const answer = await browserClient(here.url).submit("/", "/login", { email });
      expect(answer.status).toBe(422);
    },
  );

  it("refuses forms from other sites, without a token, and with another browser's token", async () => {
    const browser = await asOwner();
    const page = await (await browser.get("/members")).text();
    const _token = /name="_token" value="([^"]+)"/.exec(page)?.[1] ?? "";
    const body = { _token, email: "evil@choir.example", role: "admin" };
    for (const origin of ["http://evil.example", "null", other.url]) {
      expect((await browser.post("/invitations", body, { origin })).status).toBe(403);
    }
    expect((await browser.post("/invitations", { ...body, _token: "" })).status).toBe(403);
    const victim = await asOwner();
    expect((await victim.post("/invitations", body)).status).toBe(403);
    expect((await browserClient(here.url).post("/login", { email: owner })).status).toBe(403);
  });

  it("answers programs with problem documents and people with pages", async () => {
    const api = await fetch(`${here.url}/api/members`);
    expect(api.status).toBe(401);
    expect(api.headers.get("content-type")).toMatch(/^application\/problem\+json/);
    expect(await api.json()).toMatchObject({ type: expect.stringMatching(/login-needed$/), status: 401 });
    const page = await fetch(`${here.url}/nowhere`, { headers: { accept: "text/html" } });
    expect([page.status, page.headers.get("content-type")]).toEqual([404, "text/html; charset=utf-8"]);
    const broken = await fetch(`${here.url}/login`, {
      method: "POST",
      headers: { origin: here.url, "content-type": "application/json" },
      body: "{",
    });
    expect(broken.status).toBe(400);
    const large = await browserClient(here.url).post("/login", { email: "x".repeat(30_000) });
    expect(large.status).toBe(413);
  });

  it("sends a strict policy with every page and lets no page be kept", async () => {
    const { headers } = await fetch(here.url);
    expect(headers.get("content-security-policy")).toMatch(/^default-src 'none';style-src 'self';img-src 'self';/);
    expect(headers.get("cache-control")).toBe("no-store");
    expect(headers.get("x-powered-by")).toBeNull();
  });
});
