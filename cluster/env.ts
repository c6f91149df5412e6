import { existsSync } from "node:fs";
import { tryCommand } from "./machine/run-command.ts";
import { runMain } from "./machine/run-main.ts";
import { stateFiles } from "./state.ts";

/** Where the bundled PostgreSQL's password is, by the chart. */
const secret = { namespace: "polyphony-system", name: "polyphony-postgresql", key: "postgres-password" };

/** What a person or a script needs to reach this checkout's cluster and demo. Throws when no cluster is up. */
export async function clusterEnvironment(): Promise<Record<string, string>> {
  if (!existsSync(stateFiles.kubeconfig))
    throw new Error("No cluster is up. Start it with: make demo (or make cluster-up)");
  const found: Record<string, string> = {
    KUBECONFIG: stateFiles.kubeconfig,
    KUBECTL: stateFiles.kubectl,
    BASE_DOMAIN: "polyphony.localhost",
    GATEWAY_URL: "http://polyphony.localhost:8080",
    CONSOLE_URL: "http://console.localhost:8080",
    API_URL: "http://console.localhost:8080",
    INBOX_URL: "http://127.0.0.1:8025",
  };
  const database = await serverUrl();
  if (database) {
    found["TENANT_DATABASE_URL"] = `${database}/postgres`;
    found["REGISTRY_DATABASE_URL"] = `${database}/registry?options=-csearch_path%3Dregistry`;
  }
  return found;
}

/** The admin's URL of the bundled PostgreSQL without a database, through the forwarder; undefined before the chart is installed. */
async function serverUrl(): Promise<string | undefined> {
  const path = `jsonpath={.data.${secret.key}}`;
  const ask = [
    "-n",
    secret.namespace,
    "get",
    "secret",
    secret.name,
    "--ignore-not-found",
    "-o",
    path,
    "--request-timeout=5s",
  ];
  const answer = await tryCommand(stateFiles.kubectl, ask, { env: { KUBECONFIG: stateFiles.kubeconfig } });
  if (answer.code !== 0)
    throw new Error(`the cluster does not answer: ${answer.stderr.trim()}\nLook with: make cluster-status`);
  if (answer.stdout === "") return undefined;
  const password = encodeURIComponent(Buffer.from(answer.stdout, "base64").toString("utf8"));
  return `postgres://postgres:${password}@127.0.0.1:15432`;
}

/** A line for `eval` in any shell; quoted only where the value needs it. */
export const assignment = (name: string, value: string): string =>
  `${name}=${/^[\w@%+=:,./-]*$/.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`}`;

if (import.meta.main) {
  await runMain(async () => {
    for (const [name, value] of Object.entries(await clusterEnvironment()))
      process.stdout.write(`${assignment(name, value)}\n`);
  });
}
