/** Phases that a vault may be in, in the order of a vault's life. */
export const phases = [
  "Requested",
  "Pending",
  "Provisioning",
  "Active",
  "ReadOnly",
  "Hibernated",
  "Suspended",
  "Failed",
  "Deleting",
] as const;

export const approvals = ["pending", "approved", "rejected"] as const;

export interface FleetFilter {
  readonly search?: string | undefined;
  readonly phase?: string | undefined;
  readonly approval?: (typeof approvals)[number] | undefined;
}

const oneOf = <T extends string>(names: readonly T[], text: string | null): T | undefined =>
  names.find((name) => name === text);

/** Reads the filters out of a page's address; what is no filter of ours is passed over. */
export const readFilter = (parameters: URLSearchParams): FleetFilter => {
  const search = parameters.get("search")?.slice(0, 100);
  const phase = oneOf(phases, parameters.get("phase"));
  const approval = oneOf(approvals, parameters.get("approval"));
  return { ...(search ? { search } : {}), ...(phase ? { phase } : {}), ...(approval ? { approval } : {}) };
};

export const isPhase = (text: string): boolean => phases.some((phase) => phase === text);
