import { customResourceDefinition } from "../crds/crd.ts";
import { definitions } from "../crds/resources.ts";
import { kind } from "../kube/kinds.ts";
import type { Kube, KubeObject } from "../kube/kube.ts";
import type { Log } from "./engine/controller.ts";

type Definition = KubeObject & { status?: { conditions?: { type: string; status: string }[] } };

const definitionKind = kind<Definition>(
  "apiextensions.k8s.io/v1",
  "CustomResourceDefinition",
  "customresourcedefinitions",
  false,
);

const established = ({ status }: Definition): boolean =>
  status?.conditions?.some((condition) => condition.type === "Established" && condition.status === "True") ?? false;

/**
 * Applies the CustomResourceDefinitions that this version of the operator was built with, and waits until the API
 * server serves them. Helm installs CRDs once and never upgrades them, so the chart runs this before every upgrade.
 */
export const applyCrds = async (kube: Kube, log: Log, wait: (ms: number) => Promise<void>): Promise<void> => {
  for (const definition of definitions) {
    const object = customResourceDefinition(definition);
    const applied = await kube.apply(definitionKind, object, { force: true, fieldManager: "polyphony-crds" });
    let current = applied;
    for (let tries = 0; !established(current) && tries < 60; tries += 1) {
      await wait(500);
      current = await kube.get(definitionKind, { name: object.metadata.name });
    }
    if (!established(current)) {
      throw new Error(
        `${object.metadata.name} is not served after 30 s: see kubectl describe crd ${object.metadata.name}`,
      );
    }
    log.info({ crd: object.metadata.name }, "applied");
  }
};
