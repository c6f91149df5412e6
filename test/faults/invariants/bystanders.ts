import { namespaceOf } from "../../../operator/tenant/names.ts";
import type { FaultRun } from "../faults/fault-run.ts";
import type { Operation } from "../operations/operation.ts";
import { tenantKind } from "../operations/steps.ts";
import type { Scene } from "../run-plan.ts";
import { concerns, type Subject } from "../world/subject.ts";
import type { World } from "../world/world.ts";
import type { Finding } from "./finding.ts";

const bystandersOf = ({ subjects, subject }: Scene): Subject[] => subjects.filter((one) => one !== subject);

/** So long after a server is back, every vault is to serve again. */
const serveAgainWithinMs = 10_000;

/** Pods lost and reads failed of all tenants to whom nothing was to be noticeable. */
export const unserved = (scene: Scene, operation: Operation, fault: FaultRun, beganMs: number): Finding[] => {
  const { kubelet } = scene.world;
  const sinceMs = fault.outageEndedMs ? fault.outageEndedMs() + serveAgainWithinMs : beganMs;
  const spared = [...bystandersOf(scene), ...(operation.serves ? [scene.subject] : [])];
  const namespaces = new Set(spared.flatMap(({ vaults }) => vaults.map(namespaceOf)));
  const outages = kubelet.outages.filter(({ namespace, atMs }) => atMs >= sinceMs && namespaces.has(namespace));
  return [
    ...outages.map(({ namespace, what }): Finding => ({ invariant: "I7", what: `${namespace}: ${what}` })),
    ...kubelet.unguarded.splice(0).map((namespace): Finding => ({
      invariant: "I4",
      what: `a pod was started in ${namespace} before its network was closed`,
    })),
  ];
};

/** Why a server that was away is not over for all that live on it: whoever is told later would count for the next plan. */
export const stillToldAway = async ({ kube }: World): Promise<string | undefined> => {
  const tenants = await kube.list(tenantKind);
  const told = tenants.filter(({ status }) =>
    status?.conditions?.some(({ reason }) => reason === "DatabaseServerUnreachable"),
  );
  if (told.length === 0) return undefined;
  return `${told.length} tenants still say that their server is away, as ${told[0]?.metadata.name}`;
};

/** Writes about tenants that the plan has nothing to do with. */
export const strayWrites = (scene: Scene, fault: FaultRun): Finding[] => {
  // A server that is away is told of all that live on it.
  if (fault.outageEndedMs) return [];
  const bystanders = bystandersOf(scene);
  const stray = scene.world.gate.others.filter(
    ({ text, changes }) => changes?.length !== 0 && bystanders.some((one) => concerns(one, text)),
  );
  return [...new Set(stray.map(({ what, changes }) => [what, ...(changes ?? [])].join("; ")))].map((what) => ({
    invariant: "I6",
    what: `a tenant that nothing happened to was written to: ${what}`,
  }));
};
