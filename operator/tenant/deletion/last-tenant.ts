import { z } from "zod";
import type { RetainedVault, Tenant, TenantStatus } from "../../../crds/index.ts";
import { withoutKey } from "../../without-key.ts";
import { annotations } from "../names.ts";

/** A Tenant as it was when it was deleted, as far as a new one needs it. */
export type LastTenant = {
  labels: Record<string, string>;
  annotations: Record<string, string>;
  spec: Tenant["spec"];
  status: TenantStatus;
};

const Written = z.object({
  labels: z.record(z.string(), z.string()),
  annotations: z.record(z.string(), z.string()),
  // Both were in the API server already, which has validated them and will do so again.
  spec: z.custom<Tenant["spec"]>((value) => typeof value === "object"),
  status: z.custom<TenantStatus>((value) => typeof value === "object"),
});

/** The API server takes 256 KiB of annotations on one object; what people wrote into a Tenant's must not be in the way. */
const longestText = 200_000;

/** What of a status is only about its moment. */
const momentary = new Set(["phase", "message", "progress", "conditions", "observedGeneration"]);

const lastingStatus = (status: TenantStatus | undefined): TenantStatus =>
  Object.fromEntries(Object.entries(status ?? {}).filter(([key]) => !momentary.has(key)));

/** The Tenant as text, to be kept with its RetainedVault: release, versions of secrets and its wishes come back with it. */
export const writeLastTenant = ({ metadata, spec, status }: Tenant): string => {
  const kept = withoutKey(metadata.annotations ?? {}, annotations.deletion);
  const last: LastTenant = {
    labels: metadata.labels ?? {},
    annotations: kept,
    spec,
    status: lastingStatus(status),
  };
  const text = JSON.stringify(last);
  if (text.length <= longestText) return text;
  const ours = Object.entries(kept).filter(([key]) => key.startsWith("polyphony.dev/"));
  return JSON.stringify({ ...last, annotations: Object.fromEntries(ours) });
};

/** What was kept of the Tenant; null for a record without it, or one that somebody has changed. */
export const readLastTenant = (retained: RetainedVault): LastTenant | null => {
  const text = retained.metadata.annotations?.[annotations.lastTenant];
  if (text === undefined) return null;
  try {
    return Written.parse(JSON.parse(text));
  } catch {
    return null;
  }
};
