import { describe, expect, it } from "@jest/globals";
import { createFakeKube } from "../../kube/fake-kube.ts";
import { kinds, typed } from "../../kube/kinds.ts";
import type { VaultTemplate } from "../../crds/index.ts";
import { aRelease, aTemplate } from "../../test/builders/a-world.ts";
import { silentLog } from "../engine/log.ts";
import { reconcileTemplate } from "./reconcile-template.ts";

const kind = typed<VaultTemplate>(kinds.vaultTemplate);
const context = { log: silentLog(), reconcileId: "1", signal: new AbortController().signal, failures: 0 };
const cached = <T>(value: T) => ({ key: "k", uid: "u", resourceVersion: "1", value });

describe("a VaultTemplate", () => {
  it("says how many releases and tenants it has, and writes nothing while they stay the same", async () => {
    const kube = createFakeKube();
    const { metadata, ...rest } = aTemplate();
    await kube.create(kind, { ...rest, metadata: { name: metadata.name } } as unknown as VaultTemplate);
    let tenants = 2;
    const visit = async () => {
      const template = await kube.get(kind, { name: "choir" });
      const deps = {
        kube,
        templates: { get: () => cached(template) },
        releases: { values: () => [cached(aRelease())].values() },
        tenantsOf: () => tenants,
      };
      await reconcileTemplate(deps)("choir", context);
      return kube.get(kind, { name: "choir" });
    };
    const first = await visit();
    expect(first.status).toMatchObject({ releases: 1, tenants: 2 });
    expect((await visit()).metadata.resourceVersion).toBe(first.metadata.resourceVersion);
    tenants = 3;
    expect((await visit()).status).toMatchObject({ tenants: 3 });
  });
});
