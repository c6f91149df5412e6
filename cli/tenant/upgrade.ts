import type { Command } from "commander";
import type { Tenant } from "../../crds/index.ts";
import type { Change } from "../apply/change.ts";
import { failed, wrongUsage } from "../cli-error.ts";
import { requests, templates } from "../names.ts";
import { type DryRunOptions, withDryRun, withWait, type WaitOptions } from "../options.ts";
import type { Session } from "../session.ts";
import { changeEach, type StepFor } from "./change-tenant.ts";
import { ask } from "./requests.ts";
import { isReady } from "./tenant-state.ts";

type Target = { to?: string; channel?: string };

const specChange = ({ to, channel }: Target): Change => {
  if (to !== undefined) return { spec: { release: { pin: to } } };
  return channel === undefined ? {} : { spec: { release: { channel, pin: null } } };
};

const changesNothing = ({ spec }: Tenant, { to, channel }: Target): boolean => {
  const { release } = spec;
  if (to !== undefined) return release.pin === to;
  return channel === undefined || (release.channel === channel && release.pin === undefined);
};

/** The version that this tenant will be on. */
const targetOf = async (session: Session, tenant: Tenant, { to, channel }: Target): Promise<string> => {
  if (to !== undefined) return to;
  const { release, template: name } = tenant.spec;
  if (channel === undefined && release.pin !== undefined) return release.pin;
  const template = await session.cluster().kube.get(templates, { name });
  const wanted = channel ?? release.channel;
  const version = template.spec.channels[wanted];
  if (version !== undefined) return version;
  throw failed(`The template "${name}" has no channel "${wanted}".`, {
    hints: [`Channels: ${Object.keys(template.spec.channels).sort().join(", ")}`],
  });
};

const upgradeStep =
  (session: Session, target: Target): StepFor =>
  async (before) => {
    const version = await targetOf(session, before, target);
    const runs = (tenant: Tenant): boolean => isReady(tenant) && tenant.status?.release?.version === version;
    const spec = specChange(target);
    const same = changesNothing(before, target);
    return {
      change: () => (runs(before) && same ? undefined : { ...ask(session, [requests.upgrade]), ...spec }),
      already: `runs ${version} already`,
      begun: `is being upgraded to ${version}`,
      reached: runs,
      done: `runs ${version}`,
    };
  };

/** `tenant upgrade`: another release, at once. */
export const addTenantUpgrade = (parent: Command, session: Session): void => {
  const command = parent
    .command("upgrade")
    .description("go to another release now, outside the maintenance window too");
  withDryRun(withWait(command, "15m"))
    .argument("<slug...>", "names of tenants")
    .option("--to <version>", "pin this version; without it the newest of the channel")
    .option("--channel <name>", "follow this channel from now on, and drop a pin")
    .action((slugs: string[], { to, channel, ...how }: Target & WaitOptions & DryRunOptions) => {
      if (to !== undefined && channel !== undefined)
        throw wrongUsage("--to pins a version and --channel follows one: say one of them.");
      const target = { ...(to === undefined ? {} : { to }), ...(channel === undefined ? {} : { channel }) };
      return changeEach(session, slugs, upgradeStep(session, target), how);
    });
};
