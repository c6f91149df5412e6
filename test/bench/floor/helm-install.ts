import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ensureTools } from "../../../cluster/ensure-tools.ts";
import { createProgress } from "../../../cluster/machine/progress.ts";
import { runCommand } from "../../../cluster/machine/run-command.ts";
import { withType } from "../../../kube/resource-path.ts";
import { childKinds } from "../../../operator/tenant/children/children.ts";
import type { World } from "../world/open-world.ts";
import type { BareVault } from "./bare-vault.ts";

/** Installs a vault's objects (without a database) as a Helm release of its own. */
export type HelmInstall = (vault: BareVault) => Promise<void>;

/** What Helm makes of braces in values that are not meant for it. */
const plain = (text: string): string => text.replaceAll("{{", '{{ "{{" }}');

/** A chart with the objects of a vault, as somebody would write it who has no operator. */
export const createHelmInstall = async ({ folder, kubeconfig }: World): Promise<HelmInstall> => {
  const helm = (await ensureTools(["helm"], createProgress()))("helm");
  return async (vault) => {
    const chart = join(folder, `chart-${vault.namespace}`);
    await mkdir(join(chart, "templates"), { recursive: true });
    await writeFile(join(chart, "Chart.yaml"), "apiVersion: v2\nname: vault\nversion: 1.0.0\n");
    for (const [index, { kind, object }] of vault.stages.flat().entries()) {
      if (kind === "Namespace") continue;
      const text = plain(JSON.stringify(withType(childKinds[kind], object)));
      await writeFile(join(chart, "templates", `${String(index)}.yaml`), text);
    }
    const where = ["--namespace", vault.namespace, "--create-namespace", "--kubeconfig", kubeconfig];
    await runCommand(helm, ["install", "vault", chart, ...where], { env: { HELM_CACHE_HOME: folder } });
  };
};
