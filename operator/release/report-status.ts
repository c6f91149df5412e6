import type { VaultRelease, VaultReleaseStatus } from "../../crds/index.ts";
import { kinds, typed } from "../../kube/kinds.ts";
import type { Kube } from "../../kube/kube.ts";
import { sameValue } from "../same-value.ts";
import { fieldManager } from "../tenant/names.ts";

export const releaseKind = typed<VaultRelease>(kinds.vaultRelease);

/** Tells people what became of a release. */
export type Tell = (
  release: VaultRelease,
  event: { type: "Normal" | "Warning"; reason: string; message: string },
) => void;

/** Conditions of which a change is told; of followers the migration itself tells. */
const toldOf = (status: VaultReleaseStatus | undefined) => status?.conditions?.find(({ type }) => type === "Ready");

/** Writes the status when it differs, and tells people when Ready has another word than before. */
export const reportStatus = async (
  release: VaultRelease,
  status: VaultReleaseStatus,
  { kube, tell }: { kube: Kube; tell?: Tell },
): Promise<void> => {
  if (sameValue(status, release.status)) return;
  const { name, uid } = release.metadata;
  const body = { apiVersion: release.apiVersion, kind: release.kind, metadata: { name, uid }, status };
  await kube.applyStatus(releaseKind, body as unknown as VaultRelease, { force: true, fieldManager });
  const [was, is] = [toldOf(release.status), toldOf(status)];
  if (!is || (was?.status === is.status && was.reason === is.reason)) return;
  const bad = status.goldenTemplates?.some(({ state }) => state === "Failed") ?? false;
  const refused = is.reason === "TemplateMissing" || is.reason === "InUse";
  tell?.(release, { type: bad || refused ? "Warning" : "Normal", reason: is.reason, message: is.message });
};
