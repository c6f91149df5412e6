import { type Adapter, type AdapterPayload, errors } from "oidc-provider";
import { type Clock, hour, later, second } from "../clock.ts";
import type { RegistryDatabase, Transaction } from "../db/registry-database.ts";
import type { Sealer } from "../sealer.ts";
import type { Tokens } from "../tokens.ts";
import type { ClientFinder } from "./oidc-clients.ts";

export interface OidcAdapterDeps {
  readonly registry: RegistryDatabase;
  readonly tokens: Tokens;
  readonly sealer: Sealer;
  readonly clock: Clock;
  readonly findClient: ClientFinder;
}

type Row = {
  kind: string;
  id_hash: string;
  sealed: string;
  grant_hash: string | null;
  user_code_hash: string | null;
  uid_hash: string | null;
  expires_at: Date;
  consumed_at: Date | null;
};

/** So long after its end the provider can still say that something has expired, and not only that it is unknown. */
const rememberedMs = hour;

/** Where the provider keeps codes, tokens and what is under way: found by keyed hashes, and sealed. */
export const createOidcAdapter =
  ({ registry, tokens, sealer, clock, findClient }: OidcAdapterDeps) =>
  (kind: string): Adapter => {
    const hash = (what: string, value: string) => tokens.hash("oidc", `${what}\n${value}`);
    const idHash = (id: string) => hash(kind, id);
    const hashed = (what: string, value: string | undefined) => (value === undefined ? null : hash(what, value));
    const table = (transaction: Transaction) => transaction<Row>("oidc_records").where({ kind });

    const find = (where: Partial<Row>): Promise<AdapterPayload | undefined> =>
      registry.asPlatform(async (transaction) => {
        const row = await table(transaction).andWhere(where).first();
        if (!row) return undefined;
        const payload = JSON.parse(sealer.open(row.id_hash, row.sealed)) as AdapterPayload;
        return row.consumed_at ? { ...payload, consumed: Math.floor(row.consumed_at.getTime() / second) } : payload;
      });

    return {
      upsert: (id, payload, expiresInSeconds = 0) =>
        registry.asPlatform(async (transaction) => {
          const id_hash = idHash(id);
          const row = {
            kind,
            id_hash,
            sealed: sealer.seal(id_hash, JSON.stringify(payload)),
            grant_hash: hashed("grant", payload.grantId),
            user_code_hash: hashed("user-code", payload.userCode),
            uid_hash: hashed("uid", payload.uid),
            expires_at: later(clock.now(), expiresInSeconds * second),
          };
          const conflict = transaction<Row>("oidc_records").insert(row).onConflict(["kind", "id_hash"]);
          if (kind !== "ReplayDetection") await conflict.merge();
          // Of two that come at once with the same proof, one is refused here.
          else if ((await conflict.ignore().returning("kind")).length === 0)
            throw new errors.InvalidClientAuth("client assertion tokens must only be used once");
        }),
      find: (id) => (kind === "Client" ? findClient(id) : find({ id_hash: idHash(id) })),
      findByUid: (uid) => find({ uid_hash: hash("uid", uid) }),
      findByUserCode: (userCode) => find({ user_code_hash: hash("user-code", userCode) }),
      consume: (id) =>
        registry.asPlatform(async (transaction) => {
          const unspent = table(transaction)
            .andWhere({ id_hash: idHash(id) })
            .whereNull("consumed_at");
          // Of two that spend it at once, one is refused here.
          if ((await unspent.update({ consumed_at: clock.now() })) === 0)
            throw new errors.InvalidGrant("already consumed");
        }),
      destroy: (id) =>
        registry.asPlatform(async (transaction) => {
          await table(transaction)
            .andWhere({ id_hash: idHash(id) })
            .delete();
        }),
      revokeByGrantId: (grantId) =>
        registry.asPlatform(async (transaction) => {
          await table(transaction)
            .andWhere({ grant_hash: hash("grant", grantId) })
            .delete();
        }),
    };
  };

/** Forgets what has expired. Returns how much. */
export const forgetExpired = (registry: RegistryDatabase, clock: Clock): Promise<number> =>
  registry.asPlatform(async (transaction) =>
    transaction<Row>("oidc_records").where("expires_at", "<", later(clock.now(), -rememberedMs)).delete(),
  );
