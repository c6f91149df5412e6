import { customResourceDefinition } from "../../crds/crd.ts";
import { definitions } from "../../crds/resources.ts";
import { eventually } from "../harness/eventually.ts";
import type { ApiServer } from "./api-server.ts";

/** Applies our five kinds and waits until the API server serves them. */
export async function installCrds(api: ApiServer): Promise<void> {
  for (const definition of definitions) {
    const crd = customResourceDefinition(definition);
    const path = `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${crd.metadata.name}`;
    const answer = await api.apply(path, crd);
    if (answer.status >= 300) throw new Error(`${crd.metadata.name}: ${answer.message}`);
  }
  for (const { plural } of definitions) {
    const path = `/apis/polyphony.dev/v1alpha1/${plural}`;
    await eventually(`${plural} are served`, async () => (await api.call("GET", path)).status === 200, {
      everyMs: 100,
    });
  }
}
