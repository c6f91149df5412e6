import { good } from "./reason-entry.ts";

/** It holds. */
export const goodReasons = {
  Accepted: good("Template and plan are known."),
  CapacityAvailable: good("The database server has room for more vaults."),
  DatabaseReady: good("The database is there, and only this vault may connect."),
  DriftCorrected: good("Something of the vault was changed or deleted by hand, and was put back."),
  Migrated: good("Every database that is to have the release's schema has it."),
  Reachable: good("The database server answers."),
  Ready: good("All is as the object asks."),
  ReleaseCurrent: good("The wanted release runs."),
  LimitsRespected: good("No meter is over its limit."),
  RightsSufficient: good("The operator's role may do on the database server what it has to."),
  RouteReady: good("The gateway finds the vault."),
  SchemaCurrent: good("The database has the schema that the release needs."),
  SecretsCurrent: good("Every pod runs with the newest database password and signing key."),
  SettingsSafe: good("No setting of the database server is known to do harm."),
  VersionSupported: good("The database server's version is supported."),
  WorkloadAvailable: good("A pod of the vault is available."),
};
