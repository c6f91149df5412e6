import type { Knex } from "knex";
import { connect } from "./connect.ts";

export type Transaction = Knex.Transaction;

/** On whose behalf a transaction runs: what row-level security lets it see. UUIDs. */
export interface Scope {
  readonly organizationId?: string | undefined;
  readonly personId?: string | undefined;
}

/**
 * The registry database. `within` sees one organization or one person, by settings that end with the transaction, so that
 * nothing of one request is left on a connection for the next. `asPlatform` sees all: only the frozen list of
 * docs/decisions uses it.
 */
export interface RegistryDatabase {
  within<T>(scope: Scope, work: (transaction: Transaction) => Promise<T>): Promise<T>;
  asPlatform<T>(work: (transaction: Transaction) => Promise<T>): Promise<T>;
  /** As `asPlatform`, but every query stands for itself and costs one round trip, where one in a transaction costs three. */
  queryAsPlatform<T>(work: (database: Knex) => Promise<T>): Promise<T>;
  /** Rejects when a query cannot be answered. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

export interface RegistryUrls {
  readonly app: string;
  readonly platform: string;
}

export const openRegistry = (urls: RegistryUrls, { max = 10 } = {}): RegistryDatabase => {
  const app = connect({ url: urls.app, name: "polyphony control-api", max });
  const platform = connect({ url: urls.platform, name: "polyphony control-api platform", max });
  return {
    within: ({ organizationId = "", personId = "" }, work) =>
      app.transaction(async (transaction) => {
        await transaction.raw(
          "SELECT set_config('polyphony.organization_id', ?, true), set_config('polyphony.person_id', ?, true)",
          [organizationId, personId],
        );
        return work(transaction);
      }),
    asPlatform: (work) => platform.transaction(work),
    queryAsPlatform: (work) => work(platform),
    ping: async () => {
      await app.raw("SELECT 1");
    },
    close: async () => {
      await Promise.all([app.destroy(), platform.destroy()]);
    },
  };
};
