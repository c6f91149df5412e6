import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Settings } from "./config.ts";
import { liveSettings } from "./live-settings.ts";
import { jsonLog } from "./log.ts";

const start: Settings = {
  vaultName: "Alto Ensemble",
  owner: { email: "kari@example.org", name: "Kari" },
  access: "ReadWrite",
  accessReason: null,
};

let folder: string;
let said = "";
const log = jsonLog(
  (text) => void (said += text),
  () => new Date(0),
);

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "vault-settings-"));
  said = "";
});
afterEach(() => rm(folder, { recursive: true }));

/** Writes files as the kubelet does: all into a new folder, then one link is pointed at it. */
const publish = async (version: string, files: Record<string, string>): Promise<void> => {
  await mkdir(join(folder, version));
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, version, name), text);
  await symlink(version, join(folder, "..data_tmp"));
  await rename(join(folder, "..data_tmp"), join(folder, "..data"));
};

describe("K5: settings that change while the vault runs", () => {
  it("are those of the start until there are others, and then the newest", async () => {
    const settings = liveSettings(start, folder, log);
    await settings.refresh();
    expect(settings.now()).toEqual(start);
    await publish("..1", { VAULT_NAME: "Kór جوقة", ACCESS: "ReadOnly", ACCESS_REASON: "Not paid." });
    await settings.refresh();
    expect(settings.now()).toEqual({ ...start, vaultName: "Kór جوقة", access: "ReadOnly", accessReason: "Not paid." });
    await publish("..2", { VAULT_NAME: "Kór", ACCESS: "ReadWrite", ACCESS_REASON: "" });
    await settings.refresh();
    expect(settings.now()).toEqual({ ...start, vaultName: "Kór" });
  });

  it("are read only when the link to them has changed", async () => {
    await publish("..1", { VAULT_NAME: "One" });
    const settings = liveSettings(start, folder, log);
    await settings.refresh();
    await writeFile(join(folder, "..1", "VAULT_NAME"), "Two");
    await settings.refresh();
    expect(settings.now().vaultName).toBe("One");
  });

  it("that do not fit leave what the start said, one by one, and are named in the log without their value", async () => {
    await publish("..1", { VAULT_NAME: "New", OWNER_EMAIL: "nobody at all", ACCESS: "Maybe" });
    const settings = liveSettings(start, folder, log);
    await settings.refresh();
    expect(settings.now()).toEqual({ ...start, vaultName: "New" });
    expect(said).toContain('["OWNER_EMAIL","ACCESS"]');
    expect(said).not.toContain("nobody");
  });

  it("stay as they are where no folder is given", async () => {
    const settings = liveSettings(start, null, log);
    await settings.refresh();
    expect(settings.now()).toBe(start);
  });
});
