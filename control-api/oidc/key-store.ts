import { exportJWK, generateKeyPair, type JWK } from "jose";
import type { Clock } from "../clock.ts";
import type { RegistryDatabase, Transaction } from "../db/registry-database.ts";
import { newId } from "../ids.ts";
import type { Sealer } from "../sealer.ts";
import { type KeyTimes, planKeys } from "./key-plan.ts";

/** A key that signs what the platform says to vaults and the command line. */
export interface SigningKey extends KeyTimes {
  /** With its private half. */
  readonly jwk: JWK;
}

export interface KeyStore {
  /** All keys that are to be published. Makes the first when there is none. */
  list(): Promise<SigningKey[]>;
  /** Does what is due: announces a new key, forgets old ones. Safe at any time, on several machines at once. */
  upkeep(atOnce?: boolean): Promise<{ added: boolean; removed: number }>;
}

export interface KeyStoreDeps {
  readonly registry: RegistryDatabase;
  readonly sealer: Sealer;
  readonly clock: Clock;
}

type Row = { id: string; sealed: string; signs_from: Date; created_at: Date };

export const signingAlgorithm = "ES256";

const purpose = "oidc-signing-key";

// "oidc-key" in a bigint.
const lock = "8028074707240052089";

const newKey = async (id: string): Promise<JWK> => {
  const { privateKey } = await generateKeyPair(signingAlgorithm, { extractable: true });
  return { ...(await exportJWK(privateKey)), kid: id, alg: signingAlgorithm, use: "sig" };
};

/** Signing keys in the registry, sealed with the installation's key. */
export const createKeyStore = ({ registry, sealer, clock }: KeyStoreDeps): KeyStore => {
  const rows = (transaction: Transaction) => transaction<Row>("oidc_keys").orderBy("signs_from");
  const keysOf = (found: readonly Row[]): SigningKey[] =>
    found.map(({ id, sealed, signs_from }) => ({
      id,
      signsFrom: signs_from,
      jwk: JSON.parse(sealer.open(purpose, sealed)) as JWK,
    }));

  const upkeep = (atOnce = false) =>
    registry.asPlatform(async (transaction) => {
      await transaction.raw(`SELECT pg_advisory_xact_lock(${lock})`);
      const now = clock.now();
      const times = (await rows(transaction)).map(({ id, signs_from }) => ({ id, signsFrom: signs_from }));
      const { add, remove } = planKeys(times, now, atOnce);
      if (add) {
        const id = newId();
        const sealed = sealer.seal(purpose, JSON.stringify(await newKey(id)));
        await transaction<Row>("oidc_keys").insert({ id, sealed, signs_from: add, created_at: now });
      }
      await transaction<Row>("oidc_keys")
        .whereIn("id", [...remove])
        .delete();
      return { added: add !== null, removed: remove.length };
    });

  return {
    upkeep,
    list: async () => {
      const find = () => registry.asPlatform(async (transaction) => rows(transaction));
      const found = await find();
      if (found.length > 0) return keysOf(found);
      await upkeep();
      return keysOf(await find());
    },
  };
};
