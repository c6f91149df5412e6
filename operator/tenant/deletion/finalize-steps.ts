import type { DatabaseServer, VaultDatabaseFacts } from "../../database/tenant-database.ts";
import { planClose } from "../../database/vault-plan.ts";
import { serverFor } from "../database-server-for.ts";
import type { TenantDeps } from "../deps.ts";
import { findNamespace, podsAreGone, removeNamespace, stopPods } from "./finalize-namespace.ts";
import { findRecord, type Leaving, writeRecord } from "./retain.ts";
import { proofOfDeletion } from "../identity/vault-holder.ts";

/** A vault that is being taken down: whose it is, and what is left of its database. */
export type Going = Omit<Leaving, "server"> & {
  server: string | null;
  facts: VaultDatabaseFacts | null;
  /** Its data outlives the Tenant: there is some, and it has a retention time. */
  keeps: boolean;
};

/** One step of a deletion: done when it is seen to be done, repeatable, and safe to be killed in. */
export type DeletionStep = {
  name: string;
  needed: (going: Going) => boolean;
  isDone: (going: Going, deps: TenantDeps) => Promise<boolean> | boolean;
  act: (going: Going, deps: TenantDeps) => Promise<void>;
};

const leavingOf = (going: Going): Leaving => ({ ...going, server: going.server ?? "" });

const hasDatabase = ({ server }: Going): boolean => server !== null;

const handleOf = ({ server }: Going, deps: TenantDeps): DatabaseServer => serverFor(server ?? "", deps);

/**
 * A deletion, in order. What is kept is on record before anything is touched; the database is closed before the
 * namespace goes, so that whatever gets stuck there, nobody writes any more; and only the last steps cannot be undone.
 */
export const deletionSteps: readonly DeletionStep[] = [
  {
    name: "Record",
    needed: ({ keeps }) => keeps,
    isDone: async (going, deps) => (await findRecord(leavingOf(going), deps)) !== undefined,
    act: (going, deps) => writeRecord(leavingOf(going), deps),
  },
  {
    name: "StopPods",
    needed: () => true,
    isDone: ({ vaultId }, deps) => podsAreGone(vaultId, deps),
    act: ({ vaultId }, deps) => stopPods(vaultId, deps),
  },
  {
    name: "CloseDatabase",
    needed: hasDatabase,
    isDone: ({ facts, server }) => planClose(facts, server ?? "").length === 0,
    act: async (going, deps) => {
      await handleOf(going, deps).close(going.vaultId);
    },
  },
  {
    name: "RemoveNamespace",
    needed: () => true,
    isDone: async ({ vaultId }, deps) => (await findNamespace(vaultId, deps)) === undefined,
    act: ({ vaultId }, deps) => removeNamespace(vaultId, deps),
  },
  {
    name: "DropDatabase",
    needed: (going) => hasDatabase(going) && !going.keeps,
    isDone: ({ facts }) => facts === null,
    act: async (going, deps) => {
      const proof = await proofOfDeletion(going.tenant, going.vaultId, deps);
      await handleOf(going, deps).drop(going.vaultId, proof);
    },
  },
];
