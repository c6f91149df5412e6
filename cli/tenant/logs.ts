import { type Command, InvalidArgumentError, Option } from "commander";
import type { Pod } from "../../kube/kinds.ts";
import { failed, interrupted } from "../cli-error.ts";
import type { Session } from "../session.ts";
import { parseDuration } from "../wait/duration.ts";
import { findTenant } from "./find-tenant.ts";
import { podsOf } from "./pods-of.ts";

type Options = { follow?: true; tail?: number; since?: number; previous?: true; timestamps?: true };

const parseCount = (text: string): number => {
  if (!/^\d{1,7}$/.test(text)) throw new InvalidArgumentError("Write a whole number of lines, for example 100.");
  return Number(text);
};

const pathOf = ({ metadata }: Pod, { follow, tail, since, previous, timestamps }: Options): string => {
  const query = new URLSearchParams({
    ...(follow ? { follow: "true" } : {}),
    ...(tail === undefined ? {} : { tailLines: String(tail) }),
    ...(since === undefined ? {} : { sinceSeconds: String(Math.max(1, Math.round(since / 1000))) }),
    ...(previous ? { previous: "true" } : {}),
    ...(timestamps ? { timestamps: "true" } : {}),
  });
  return `/api/v1/namespaces/${metadata?.namespace ?? ""}/pods/${metadata?.name ?? ""}/log?${query.toString()}`;
};

/** `tenant logs`: what the vault's pods write. */
export const addTenantLogs = (parent: Command, session: Session): void => {
  parent
    .command("logs")
    .description("what the vault's pods write; the pod stands first when there are several")
    .argument("<slug>", "name of a tenant")
    .option("-f, --follow", "go on until Ctrl-C")
    .addOption(new Option("--tail <lines>", "only the last lines of each pod").argParser(parseCount))
    .addOption(new Option("--since <duration>", "only what is younger, for example 10m").argParser(parseDuration))
    .option("--previous", "of the container before the last restart")
    .option("--timestamps", "with the time of each line")
    .action(async (slug: string, options: Options) => {
      const tenant = await findTenant(session, slug);
      const pods = await podsOf(session, tenant);
      if (pods.length === 0)
        throw failed(`The tenant "${slug}" has no pods: it is ${tenant.status?.phase ?? "Pending"}.`, {
          hints: [tenant.status?.message ?? ""].filter((line) => line !== ""),
          next: `tenant explain ${slug}`,
        });
      const { terminal, interrupt } = session;
      const tell = async (pod: Pod): Promise<void> => {
        const prefix = pods.length > 1 ? `${pod.metadata?.name ?? ""} | ` : "";
        for await (const line of session.cluster().lines(pathOf(pod, options), interrupt))
          terminal.out(`${prefix}${line}\n`);
      };
      await Promise.all(pods.map(tell)).catch((error: unknown) => {
        if (!interrupt.aborted) throw error;
      });
      if (interrupt.aborted) throw interrupted("Stopped.", { next: `tenant logs ${slug}` });
    });
};
