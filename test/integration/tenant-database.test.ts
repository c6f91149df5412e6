import { startPostgres18 } from "../contract/embedded-postgres.ts";
import { openRealPostgres } from "../contract/real-postgres.ts";
import { tenantDatabaseContract } from "../contract/tenant-database-contract.ts";
import { vaultMigrationsContract } from "../contract/vault-migrations-contract.ts";
import { started } from "../harness/started.ts";

const openPostgres15 = () =>
  openRealPostgres({
    adminUrl: started.adminUrl(),
    operatorUrl: started.operatorUrl(),
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
