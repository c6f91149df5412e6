import type { Command } from "commander";
import { type DryRunOptions, withDryRun, withWait, type WaitOptions } from "../options.ts";
import type { Session } from "../session.ts";
import { changeEach, type Step } from "./change-tenant.ts";
import { isJudged, isReady } from "./tenant-state.ts";

type Switch = {
  field: "activity" | "access";
  value: string;
  /** The field beside it that tells people why; none for the way back. */
  why?: "activityReason" | "accessReason";
  words: Pick<Step, "already" | "begun" | "done">;
  reached: Step["reached"];
};

const suspend: Switch = {
  field: "activity",
  value: "Suspended",
  why: "activityReason",
  words: {
    already: "is to be suspended already",
    begun: "is being suspended",
    done: "is suspended: its vault is off the air, its data is kept",
  },
  reached: (tenant) => isJudged(tenant) && tenant.status?.phase === "Suspended",
};

const resume: Switch = {
  field: "activity",
  value: "Running",
  words: { already: "is to run already", begun: "is being resumed", done: "runs again" },
  reached: isReady,
};

const readOnly: Switch = {
  field: "access",
  value: "ReadOnly",
  why: "accessReason",
  words: {
    already: "is to be read-only already",
    begun: "is becoming read-only",
    done: "is read-only: people can read, export and log in",
  },
  reached: (tenant) => isReady(tenant) && tenant.status?.phase === "ReadOnly",
};

const readWrite: Switch = {
  field: "access",
  value: "ReadWrite",
  words: { already: "is to be writable already", begun: "is becoming writable", done: "is writable again" },
  reached: (tenant) => isReady(tenant) && tenant.status?.phase === "Active",
};

const stepOf = ({ field, value, why, words, reached }: Switch, reason: string | undefined): Step => ({
  ...words,
  reached,
  change: ({ spec }) => {
    const reasonField = field === "activity" ? "activityReason" : "accessReason";
    const told = why === undefined ? null : reason;
    const same = spec[field] === value && (told === undefined || (spec[reasonField] ?? null) === told);
    return same ? undefined : { spec: { [field]: value, ...(told === undefined ? {} : { [reasonField]: told }) } };
  },
});

const verbs = [
  { name: "suspend", to: suspend, description: "take vaults off the air and keep their data" },
  { name: "resume", to: resume, description: "bring suspended vaults back" },
  { name: "read-only", to: readOnly, description: "let people read, export and log in, and refuse writes" },
  { name: "read-write", to: readWrite, description: "let people write again" },
] as const;

type Options = WaitOptions & DryRunOptions & { off?: true; reason?: string };

/** `tenant suspend`, `resume`, `read-only`, `read-write`: one field of the spec each. */
export const addTenantSwitches = (parent: Command, session: Session): void => {
  for (const { name, to, description } of verbs) {
    const command = parent.command(name).description(description).argument("<slug...>", "names of tenants");
    if (to.why) command.option("--reason <text>", "why, and what lifts it; people in the vault read it");
    if (name === "read-only") command.option("--off", "the way back, as read-write");
    withDryRun(withWait(command)).action((slugs: string[], { off, reason, ...how }: Options) =>
      changeEach(session, slugs, stepOf(off ? readWrite : to, reason), how),
    );
  }
};
