import type { Command } from "commander";
import { CliError, wrongUsage } from "../cli-error.ts";
import { exitCode } from "../exit-code.ts";
import type { Session } from "../session.ts";
import { findCheckout } from "./find-checkout.ts";

const targets = [
  {
    name: "up",
    target: "demo",
    description: "bring up the demo of this checkout: a cluster, the chart and two vaults",
  },
  { name: "down", target: "down", description: "stop everything that up started" },
  { name: "env", target: "env", description: 'shell assignments for its cluster: eval "$(polyphony env)"' },
] as const;

const make = async (session: Session, target: string): Promise<void> => {
  const folder = findCheckout(session.folder);
  if (folder === undefined)
    throw wrongUsage("This is no checkout of Polyphony.", {
      hints: [
        "up, down and env run the demo of a checkout: go into one. For a cluster of your own install the chart with helm.",
      ],
    });
  const code = await session.run("make", ["--silent", "--directory", folder, target]);
  if (code !== 0) throw new CliError(exitCode.failed, `make ${target} ended with ${code}; it said why above.`);
};

/** `up`, `down`, `env`: the demo of the checkout one stands in. */
export const addCheckout = (program: Command, session: Session): void => {
  for (const { name, target, description } of targets)
    program
      .command(name)
      .description(description)
      .action(() => make(session, target));
};
