import { localHttp } from "../../../demo/local-http.ts";
import { type Demo, vaultUrl } from "../../e2e/support/demo-installation.ts";
import { eventually } from "../../harness/eventually.ts";
import { randomSlug, tenantKind, tenantManifest, type Tenants } from "../../e2e/support/tenants.ts";
import { lookEveryMs } from "../bare-deployment.ts";
import { quick } from "../findings.ts";

/**
 * Waits until a Tenant is Ready and its vault answers 200 at its public address. Asked for from then on: the kernel answers
 * a pod's refused connections once a second at most, so asking all the time before would measure that.
 */
export const untilLive = async (slug: string, tenants: Tenants): Promise<void> => {
  const answers = async () => (await localHttp(vaultUrl(slug), { timeoutMs: 2000 })).status === 200;
  await tenants.ready(slug, { everyMs: lookEveryMs });
  await eventually(`${slug} answers`, answers, { everyMs: lookEveryMs });
};

/** Takes the vault away before anything else is measured; in a short pass beside it, as that takes longer than all else. */
export const takeAway = (slug: string, tenants: Tenants): Promise<void> =>
  quick ? tenants.letGo(slug) : tenants.remove(slug);

/** From applying a Tenant to its first answer, in ms. Through the API as kubectl does, without kubectl's own start. */
export const goLive = async (demo: Demo, tenants: Tenants): Promise<number> => {
  const slug = randomSlug("live");
  const manifest = tenantManifest(slug);
  const began = performance.now();
  await demo.kube.create<object>(tenantKind, manifest);
  await untilLive(slug, tenants);
  const took = performance.now() - began;
  await takeAway(slug, tenants);
  return took;
};
