import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Tenant } from "../crds/index.ts";
import { chooseProvider } from "../cluster/choose-provider.ts";
import { ensureTools, type Tools } from "../cluster/ensure-tools.ts";
import { type ImageReferences, provideImages } from "../cluster/images.ts";
import { layout } from "../cluster/local/layout.ts";
import { checkoutFolder } from "../cluster/machine/folders.ts";
import { createProgress, type Progress } from "../cluster/machine/progress.ts";
import { runCommand } from "../cluster/machine/run-command.ts";
import { runMain } from "../cluster/machine/run-main.ts";
import { stateFiles } from "../cluster/state.ts";
import { clusterUp } from "../cluster/up.ts";
import { chartValues, consoleUrl, firstAdmin } from "./chart-values.ts";
import { localHttp } from "./local-http.ts";
import { altoEnsemble, nordicChoirs, registerBoth } from "./organizations.ts";
import { createMailReader } from "./read-mail.ts";
import { watchTenants } from "./watch-tenants.ts";

const slugs = [nordicChoirs.slug, altoEnsemble.slug];
const inboxUrl = "http://127.0.0.1:8025";

type Shell = {
  kubectl: (args: string[], input?: string) => Promise<string>;
  helm: (args: string[], input?: string) => Promise<string>;
};

const shell = (tools: Tools): Shell => {
  const env = { ...process.env, KUBECONFIG: stateFiles.kubeconfig };
  const run = (program: string) => (args: string[], input?: string) =>
    runCommand(program, args, { cwd: checkoutFolder, env, ...(input === undefined ? {} : { input }) });
  return { kubectl: run(tools("kubectl")), helm: run(tools("helm")) };
};

const installInbox = async ({ kubectl }: Shell, images: ImageReferences): Promise<void> => {
  const manifest = await readFile(join(checkoutFolder, "examples", "mail-catcher.yaml"), "utf8");
  await kubectl(["apply", "-f", "-"], manifest.replace("MAIL_CATCHER_IMAGE", images["mail-catcher"] ?? ""));
};

const installChart = async ({ helm }: Shell, images: ImageReferences, dnsCidr: string | undefined): Promise<void> => {
  const values = JSON.stringify(chartValues(images, dnsCidr));
  const where = ["--namespace", "polyphony-system", "--create-namespace"];
  const chart = ["upgrade", "--install", "polyphony", "charts/polyphony", ...where, "--values", "-"];
  // A channel that was moved by hand, as README.md shows, is put back: the demo begins as it began.
  await helm([...chart, "--force-conflicts", "--wait", "--timeout", "5m"], values);
};

const readTenants =
  ({ kubectl }: Shell) =>
  async (names: readonly string[]): Promise<Tenant[]> => {
    // Not by name: the worker writes them a moment after the proof, and kubectl fails for one that is not there yet.
    const { items } = JSON.parse(await kubectl(["get", "tenants", "--output", "json"])) as { items: Tenant[] };
    return items.filter(({ metadata }) => names.includes(metadata.name));
  };

/** The address must answer as a browser on this machine would ask for it, with the organization's own name. */
const expectAnswer = async (tenant: Tenant): Promise<void> => {
  const url = tenant.status?.url ?? "";
  let last = "no answer";
  for (let tries = 0; tries < 40; tries += 1) {
    const answer = await localHttp(url).catch((error: unknown) => String(error));
    if (typeof answer !== "string" && answer.status === 200 && answer.body.includes(tenant.spec.organization.name))
      return;
    last = typeof answer === "string" ? answer : `status ${answer.status}`;
    await sleep(250);
  }
  throw new Error(
    `${url} does not answer as it should (${last}). See: kubectl describe tenant ${tenant.metadata.name}`,
  );
};

const farewell = (tenants: Tenant[]): string => {
  const row = (name: string, address: string, note = "") =>
    `  ${name.padEnd(16)} ${address.padEnd(46)} ${note}`.trimEnd();
  const rows = tenants.map(({ spec, status }) => row(spec.organization.name, status?.url ?? ""));
  return `
An umbrella and a collective that belongs to it, and their vaults:

${row("Console", consoleUrl, `log in as ${nordicChoirs.contact.email} or ${altoEnsemble.contact.email}`)}
${rows.join("\n")}
${row("Inbox", inboxUrl, "every mail of the demo, so every login link")}
${row("Mails", `${consoleUrl}/dev/mails`, "what each kind of mail says and looks like, in both languages")}
${row("First admin", firstAdmin.email, "sees and steers all of it, at the console")}

Try next:
  eval "$(make -s env)"
  $KUBECTL get tenants -o wide
  $KUBECTL describe tenant alto-ensemble
  $KUBECTL -n $($KUBECTL get ns -l polyphony.dev/tenant=alto-ensemble -o name | cut -d/ -f2) delete deployment vault   # it comes back
  make down
`;
};

const demo = async (progress: Progress): Promise<void> => {
  const provider = await chooseProvider();
  await clusterUp(progress, provider);
  const images = await provideImages(provider, { progress });
  const tools = await ensureTools(["kubectl", "helm"], progress);
  const commands = shell(tools);
  progress.step("installing the inbox and the chart");
  await installInbox(commands, images);
  await installChart(commands, images, provider.kind === "local" ? `${layout.bridgeAddress}/32` : undefined);
  const say = (line: string) => progress.step(line);
  await registerBoth(nordicChoirs, altoEnsemble, { consoleUrl, mails: createMailReader(inboxUrl), say });
  const tenants = await watchTenants({ slugs, read: readTenants(commands), say, sleep, looks: 360 });
  await Promise.all(tenants.map(expectAnswer));
  process.stdout.write(farewell(tenants));
};

await runMain(() => demo(createProgress()));
