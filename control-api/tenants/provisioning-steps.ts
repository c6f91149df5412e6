import type { Provisioning } from "../contract/organizations.ts";
import { plainFailure } from "./plain-reasons.ts";

/** A vault's row, as far as it says how far the vault is. */
export interface VaultRow {
  readonly approval: "pending" | "approved" | "rejected";
  readonly phase: string;
  /** The operator's. */
  readonly reason: string;
  readonly url: string | null;
  /** Steps that the operator has done, of `steps`; null before it has said anything, and when all is done. */
  readonly step: number | null;
  readonly steps: number | null;
  readonly createdAt: Date;
  readonly liveAt: Date | null;
}

/** The steps that people are shown, each with the operator's step (counted from 0) at which it is done. */
const shown: { name: string; title: string; doneAt: number }[] = [
  { name: "place", title: "Finding a place for it", doneAt: 3 },
  { name: "database", title: "Making its database", doneAt: 6 },
  { name: "start", title: "Starting the application", doneAt: 7 },
  { name: "address", title: "Opening its address", doneAt: 9 },
];

type Step = Provisioning["steps"][number];

const states: Record<string, Provisioning["state"]> = {
  Active: "live",
  ReadOnly: "read-only",
  Suspended: "suspended",
  Hibernated: "live",
  Failed: "failed",
  Deleting: "closing",
};

const stateOf = ({ approval, phase }: VaultRow): Provisioning["state"] => {
  if (approval === "pending") return "awaiting-approval";
  if (approval === "rejected") return "rejected";
  return states[phase] ?? "preparing";
};

const stepsOf = (row: VaultRow, state: Provisioning["state"]): Step[] => {
  const approved: Step = {
    name: "approve",
    title: "Approval",
    state: row.approval === "approved" ? "done" : row.approval === "rejected" ? "failed" : "active",
  };
  const isUp = ["live", "read-only", "suspended", "closing"].includes(state);
  const done = isUp ? Number.POSITIVE_INFINITY : row.approval === "approved" ? (row.step ?? 0) : -1;
  const next = shown.findIndex(({ doneAt }) => done < doneAt);
  const rest = shown.map(({ name, title }, index): Step => {
    if (next === -1 || index < next) return { name, title, state: "done" };
    if (index > next || done < 0) return { name, title, state: "waiting" };
    return { name, title, state: state === "failed" ? "failed" : "active" };
  });
  return [approved, ...rest];
};

const messages: Record<Exclude<Provisioning["state"], "failed">, string> = {
  "awaiting-approval":
    "The platform's staff look at new organizations before their vault is made. You get a mail as soon as they have.",
  rejected: "The platform's staff have not approved this organization. Write to them to find out why.",
  preparing: "The vault is being prepared. It takes a moment; you may leave this page, the work goes on.",
  live: "The vault is there.",
  "read-only": "The vault can be read, and nothing in it can be changed.",
  suspended: "The vault is off the air. Everything in it is kept.",
  closing: "The vault is being closed.",
};

/** What a customer is told about their vault: never the operator's own words, which are for staff. Pure. */
export const provisioningOf = (row: VaultRow): Provisioning => {
  const state = stateOf(row);
  const failure = state === "failed" ? plainFailure(row.reason) : null;
  return {
    state,
    message: state === "failed" ? plainFailure(row.reason).message : messages[state],
    failure,
    steps: stepsOf(row, state),
    url: row.url,
    requestedAt: row.createdAt.toISOString(),
    liveAt: row.liveAt?.toISOString() ?? null,
  };
};
