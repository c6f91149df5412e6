import type { TenantStatus } from "../../crds/index.ts";
import { vaultDatabaseName } from "../database/names.ts";
import type { World } from "./world.ts";

/**
 * A size as the status tells it: two digits, and what was told stands while it is right to a twentieth. So no status is
 * written for every few rows, nor again and again for a size at the edge between two roundings.
 */
export const shownBytes = (measured: number, told: number | undefined): number =>
  told !== undefined && Math.abs(measured - told) < told / 20 ? told : Number(measured.toPrecision(2));

/** Where the vault's database is and how big it was when last measured; what was told stands while the server is away. */
export const databaseStatus = ({ tenant, vaultId, server, database }: World): TenantStatus["database"] => {
  const told = tenant.status?.database;
  if (vaultId === null || !server) return told;
  const measured = database?.database?.bytes ?? null;
  const bytes = measured === null ? told?.bytes : shownBytes(measured, told?.bytes);
  return { server: server.name, name: vaultDatabaseName(vaultId), ...(bytes === undefined ? {} : { bytes }) };
};
