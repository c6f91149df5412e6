import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writableWhenReadOnly } from "../../vault-template/db/writable-when-read-only.ts";
import { browserClient } from "../contract/browser-client.ts";
import { logIn, mailedPath } from "../contract/choir-probes.ts";
import { startChoirVault, type ChoirVault } from "../contract/choir-vault.ts";
import { runSql, templateDatabases, type TemplateDatabases } from "../contract/template-databases.ts";
import type { TemplateDatabase } from "../contract/vault-target.ts";
import { eventually } from "../harness/eventually.ts";
import { started } from "../harness/started.ts";
import { startMailCatcher, type MailCatcher } from "../stand-ins/mail-catcher/start.ts";

const owner = { email: "owner@choir.example", name: "Óla" };
const vaultId = "55555555-5555-4555-8555-555555555555";
const keys = { old: "old-signing-key-0123456789-abcdefghijkl", fresh: "new-signing-key-0123456789-abcdefghijkl" };

let databases: TemplateDatabases;
let mail: MailCatcher;
let database: TemplateDatabase;
let folder: string;
const running: ChoirVault[] = [];

const start = async (also: Record<string, string> = {}): Promise<ChoirVault> => {
  const options = { vaultId, name: "Alto Ensemble", owner, smtpPort: mail.smtpPort };
  const vault = await startChoirVault(database, { ...options, also: { SETTINGS_DIR: folder, ...also } });
  running.push(vault);
  return vault;
};

/** A request that fails is a fault, also while something is waited for. */
const everyLook = { everyMs: 100, strict: true };

/** What the platform says now; the vault looks when it is probed. */
const setting = (name: string, text: string): Promise<void> => writeFile(join(folder, name), text);

const probedUntil = (vault: ChoirVault, what: string, look: () => Promise<boolean>): Promise<boolean> =>
  eventually(
    what,
    async () => {
      await (await fetch(`${vault.internalUrl}/readyz`)).text();
      return look();
    },
    everyLook,
  );

/** The operator's switch: the login that the vault uses changes its group. */
const switchTo = (group: "rw" | "ro"): Promise<unknown> => {
  const [login, wanted, other] = ["a", group, group === "rw" ? "ro" : "rw"].map((part) => `${database.name}_${part}`);
  return runSql(
    database.adminUrl,
    `REVOKE ${String(other)} FROM ${String(login)}; GRANT ${String(wanted)} TO ${String(login)}`,
  );
};

beforeAll(async () => {
  databases = templateDatabases(started.adminUrl(), writableWhenReadOnly);
  mail = await startMailCatcher({ smtp: 0, http: 0, host: "127.0.0.1" });
});

beforeEach(async () => {
  database = await databases.create();
  folder = await mkdtemp(join(tmpdir(), "vault-changes-"));
});

afterEach(async () => {
  mail.mailbox.clear();
  await Promise.all(running.splice(0).map(({ vault }) => vault.stop()));
  await rm(folder, { recursive: true });
});

afterAll(async () => {
  await databases.dropAll();
  await mail.stop();
});

describe("D7: a signing key that is replaced", () => {
  it("keeps sessions, links and forms good on every pod, whichever made them, at each step of the way", async () => {
    const before = await start({ SIGNING_KEY: keys.old });
    const session = await logIn(before.url, owner.email, mail.mailbox);
    await session.submit("/members", "/invitations", { email: "guest@choir.example", role: "member" });
    const invitation = await mailedPath(mail.mailbox, "guest@choir.example", /invites you/);

    const announced = await start({ SIGNING_KEY: keys.old, ACCEPTED_SIGNING_KEYS: keys.fresh });
    const switched = await start({ SIGNING_KEY: keys.fresh, ACCEPTED_SIGNING_KEYS: keys.old });
    const fresh = await logIn(switched.url, owner.email, mail.mailbox);
    for (const [made, by] of [
      [session, announced],
      [session, switched],
      [fresh, announced],
    ] as const) {
      const there = browserClient(by.url, new Map(made.cookies));
      expect(await (await there.get("/")).text()).toContain("Good to see you");
      // The form's token is made and checked by different pods, too.
      const form = await (await browserClient(switched.url, new Map(made.cookies)).get("/members")).text();
      const token = /name="_token" value="([^"]+)"/.exec(form)?.[1] ?? "";
      const sent = await there.post("/invitations", { _token: token, email: "x@choir.example", role: "member" });
      expect(sent.headers.get("location")).toBe("/members?done=invited");
    }
    const guest = browserClient(switched.url);
    expect((await guest.submit(invitation, invitation, { name: "Guest" })).status).toBe(303);
    expect((await browserClient(switched.url, new Map(session.cookies)).submit("/", "/logout", {})).status).toBe(303);
    expect((await browserClient(before.url, new Map(session.cookies)).get("/api/me")).status).toBe(401);
  });

  it("does not accept a key that nobody named", async () => {
    const before = await start({ SIGNING_KEY: keys.old });
    const session = await logIn(before.url, owner.email, mail.mailbox);
    const other = await start({ SIGNING_KEY: keys.fresh });
    expect((await browserClient(other.url, new Map(session.cookies)).get("/api/me")).status).toBe(401);
  });
});

describe("K5: a vault that becomes read-only while it runs", () => {
  it("says so with the reason, refuses writes with 403, lets people in and their data out, and back", async () => {
    const vault = await start();
    await database.grantWhenReadOnly();
    const session = await logIn(vault.url, owner.email, mail.mailbox);
    const banner = async () => (await (await session.get("/")).text()).includes("This vault is read-only for now.");
    expect(await banner()).toBe(false);

    await setting("ACCESS_REASON", "Paid until May. Pay <here> to go on.");
    await switchTo("ro");
    const refused = await session.api("POST", "/api/invitations", { email: "x@choir.example", role: "member" });
    expect(refused.status).toBe(403);
    expect(refused.headers.get("content-type")).toContain("application/problem+json");
    expect(await refused.json()).toMatchObject({ type: "https://polyphony.dev/problems/read-only" });
    await eventually("the banner is there", banner, everyLook);
    await probedUntil(vault, "the reason is there", async () =>
      (await (await session.get("/members")).text()).includes("Paid until May. Pay &lt;here&gt; to go on."),
    );
    const form = await session.submit("/members", "/invitations", { email: "x@choir.example", role: "member" });
    expect(form.status).toBe(403);
    expect(await form.text()).toContain("This vault is read-only");
    const again = await logIn(vault.url, owner.email, mail.mailbox);
    expect(await (await again.get("/export/members.csv")).text()).toContain(owner.email);

    await switchTo("rw");
    await eventually("the banner is gone", async () => !(await banner()), everyLook);
    expect((await session.api("POST", "/api/invitations", { email: "x@choir.example", role: "member" })).status).toBe(
      201,
    );
  });

  it("seeds an owner who was named meanwhile as soon as it may write again", async () => {
    const vault = await start();
    await switchTo("ro");
    await setting("OWNER_EMAIL", "new@choir.example");
    await setting("OWNER_NAME", "Nora");
    const owners = () =>
      runSql<{ email: string }>(database.adminUrl, "SELECT email FROM members WHERE role = 'owner' ORDER BY 1");
    await probedUntil(vault, "the vault has seen that it is read-only", async () =>
      (await (await fetch(vault.url)).text()).includes("read-only for now"),
    );
    expect(await owners()).toEqual([{ email: owner.email }]);
    await switchTo("rw");
    await probedUntil(vault, "the new owner is seeded", async () => (await owners())[0]?.email === "new@choir.example");
    expect((await fetch(`${vault.internalUrl}/readyz`)).status).toBe(200);
  });
});

describe("K5: a vault that is renamed while it runs", () => {
  it("shows the new name on its pages and in its mails", async () => {
    const vault = await start();
    await setting("VAULT_NAME", "Kór <b> & جوقة");
    await probedUntil(vault, "the page has the new name", async () =>
      (await (await fetch(vault.url)).text()).includes("Kór &lt;b&gt; &amp; جوقة"),
    );
    await browserClient(vault.url).submit("/", "/login", { email: owner.email });
    await eventually("the mail has the new name", () =>
      Promise.resolve(mail.mailbox.list(owner.email).some(({ subject }) => subject === "Log in to Kór <b> & جوقة")),
    );
  });
});

describe("K5: the export", () => {
  it("has every member and open invitation, over more than one page, for owners and admins only", async () => {
    const vault = await start();
    await runSql(
      database.adminUrl,
      `INSERT INTO members (email, name, role, created_at)
       SELECT 'm' || n || '@choir.example', CASE n WHEN 7 THEN '=cmd()' ELSE 'Member ' || n END, 'member', now()
         FROM generate_series(1, 450) n`,
    );
    const session = await logIn(vault.url, owner.email, mail.mailbox);
    await session.api("POST", "/api/invitations", { email: "open@choir.example", role: "viewer" });
    const table = await session.get("/export/members.csv");
    expect(table.headers.get("content-disposition")).toBe('attachment; filename="members.csv"');
    const lines = (await table.text()).trim().split("\r\n");
    expect(lines).toHaveLength(452);
    expect(lines.some((line) => line.startsWith(`"'=cmd()"`))).toBe(true);
    const whole = (await (await session.get("/api/export")).json()) as { members: object[]; invitations: object[] };
    expect(whole.members).toHaveLength(451);
    expect(whole.invitations).toMatchObject([{ email: "open@choir.example", role: "viewer" }]);
    const member = await logIn(vault.url, "m1@choir.example", mail.mailbox);
    expect((await member.get("/export/members.csv")).status).toBe(403);
    expect((await member.get("/api/export")).status).toBe(403);
    expect((await browserClient(vault.url).get("/api/export")).status).toBe(401);
  });
});
