import { afterAll, beforeAll } from "@jest/globals";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildVault } from "../../vault-template/build.ts";
import { neededSchemaVersion } from "../../vault-template/db/migrations/index.ts";
import { writableWhenReadOnly } from "../../vault-template/db/writable-when-read-only.ts";
import { meters } from "../../vault-template/meters.ts";
import { choirProbes } from "../contract/choir-probes.ts";
import { processTarget, type ProcessTarget } from "../contract/process-target.ts";
import { templateDatabases, type TemplateDatabases } from "../contract/template-databases.ts";
import { vaultContract } from "../contract/vault-contract.ts";
import type { ContractGround } from "../contract/vault-target.ts";
import { started } from "../harness/started.ts";
import { startMailCatcher, type MailCatcher } from "../stand-ins/mail-catcher/start.ts";

// The bundle as the image takes it, as a process on this machine.
let folder: string;
let target: ProcessTarget;
let databases: TemplateDatabases;
let mail: MailCatcher;
let ground: ContractGround;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "vault-contract-"));
  await buildVault(folder);
  mail = await startMailCatcher({ smtp: 0, http: 0, host: "127.0.0.1" });
  target = processTarget([process.execPath, join(folder, "vault.cjs")]);
  databases = templateDatabases(started.adminUrl(), writableWhenReadOnly);
  ground = {
    target,
    declared: { schemaVersion: neededSchemaVersion, meters, writableWhenReadOnly },
    probes: choirProbes(mail.mailbox),
    smtpUrl: `smtp://127.0.0.1:${mail.smtpPort}`,
    newDatabase: databases.create,
  };
});

afterAll(async () => {
  await target.stopAll();
  await databases.dropAll();
  await mail.stop();
  await rm(folder, { recursive: true, force: true });
});

vaultContract(() => ground);
