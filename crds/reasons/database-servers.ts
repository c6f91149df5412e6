import { action, progress, retrying } from "./reason-entry.ts";

/** Database servers. */
export const serverReasons = {
  ConnectionSecretMissing: action(
    "The Secret with the database server's URL is not there.",
    "Create it with the key that spec.connection.secretRef names.",
  ),
  DatabaseServerAuthFailed: action(
    "The database server refuses the operator's login.",
    "Put the right URL into the connection Secret.",
  ),
  DatabaseServerConnecting: progress("The operator is connecting to the database server.", "Wait; it takes seconds."),
  DatabaseServerFull: action(
    "The database server has no place, connection or disk space left.",
    "Raise spec.capacity or the server's limits, or add a DatabaseServer.",
  ),
  DatabaseServerMisconfigured: action(
    "The URL in the connection Secret names no database that exists.",
    "Let it end in /postgres.",
  ),
  DatabaseServerMissing: action(
    "The DatabaseServer that the Tenant names does not exist.",
    "Create it, or name another in spec.databaseServer.",
  ),
  DatabaseServerRightsMissing: action(
    "The operator's role lacks a right on the database server.",
    "Give it LOGIN, CREATEDB and CREATEROLE.",
  ),
  DatabaseServerTooOld: action("The database server's version is not supported.", "Move it to PostgreSQL 15 or later."),
  DatabaseServerUnreachable: retrying(
    "The database server cannot be reached.",
    "Check that it runs, its address and the network's rules.",
  ),
  LargeObjectsOpen: action(
    "A read-only vault can still make large objects.",
    "Run the REVOKE that the condition gives, as the server's administrator.",
  ),
  NoDatabaseServer: action("No DatabaseServer is ready and has room.", "Add one, or mend or enlarge one that exists."),
  NotAsked: progress("The database server could not be asked.", "See its condition Reachable."),
  PublicMayConnect: action(
    "Every role may connect to a database that is not a vault's.",
    "Run the REVOKE that the condition gives, as the server's administrator.",
  ),
  SlowCrashRecovery: action(
    "After a crash the database server would take minutes to start.",
    "Set recovery_init_sync_method to syncfs.",
  ),
};
