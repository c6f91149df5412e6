import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { desiredChildren } from "../../../operator/tenant/desired.ts";
import { namespaceOf } from "../../../operator/tenant/names.ts";
import { aDesiredVault } from "../../builders/a-desired-vault.ts";
import type { ApiServer } from "../../integration/api-server.ts";
import { applyAll, type Rendered } from "../../integration/render-chart.ts";

/** Kubernetes makes the account `default` a moment after the namespace. */
const untilThere = async (api: ApiServer, path: string): Promise<void> => {
  for (let tries = 0; (await api.call("GET", path)).status !== 200; tries += 1) {
    if (tries === 200) throw new Error(`${path} is not there after 10 s`);
    await sleep(50);
  }
};

/** A vault's namespace on the API server, with all that the operator puts into it. */
export type VaultNamespace = { namespace: string; vaultId: string };

const place = async (api: ApiServer, slug: string): Promise<VaultNamespace> => {
  const vaultId = randomUUID();
  const namespace = namespaceOf(vaultId);
  const objects = desiredChildren(aDesiredVault({ vaultId, slug, namespace })).flat();
  await applyAll(
    api,
    objects.map(({ object }) => object as Rendered),
  );
  await untilThere(api, `/api/v1/namespaces/${namespace}/serviceaccounts/default`);
  return { namespace, vaultId };
};

/** Two vaults as the operator makes them, to try one against the other; `remove` takes them away. */
export const placeTwoVaults = async (api: ApiServer) => {
  const a = await place(api, "isolation-a");
  const b = await place(api, "isolation-b");
  const remove = async (): Promise<void> => {
    for (const { namespace } of [a, b]) await api.call("DELETE", `/api/v1/namespaces/${namespace}`);
  };
  return { a, b, remove };
};

/** A token of an account, as the API server gives it to pods; `audience` is whom it is for, if not the API server. */
export const tokenOf = async (
  api: ApiServer,
  namespace: string,
  account: string,
  audience?: string,
): Promise<string> => {
  const path = `/api/v1/namespaces/${namespace}/serviceaccounts/${account}/token`;
  const spec = { expirationSeconds: 600, ...(audience === undefined ? {} : { audiences: [audience] }) };
  const answer = await api.call("POST", path, {
    body: { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", spec },
  });
  if (answer.status !== 201) throw new Error(`${path}: ${answer.message}`);
  return (answer.body as { status: { token: string } }).status.token;
};
