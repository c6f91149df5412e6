import { Command } from "commander";
import { addAffiliation } from "./affiliation/affiliation-commands.ts";
import { addAudit } from "./audit/audit-commands.ts";
import { addCheckout } from "./checkout/checkout-commands.ts";
import { addCompletion } from "./completion/completion-commands.ts";
import { addDoctor } from "./doctor/doctor-command.ts";
import { addExplain } from "./explain.ts";
import { addInvites } from "./invite/invite-commands.ts";
import { addContext } from "./login/context-commands.ts";
import { addLogin } from "./login/login-commands.ts";
import { addWhoami } from "./login/whoami.ts";
import { addOrg } from "./org/org-commands.ts";
import { addQueue } from "./queue/queue-commands.ts";
import { addRelease } from "./release/release-commands.ts";
import { addRetained } from "./retained/retained-commands.ts";
import { addServer } from "./server/server-commands.ts";
import type { Session } from "./session.ts";
import { addTenant } from "./tenant/add-tenant.ts";
import { addVault } from "./vault/vault-commands.ts";
import { version } from "./version.ts";

const exits = `
Exit codes: 0 done, 1 failed, 2 wrong usage, 3 not found, 4 no access, 5 conflict, 6 timeout, 130 interrupted.
Data goes to standard output, all else to standard error. NO_COLOR turns colours off.`;

/** All commands, with commander's defaults set once; it neither exits nor writes by itself. */
export const createProgram = (session: Session): Command => {
  const { terminal } = session;
  const program = new Command(session.program)
    .description(
      "Every organization its own running copy of an application: organizations and their vaults through the platform, tenants and what they run on in a cluster.",
    )
    .version(version, "-V, --version", "print the version")
    .option("--context <name>", "the kubeconfig's context to use")
    .option("--kubeconfig <file>", "the kubeconfig to use; else $KUBECONFIG, else ~/.kube/config")
    .option(
      "--api <platform>",
      "the platform to ask: a context's name or an address; else $POLYPHONY_API, else the current context",
    )
    .configureHelp({
      showGlobalOptions: true,
      ...(Number.isFinite(terminal.width) ? { helpWidth: terminal.width } : { helpWidth: 100 }),
    })
    .configureOutput({ writeOut: terminal.out, writeErr: terminal.err, outputError: (text, write) => write(text) })
    .addHelpText("after", exits);
  addLogin(program, session);
  addWhoami(program, session);
  addContext(program, session);
  addOrg(program, session);
  addAffiliation(program, session);
  addInvites(program, session);
  addVault(program, session);
  addQueue(program, session);
  addAudit(program, session);
  addTenant(program, session);
  addRelease(program, session);
  addServer(program, session);
  addRetained(program, session);
  addDoctor(program, session);
  addExplain(program, session);
  addCheckout(program, session);
  addCompletion(program, session);
  for (const command of everyCommand(program))
    command
      .exitOverride()
      .helpCommand(false)
      .showHelpAfterError(`  Next: ${pathOf(command)} --help`);
  return program;
};

/** The words that lead to a command. */
const pathOf = (command: Command): string =>
  command.parent ? `${pathOf(command.parent)} ${command.name()}` : command.name();

/** A command and all below it. */
const everyCommand = (command: Command): Command[] => [command, ...command.commands.flatMap(everyCommand)];
