import { openFake } from "../../test/contract/open-fake-server.ts";
import { tenantDatabaseContract } from "../../test/contract/tenant-database-contract.ts";
import { vaultMigrationsContract } from "../../test/contract/vault-migrations-contract.ts";

tenantDatabaseContract("The fake", () => openFake());
vaultMigrationsContract("The fake", () => openFake());
