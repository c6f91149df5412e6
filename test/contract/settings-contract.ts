import { describe, expect, it } from "@jest/globals";
import { setTimeout as pause } from "node:timers/promises";
import { contractEnvironment } from "./contract-environment.ts";
import { becomesReady, migrated } from "./serve-contract.ts";
import type { ContractGround, RunningVault } from "./vault-target.ts";

/** Asks the readiness probe, which is when a vault looks at its settings, until `look` says yes. */
const probedUntil = async (vault: RunningVault, withinMs: number, look: () => Promise<boolean>): Promise<void> => {
  const end = Date.now() + withinMs;
  while (!(await look())) {
    if (Date.now() > end) throw new Error(`It did not follow its settings. The vault said:\n${vault.output()}`);
    await pause(200);
    await (await fetch(`${vault.internalUrl}/readyz`)).arrayBuffer();
  }
};

/** `serve` follows what may change while it runs. */
export function settingsContract(ground: () => ContractGround): void {
  describe("K5 settings that change", () => {
    it("makes another person owner who is named while it runs, without a restart", async () => {
      const { target, probes } = ground();
      const database = await migrated(ground());
      const settings = await target.newSettings({ OWNER_EMAIL: "first@contract.example", OWNER_NAME: "Óla" });
      const environment = contractEnvironment(ground(), database.rwUrl);
      const vault = await target.serve({ ...environment, SETTINGS_DIR: settings.path });
      await becomesReady(vault);
      const owners = () => probes.owners(database.adminUrl);
      // What is in the folder goes before the environment.
      await probedUntil(vault, settings.withinMs, async () => (await owners()).includes("first@contract.example"));
      await settings.publish({ OWNER_EMAIL: "second@contract.example", OWNER_NAME: "Nora" });
      await probedUntil(vault, settings.withinMs, async () => (await owners()).includes("second@contract.example"));
      expect(await owners()).toEqual(["second@contract.example"]);
      expect(await vault.terminate()).toBe(0);
    }, 240_000);

    it("goes on as it is when what is said anew does not fit, or is not there", async () => {
      const { target, probes } = ground();
      const database = await migrated(ground());
      const settings = await target.newSettings({ OWNER_EMAIL: "nobody at all", ACCESS: "Maybe" });
      const environment = contractEnvironment(ground(), database.rwUrl);
      const vault = await target.serve({ ...environment, SETTINGS_DIR: settings.path });
      await becomesReady(vault);
      expect(await probes.owners(database.adminUrl)).toEqual([environment["OWNER_EMAIL"]]);
      expect((await fetch(vault.publicUrl + probes.openPath)).status).toBe(200);
      expect(await vault.terminate()).toBe(0);
    });
  });
}
