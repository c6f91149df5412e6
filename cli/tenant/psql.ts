import { type Command, Option } from "commander";
import { kinds } from "../../kube/kinds.ts";
import { CliError, failed } from "../cli-error.ts";
import { exitCode } from "../exit-code.ts";
import { vaultName } from "../names.ts";
import type { Session } from "../session.ts";
import { findTenant } from "./find-tenant.ts";
import { namespaceOf } from "./pods-of.ts";

/** The name of a Service in the cluster, if that is what a host is: `<service>.<namespace>.svc[.<cluster domain>]`. */
export const serviceOf = (host: string): { service: string; namespace: string } | undefined => {
  const parts = /^([a-z0-9-]+)\.([a-z0-9-]+)\.svc(\.|$)/.exec(host);
  return parts ? { service: parts[1] ?? "", namespace: parts[2] ?? "" } : undefined;
};

/** The vault's own DATABASE_URL, from its Secret: the login that serves people now, with no more rights than the vault has. */
const databaseUrl = async (session: Session, namespace: string): Promise<URL> => {
  const secret = await session.cluster().kube.get(kinds.secret, { name: vaultName, namespace });
  const encoded = secret.data?.["DATABASE_URL"];
  if (encoded === undefined)
    throw failed(`The Secret ${namespace}/${vaultName} has no DATABASE_URL.`, { next: "doctor" });
  return new URL(Buffer.from(encoded, "base64").toString("utf8"));
};

/** psql's own variables: nothing secret stands among the arguments, which everybody on the machine can read. */
const environmentOf = (url: URL, reached: { host: string; port: string }, slug: string): Record<string, string> => ({
  PGHOST: reached.host,
  PGPORT: reached.port,
  PGUSER: decodeURIComponent(url.username),
  PGPASSWORD: decodeURIComponent(url.password),
  PGDATABASE: decodeURIComponent(url.pathname.slice(1)),
  PGAPPNAME: `polyphony-cli/${slug}`,
  ...(url.searchParams.has("sslmode") ? { PGSSLMODE: url.searchParams.get("sslmode") ?? "prefer" } : {}),
});

type Reached = { host: string; port: string; close: () => Promise<void> };

/** The server as this machine reaches it: by itself, or through a port-forward to its Service. */
const reach = async (session: Session, url: URL, direct: boolean): Promise<Reached> => {
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const port = url.port === "" ? "5432" : url.port;
  const service = direct ? undefined : serviceOf(host);
  if (!service) return { host, port, close: () => Promise.resolve() };
  const kubectl = session.env["KUBECTL"] ?? "kubectl";
  const target = [
    "--namespace",
    service.namespace,
    "port-forward",
    "--address",
    "127.0.0.1",
    `service/${service.service}`,
    `:${port}`,
  ];
  const companion = session.startCompanion(kubectl, [...session.cluster().kubectlArguments, ...target]);
  const [, local = ""] = await companion.line(/^Forwarding from 127\.0\.0\.1:(\d+)/).catch((cause: unknown) => {
    throw failed(`The database server ${host} cannot be reached from here.`, {
      hints: [
        `${kubectl} port-forward: ${(cause as Error).message}`,
        "It needs kubectl in PATH and the right to forward ports, or --direct where the name can be looked up.",
      ],
      cause,
    });
  });
  session.terminal.err(`Reaching ${host} through a port-forward at 127.0.0.1:${local}.\n`);
  return { host: "127.0.0.1", port: local, close: companion.stop };
};

type Options = { direct?: true; command?: string };

/** `tenant psql`: the tenant's database with the vault's own login. */
export const addTenantPsql = (parent: Command, session: Session): void => {
  parent
    .command("psql")
    .description("run psql on the tenant's database, with the vault's own login and rights")
    .argument("<slug>", "name of a tenant")
    .argument("[arguments...]", "further arguments for psql, after --")
    .addOption(new Option("-c, --command <sql>", "run this and end"))
    .option("--direct", "connect to the server's own address instead of forwarding a port")
    .action(async (slug: string, more: string[], { direct, command }: Options) => {
      const tenant = await findTenant(session, slug);
      const url = await databaseUrl(session, namespaceOf(tenant));
      const reached = await reach(session, url, direct ?? false);
      try {
        session.terminal.err(
          `Connecting to ${decodeURIComponent(url.pathname.slice(1))} as ${decodeURIComponent(url.username)}, the login that the vault uses now.\n`,
        );
        const args = [...(command === undefined ? [] : ["--command", command]), ...more];
        const code = await session.run("psql", args, { env: environmentOf(url, reached, slug) });
        if (code === 127)
          throw failed("psql is not installed here.", {
            hints: ["Install PostgreSQL's client, for example apt-get install postgresql-client."],
          });
        if (code !== 0) throw new CliError(exitCode.failed, `psql ended with ${code}.`);
      } finally {
        await reached.close();
      }
    });
};
