import type { TenantStatus } from "../../crds/index.ts";
import { vaultDatabaseName } from "../database/names.ts";
import type { World } from "./world.ts";

/** A size as the status tells it: two digits, so that a status is not written for every few rows. */
export const shownBytes = (bytes: number): number => Number(bytes.toPrecision(2));

/** Where the vault's database is and how big it was when last measured; what was told stands while the server is away. */
export const databaseStatus = ({ tenant, vaultId, server, database }: World): TenantStatus["database"] => {
  const told = tenant.status?.database;
  if (vaultId === null || !server) return told;
  const measured = database?.database?.bytes ?? null;
  const bytes = measured === null ? told?.bytes : shownBytes(measured);
  return { server: server.name, name: vaultDatabaseName(vaultId), ...(bytes === undefined ? {} : { bytes }) };
};
