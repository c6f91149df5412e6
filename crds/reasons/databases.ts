import { action, progress, retrying } from "./reason-entry.ts";

/** Databases, golden templates and migrations. */
export const databaseReasons = {
  DatabaseForeign: action(
    "A database or role of the vault's name was not made by Polyphony.",
    "Rename or remove it; it is never taken over.",
  ),
  DatabaseInUse: retrying("Another session holds a database that is to be copied or dropped.", "End that session."),
  DatabaseLost: action(
    "The vault's database was there and is gone.",
    "Restore it under its name; no empty one takes its place.",
  ),
  DatabaseQueryFailed: retrying("The database server refused a statement.", "Read the SQLSTATE in the condition."),
  DropRefused: action("A database was not dropped, as the proof for it was not fresh.", "Read the operator's log."),
  Fenced: progress("A newer operator leads; this one ends.", "Nothing, unless two installations share the server."),
  GoldenTemplateFailed: action(
    "The release's migrations fail on an empty database.",
    "Publish a release that mends them, or pin the one before.",
  ),
  GoldenTemplateInvalid: action(
    "The golden template is not what the release promises.",
    "Compare spec.schemaVersion with what the migrations bring.",
  ),
  GoldenTemplateMissing: retrying("The golden template is not ready on this server yet.", "Look at the VaultRelease."),
  Migrating: progress("The release's migrations run.", "Wait; the VaultRelease says how far they are."),
  MigrationFailed: action("The release's migrations failed.", "Read what they said; they are tried again."),
  MigrationHeldUp: action("The migration's pod does not start.", "Check the release's image and the pull secrets."),
  SchemaUnknown: action(
    "The database was not copied from the release's golden template.",
    "Find out who made it; restore or recreate the vault.",
  ),
};
