import { action, retrying } from "./reason-entry.ts";

/** A database that is taken over. */
export const adoptionReasons = {
  AdoptionRefusedContents: action(
    "The database to adopt holds things that no vault may hold.",
    "Remove what the message names, or move the data into a database without it.",
  ),
  AdoptionRefusedEncoding: action(
    "The database to adopt is not in UTF-8.",
    "Restore a dump of it into a database made with ENCODING 'UTF8', and adopt that one.",
  ),
  AdoptionRefusedInUse: retrying(
    "Other sessions are open on the database to adopt.",
    "Stop the application that uses it until now; the work goes on by itself.",
  ),
  AdoptionRefusedMissing: action(
    "There is no database of this name on the server.",
    "Create the Tenant anew with the right name in spec.adoptDatabase.",
  ),
  AdoptionRefusedRights: action(
    "The operator may not take the database to adopt over.",
    "Run the statement in the message as the server's administrator.",
  ),
  AdoptionRefusedSchema: action(
    "The schema of the database to adopt does not fit the release.",
    "Pin a release that fits in spec.release.pin, or migrate the database first.",
  ),
  AdoptionRefusedTaken: action(
    "The database to adopt belongs to another vault, or to Polyphony or PostgreSQL itself.",
    "Name another database; what a RetainedVault keeps comes back with spec.restoreFrom.",
  ),
};
