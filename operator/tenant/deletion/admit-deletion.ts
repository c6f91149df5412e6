import type { Condition, Tenant, TenantStatus } from "../../../crds/index.ts";
import { kinds } from "../../../kube/kinds.ts";
import { isRecent, mayDelete } from "../../deletion/deletion-breaker.ts";
import { conditionsOf } from "../../conditions.ts";
import type { TenantDeps } from "../deps.ts";
import { annotations, finalizer } from "../names.ts";

/** What becomes of a Tenant's deletion: it goes on, waits for a person's answer, or is taken back. */
export type Admission = "admitted" | "held" | "rejected";

const answerOf = (tenant: Tenant): string | undefined => tenant.metadata.annotations?.[annotations.deletion];

/** Held once, a deletion waits for an answer: it does not go on by itself when the hour is over. */
export const isHeld = ({ metadata, status }: Tenant): boolean =>
  metadata.deletionTimestamp !== undefined &&
  (status?.conditions?.some(({ type, status: is }) => type === "DeletionHeld" && is === "True") ?? false);

const hasBegun = ({ status }: Tenant): boolean => status?.phase === "Deleting";

/** Deletions that are asked for and neither answered nor let through. */
const isWaiting = (tenant: Tenant): boolean =>
  (tenant.metadata.finalizers ?? []).includes(finalizer) && answerOf(tenant) === undefined && !hasBegun(tenant);

/** The API server deletes every Tenant when their kind is deleted; nobody means that. */
const kindGoes = async ({ kube }: TenantDeps): Promise<boolean> => {
  const found = await kube.find(kinds.customResourceDefinition, { name: "tenants.polyphony.dev" });
  return found?.metadata?.deletionTimestamp !== undefined;
};

/** Asks the breaker, unless a person has answered or the deletion is under way. Level-triggered; may run twice. */
export const admitDeletion = async (tenant: Tenant, deps: TenantDeps): Promise<Admission> => {
  const answer = answerOf(tenant);
  if (answer === "approved" || hasBegun(tenant)) return "admitted";
  if (answer === "rejected") return "rejected";
  if (!deps.deletions.breaker.enabled) return "admitted";
  const { tenants } = deps.caches;
  if (isHeld(tenant) || (await kindGoes(deps))) return "held";
  const { uid, name: slug } = tenant.metadata;
  const now = deps.clock.now();
  const live = new Set([...tenants.values()].map((cached) => cached.uid));
  const others = tenants.byIndex("deleting", "yes").filter((cached) => cached.uid !== uid && isWaiting(cached.value));
  const admitted = await deps.deletions.book.admit(
    { uid, slug },
    (entries) => {
      const known = new Set(entries.map((entry) => entry.uid));
      const gone = entries.filter((entry) => !live.has(entry.uid) && isRecent(entry, now)).length;
      const waiting = others.filter((cached) => !known.has(cached.uid)).length;
      return mayDelete(deps.deletions.breaker, { admitted: entries, waiting, fleet: live.size + gone, now });
    },
    (entry) => !isRecent(entry, now) && !live.has(entry.uid),
  );
  return admitted ? "admitted" : "held";
};

const holdMessage = (slug: string): string =>
  "More Tenants are being deleted than a person would delete within an hour, so this one is held and serves on. " +
  `If it is to go: polyphony tenant approve-deletions ${slug} (or kubectl annotate tenant ${slug} ${annotations.deletion}=approved). ` +
  `If not: the same with --reject (or =rejected). All at once: --all.`;

/** The status of a Tenant that lives on, with the condition that asks for an answer. Pure. */
export const heldStatus = (tenant: Tenant, status: TenantStatus, now: Date): TenantStatus => {
  const { name, generation } = tenant.metadata;
  const message = holdMessage(name);
  const judgement = { type: "DeletionHeld", status: "True", reason: "DeletionBreakerOpen", message } as const;
  const held: Condition[] = conditionsOf(tenant.status?.conditions, [judgement], generation, now);
  const others = (status.conditions ?? []).filter(({ type }) => type !== "DeletionHeld");
  return { ...status, conditions: [...others, ...held] };
};
