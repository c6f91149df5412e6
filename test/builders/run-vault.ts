import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildVault } from "../../vault-template/build.ts";
import { writableWhenReadOnly } from "../../vault-template/db/writable-when-read-only.ts";
import { contractEnvironment } from "../contract/contract-environment.ts";
import { processTarget } from "../contract/process-target.ts";
import { templateDatabases } from "../contract/template-databases.ts";
import { started } from "../harness/started.ts";

/** A running vault on a database of its own, as the bundle that the image has. */
export const runVault = async (settings: Record<string, string>) => {
  const folder = await mkdtemp(join(tmpdir(), "identity-vault-"));
  const databases = templateDatabases(started.adminUrl(), writableWhenReadOnly);
  const [database] = await Promise.all([databases.create(), buildVault(folder)]);
  const target = processTarget([process.execPath, join(folder, "vault.cjs")]);
  await target.migrate(`${JSON.stringify({ id: "vault", url: database.migratorUrl })}\n`, "stdin");
  const complete = contractEnvironment({ smtpUrl: "smtp://127.0.0.1:9" } as never, database.rwUrl);
  const environment = { ...complete, ...settings };
  const stop = async (): Promise<void> => {
    await target.stopAll();
    await databases.dropAll();
    await rm(folder, { recursive: true, force: true });
  };
  return { target, database, environment, vault: await target.serve(environment), stop };
};
