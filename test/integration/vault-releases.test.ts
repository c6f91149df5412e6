import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { buildVault } from "../../vault-template/build.ts";
import { newestSchemaVersion } from "../../vault-template/db/migrations/steps.ts";
import { writableWhenReadOnly } from "../../vault-template/db/writable-when-read-only.ts";
import type { BrowserClient } from "../contract/browser-client.ts";
import { logIn } from "../contract/choir-probes.ts";
import { startChoirVault, type ChoirVault } from "../contract/choir-vault.ts";
import { processTarget, type ProcessTarget } from "../contract/process-target.ts";
import { runSql, templateDatabases, type TemplateDatabases } from "../contract/template-databases.ts";
import { started } from "../harness/started.ts";
import { type MailCatcher, startMailCatcher } from "../stand-ins/mail-catcher/start.ts";

const vaultId = "33333333-3333-4333-8333-333333333333";
const owner = "owner@releases.example";

let databases: TemplateDatabases;
let mail: MailCatcher;
let newest: ChoirVault;
let folder: string;
let previous: ProcessTarget;
let visitor: BrowserClient;

const voiceParts = () => runSql(newest.database.adminUrl, "SELECT voice_part FROM members ORDER BY email");

beforeAll(async () => {
  databases = templateDatabases(started.adminUrl(), writableWhenReadOnly);
  mail = await startMailCatcher({ smtp: 0, http: 0, host: "127.0.0.1" });
  const about = { vaultId, name: "Releases", owner: { email: owner, name: "Kari" }, smtpPort: mail.smtpPort };
  newest = await startChoirVault(await databases.create(), about);
  folder = await mkdtemp(join(tmpdir(), "polyphony-previous-"));
  await buildVault(folder, { schemaVersion: newestSchemaVersion - 1 });
  previous = processTarget([process.execPath, join(folder, "vault.cjs")]);
  visitor = await logIn(newest.url, owner, mail.mailbox);
});

afterAll(async () => {
  await previous.stopAll();
  await newest.vault.stop();
  await databases.dropAll();
  await mail.stop();
  await rm(folder, { recursive: true });
});

describe("V1 release 1.1.0: members say which voice part they sing", () => {
  it("keeps it, shows it on the pages and in the API, and takes it back", async () => {
    expect((await visitor.submit("/", "/me/voice-part", { voicePart: "alto" })).status).toBe(303);
    expect(await (await visitor.get("/members")).text()).toContain('<span class="tag">Alto</span>');
    expect(await (await visitor.api("GET", "/api/me")).json()).toMatchObject({ member: { voicePart: "alto" } });
    expect((await visitor.submit("/", "/me/voice-part", { voicePart: "" })).status).toBe(303);
    expect(await voiceParts()).toEqual([{ voice_part: null }]);
  });

  it("refuses one that there is not, with a word on what there is", async () => {
    const answer = await visitor.api("POST", "/me/voice-part", { voicePart: "castrato" });
    expect(answer.status).toBe(422);
    expect(await answer.text()).toContain("soprano, alto, tenor, bass");
  });
});

describe("R3 expand, then contract: the release before, on the schema of the newest", () => {
  const startPrevious = () =>
    previous.serve({
      VAULT_ID: vaultId,
      VAULT_NAME: "Releases",
      DATABASE_URL: newest.database.rwUrl,
      SMTP_URL: `smtp://127.0.0.1:${String(mail.smtpPort)}`,
      MAIL_FROM: "no-reply@choir.example",
      SIGNING_KEY: `${vaultId}-signing-key`,
      OWNER_EMAIL: owner,
      OWNER_NAME: "Kari",
      ACCESS: "ReadWrite",
      DRAIN_DELAY_MS: "0",
    });

  it("serves, reads and writes, knows nothing of the new column and leaves what is in it", async () => {
    await visitor.submit("/", "/me/voice-part", { voicePart: "tenor" });
    const vault = await startPrevious();
    while (!(await fetch(`${vault.internalUrl}/readyz`)).ok) await new Promise((resolve) => setTimeout(resolve, 50));
    const before = await logIn(vault.publicUrl, owner, mail.mailbox);
    const page = await (await before.get("/")).text();
    expect(page).toContain("Good to see you");
    expect(page).not.toContain("Your voice");
    expect((await before.submit("/", "/me/voice-part", { voicePart: "bass" })).status).toBe(404);
    const invited = await before.api("POST", "/api/invitations", { email: "guest@releases.example", role: "member" });
    expect(invited.status).toBeLessThan(300);
    expect(await vault.terminate()).toBe(0);
    expect(await voiceParts()).toEqual([{ voice_part: "tenor" }]);
  });

  it("leaves a database that has gone further as it is", async () => {
    const list = `${JSON.stringify({ id: "x", url: newest.database.migratorUrl })}\n`;
    const { stdout } = await previous.migrate(list, "file");
    expect(JSON.parse(stdout)).toMatchObject({ ok: true, from: newestSchemaVersion, to: newestSchemaVersion });
  });
});
