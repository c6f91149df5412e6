/* eslint-disable @typescript-eslint/no-unsafe-assignment -- objects of the API are looked at as they come */
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { Tenant } from "../../crds/index.ts";
import { desiredChildren } from "../../operator/tenant/desired.ts";
import { displayName } from "../../vault-template/display-name.ts";
import { emailAddress } from "../../vault-template/email-address.ts";
import { writableWhenReadOnly } from "../../vault-template/db/writable-when-read-only.ts";
import { aDesiredVault } from "../builders/a-desired-vault.ts";
import { browserClient } from "../contract/browser-client.ts";
import { type ChoirVault, startChoirVault } from "../contract/choir-vault.ts";
import { runSql, templateDatabases, type TemplateDatabases } from "../contract/template-databases.ts";
import type { TemplateDatabase } from "../contract/vault-target.ts";
import { eventually } from "../harness/eventually.ts";
import { started } from "../harness/started.ts";
import { countAttempts } from "../isolation/attempts.ts";
import {
  hostileAddresses,
  hostileNames,
  impossibleAddresses,
  impossibleNames,
} from "../isolation/names/hostile-texts.ts";
import { podEnvironment } from "../isolation/pod-environment.ts";
import { startMailCatcher, type MailCatcher } from "../stand-ins/mail-catcher/start.ts";
import { connectApiServer, type ApiServer } from "./api-server.ts";
import { collection, goodObjects } from "./good-objects.ts";
import { installCrds } from "./install-crds.ts";

const count = countAttempts(
  "I1s",
  "names and addresses on their way into SQL, YAML, shell, HTML, mail headers and logs",
);

let api: ApiServer;
let databases: TemplateDatabases;
let database: TemplateDatabase;
let mail: MailCatcher;

beforeAll(async () => {
  api = await connectApiServer();
  await installCrds(api);
  databases = templateDatabases(started.adminUrl(), writableWhenReadOnly);
  database = await databases.create();
  mail = await startMailCatcher({ smtp: 0, http: 0, host: "127.0.0.1" });
});
afterAll(async () => {
  api.close();
  await databases.dropAll();
  await mail.stop();
  count.finish();
});

type Person = { name: string; email: string };

/** A Tenant with these texts, as the API server takes it, or why it does not. */
const write = async (organization: string, owner: Person) => {
  const tenant = goodObjects.Tenant();
  Object.assign(tenant.spec, { organization: { id: "org_alto", name: organization }, owner });
  return api.call("POST", `${collection("Tenant")}?dryRun=All&fieldValidation=Strict`, { body: tenant });
};

const plain: Person = { name: "Kari Nordmann", email: "kari@example.org" };

/** What the vault finds in its environment when the operator has made its objects. */
const environmentOf = (tenant: Tenant): Record<string, string> =>
  podEnvironment(
    desiredChildren(aDesiredVault({ spec: tenant.spec }))
      .flat()
      .map(({ object }) => object),
  );

const unescaped = (html: string): string =>
  html
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&#39;", "'")
    .replaceAll("&amp;", "&");

/** A vault with this environment, in this process, on one database for all of them. */
const serveWith = async ({
  VAULT_NAME = "",
  OWNER_NAME = "",
  OWNER_EMAIL = "",
}: Record<string, string>): Promise<ChoirVault> => {
  const owner = { name: OWNER_NAME, email: OWNER_EMAIL };
  const vaultId = "55555555-5555-4555-8555-555555555555";
  return startChoirVault(database, { vaultId, name: VAULT_NAME, owner, smtpPort: mail.smtpPort });
};

describe("I1s: a name that is a line of text", () => {
  it.each(hostileNames)("%s: %j reaches the vault's environment as it was written", async (where, text) => {
    const { status, body, message } = await write(text, { ...plain, name: text });
    expect([status, message]).toEqual([201, ""]);
    const { VAULT_NAME, OWNER_NAME } = environmentOf(body as Tenant);
    count.tried(`${where}: ${text} in the environment`, VAULT_NAME === text && OWNER_NAME === text);
    expect([VAULT_NAME, OWNER_NAME]).toEqual([text, text]);
    // What the vault makes of it is the same line for people; it never refuses to start.
    expect(displayName(text)).not.toBeNull();
  });

  it.each(hostileNames)("%s: %j is text on the vault's page, in its mail and in its database", async (where, text) => {
    const { body } = await write(text, { ...plain, name: text });
    const shown = displayName(text) ?? "";
    const here = await serveWith(environmentOf(body as Tenant));
    try {
      const page = await (await fetch(here.url)).text();
      const title = /<title>([^]*?)<\/title>/.exec(page)?.[1] ?? "";
      expect(unescaped(title)).toContain(shown);
      expect(title).not.toMatch(/[<>"']/);
      mail.mailbox.clear();
      await runSql(database.adminUrl, "DELETE FROM login_links");
      await browserClient(here.url).submit("/", "/login", { email: plain.email });
      const letter = await mailTo(plain.email);
      // One header, and only to whom it was for: nothing in the name began another, nor was it decoded (U+2060 is unseen).
      expect([letter.subject.replaceAll("\u2060", ""), letter.to]).toEqual([`Log in to ${shown}`, [plain.email]]);
      const rows = await runSql<{ name: string }>(database.adminUrl, "SELECT name FROM members");
      count.tried(`${where}: ${text} on page, in mail and in SQL`, !page.includes("canary"));
      expect(rows).toHaveLength(1);
    } finally {
      await here.vault.stop();
    }
  });
});

const mailTo = (address: string) =>
  eventually(`a mail comes for ${address}`, () => Promise.resolve(mail.mailbox.list(address)[0]), { everyMs: 10 });

describe("I1s: a name that is no line of text", () => {
  it.each(impossibleNames)("%s: %j is refused where it is written", async (where, text) => {
    for (const [field, answer] of [
      ["organization.name", await write(text, plain)],
      ["owner.name", await write("Alto", { ...plain, name: text })],
    ] as const) {
      count.tried(`${where}: ${JSON.stringify(text)} as ${field}`, answer.status === 422);
      expect([answer.status, answer.message]).toEqual([422, expect.stringContaining(field)]);
    }
  });
});

describe("I1s: a mail address", () => {
  it.each(impossibleAddresses)("%s: %j is refused where it is written", async (where, email) => {
    const { status, message } = await write("Alto", { ...plain, email });
    count.tried(`${where}: ${email}`, status === 422);
    expect([status, message]).toEqual([422, expect.stringContaining("owner.email")]);
  });

  it.each(hostileAddresses)("%s: %j is odd, but one address: the vault takes it as it is", async (where, email) => {
    const { status, body } = await write("Alto", { ...plain, email });
    expect(status).toBe(201);
    const { OWNER_EMAIL = "" } = environmentOf(body as Tenant);
    count.tried(`${where}: ${email}`, OWNER_EMAIL === email && emailAddress(OWNER_EMAIL) === email);
    expect([OWNER_EMAIL, emailAddress(OWNER_EMAIL)]).toEqual([email, email]);
  });
});
