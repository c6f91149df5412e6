import type { Tenant } from "../../crds/index.ts";
import type { Deployment } from "../../kube/kinds.ts";
import { failureOf } from "../failure-of.ts";
import type { Session } from "../session.ts";

/** `broken`: something does not work, and here is how to mend it. `warning`: it works, and will not always. */
export type Verdict =
  | { state: "ok"; message: string }
  | { state: "broken" | "warning"; message: string; fix: string }
  | { state: "not probed"; message: string };

export const ok = (message: string): Verdict => ({ state: "ok", message });
export const broken = (message: string, fix: string): Verdict => ({ state: "broken", message, fix });
export const warning = (message: string, fix: string): Verdict => ({ state: "warning", message, fix });
export const notProbed = (message: string): Verdict => ({ state: "not probed", message });

/** What the checks look at. */
export type Patient = {
  session: Session;
  /** The operator's Deployment, which tells where the installation is; undefined when there is none. */
  operator: Deployment | undefined;
  probeNetwork: boolean;
};
export type TenantPatient = Patient & { tenant: Tenant };

/** One link of the chain. */
export type Check<P extends Patient = Patient> = {
  name: string;
  /** While this one is broken, those after it cannot be judged. */
  gate?: true;
  look: (patient: P) => Promise<Verdict>;
};

export type Result = { check: string } & (Verdict | { state: "not reached"; message: string });

/** Looks at each link in turn. What a check cannot read is broken too, with what the cluster said. */
export const examine = async <P extends Patient>(checks: readonly Check<P>[], patient: P): Promise<Result[]> => {
  const results: Result[] = [];
  let closed: string | undefined;
  for (const { name, gate, look } of checks) {
    if (closed !== undefined) {
      results.push({ check: name, state: "not reached", message: `needs ${closed}` });
      continue;
    }
    const verdict = await look(patient).catch((error: unknown) => {
      const { message, hints } = failureOf(error);
      return broken(`It could not be read. ${message}`, hints.at(-1) ?? "Try again, and see whether you may read it.");
    });
    results.push({ check: name, ...verdict });
    if (gate && verdict.state === "broken") closed = name;
  }
  return results;
};
