import {} from "@jest/globals";
import { startPostgres18 } from "../contract/embedded-postgres.ts";
import { openRealPostgres } from "../contract/real-postgres.ts";
import { tenantDatabaseContract } from "../contract/tenant-database-contract.ts";
import { vaultMigrationsContract } from "../contract/vault-migrations-contract.ts";

const named = (name: string): string => {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set; the suite's global setup does it`);
  return value;
};

const openPostgres15 = () =>
  openRealPostgres({
    adminUrl: named("POLYPHONY_TEST_PG_ADMIN_URL"),
    operatorUrl: named("POLYPHONY_TEST_PG_OPERATOR_URL"),
  });

tenantDatabaseContract("PostgreSQL 15", openPostgres15);
vaultMigrationsContract("PostgreSQL 15", openPostgres15);

// Membership and CREATEROLE work differently from version 16 on.
const openPostgres18 = async () => {
  const postgres = await startPostgres18();
  const server = await openRealPostgres(postgres);
  return {
    ...server,
    async stop() {
      await server.stop();
      await postgres.stop();
    },
  };
};

tenantDatabaseContract("PostgreSQL 18", openPostgres18);
vaultMigrationsContract("PostgreSQL 18", openPostgres18);
