import type { FakeCandidate, FakePostgres } from "./fake-postgres.ts";
import { adoptVault, claimVault, type FakeEffect } from "./fake-vaults.ts";
import type { EffectName, VaultDatabases } from "./tenant-database.ts";
import { refuseCandidate, refuseContents, type VaultAdoption } from "./vault-adoption.ts";

/** A golden template is a database too, and nobody's to take. */
const goldenAt = (postgres: FakePostgres, name: string): FakeCandidate | undefined => {
  const facts = { name, owner: "", encoding: "UTF8", takenBy: null, mayOwn: true, mayConnect: false, sessions: [] };
  const contents = { schema: null, tables: [], unwanted: [], strangers: [] };
  return postgres.goldens.has(name) ? { facts: { ...facts, reserved: true }, contents, adopted: false } : undefined;
};

/** Taking databases over in memory: the same refusals as on a real server, and the same three effects. */
export const createFakeAdoption = (
  name: string,
  postgres: FakePostgres,
  capacity: number,
  effectOf: FakeEffect,
  observe: VaultDatabases["observe"],
): VaultAdoption => ({
  async adopt(spec, source) {
    const { vaultId } = spec;
    const facts = await observe(vaultId);
    if (facts?.database || facts?.lost) return [];
    const found = postgres.candidates.get(source.database) ?? goldenAt(postgres, source.database);
    const look = () => refuseCandidate(vaultId, source.database, found?.facts ?? null, name);
    look();
    if (!found) return [];
    const schema = refuseContents(source, found.contents);
    await effectOf("ClaimDatabase", () => {
      // Of two at once, the second finds it on record.
      look();
      claimVault(postgres, spec, capacity);
      Object.assign(found.facts, { takenBy: vaultId, owner: "polyphony_operator" });
    });
    await effectOf("TakeObjects", () => undefined);
    await effectOf("AdoptDatabase", () => {
      adoptVault(postgres, spec, schema);
      found.adopted = true;
    });
    const done: EffectName[] = ["ClaimDatabase", "TakeObjects", "AdoptDatabase"];
    return done;
  },
});
