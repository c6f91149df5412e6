/** The promises that every plan is held to; docs/faults.md says what each means. */
export const invariants = {
  I1: "What was accepted comes to its end: the Tenant is where its spec says within the time, none is stuck.",
  I2: "No orphan: namespaces, databases, roles and records join one to one with live Tenants and kept vaults.",
  I3: "No double: nothing was made or taken down more often than without faults; one Tenant for each vault.",
  I4: "No crossing: no other role may ever connect; a vault's login reaches nothing but its own database, and owns nothing.",
  I5: "No destruction on doubt: nothing is dropped or deleted that was not asked for and looked at afresh.",
  I6: "It settles: the end state is the same as without faults, and then nothing more is written; bystanders are not touched.",
  I7: "Tenants run on: bystanders, and tenants whose operation is to be unnoticed, lose no pod and no read.",
  I9: "No secret in logs, Events, status or Jobs: planted and derived values are looked for in all of them.",
} as const;

export type Invariant = keyof typeof invariants;

/** A promise that was not kept. */
export interface Finding {
  readonly invariant: Invariant;
  readonly what: string;
}
