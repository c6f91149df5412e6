import { makeAdmin } from "../../control-api/platform/make-admin.ts";
import { tenantKind } from "../builders/a-control-api.ts";
import { logIn, registerAndProve } from "../builders/a-registered-organization.ts";
import { anApiClient, type ApiClient } from "../builders/an-api-client.ts";
import { eventually } from "../harness/eventually.ts";
import { type ConsoleHarness, startConsole } from "../harness/console.ts";

/** A console with a handful of organizations in it, as a small platform would have them. */
export interface Installation {
  readonly console: ConsoleHarness;
  /** Logged in, by who they are. */
  readonly clients: Readonly<Record<"staff" | "umbrella" | "collective", ApiClient>>;
}

const staffMail = "ingrid@polyphony.example";
const names = {
  "nordic-choirs": { type: "umbrella", name: "Nordic Choirs" },
  "baltic-voices": { type: "umbrella", name: "Baltic Voices" },
  "alto-ensemble": { type: "collective", name: "Alto Ensemble", umbrella: "nordic-choirs" },
  "fjord-singers": { type: "collective", name: "Fjord Singers", umbrella: "nordic-choirs" },
  "sor-trondelag": { type: "collective", name: "Sør-Trøndelag Damekor" },
} as const;
type Slug = keyof typeof names;

const send = async (client: ApiClient, method: string, path: string, body?: object): Promise<void> => {
  const { status, body: answer } = await client.send(method, path, body);
  if (status >= 300) throw new Error(`${method} ${path} answered ${String(status)}: ${JSON.stringify(answer)}`);
};

const tenantOf = ({ api }: ConsoleHarness, slug: Slug) =>
  eventually(`the Tenant ${slug}`, () => api.kube.find(tenantKind, { name: slug }));

const live = async (console: ConsoleHarness, slug: Slug): Promise<void> => {
  await tenantOf(console, slug);
  const ready = { type: "Ready", status: "True" as const, reason: "Ready", message: "The vault answers." };
  const url = `http://${slug}.vaults.test`;
  const release = { name: "choir-1.4.0", version: "1.4.0", digest: `sha256:${"0".repeat(64)}`, schemaVersion: 3 };
  const at = new Date().toISOString().replace(/\.\d+Z$/, "Z");
  await console.operatorSays(slug, {
    phase: "Active",
    url,
    release,
    message: `The vault answers at ${url}`,
    conditions: [{ ...ready, lastTransitionTime: at }],
  });
};

const failed = async (console: ConsoleHarness, slug: Slug): Promise<void> => {
  await tenantOf(console, slug);
  const at = new Date().toISOString().replace(/\.\d+Z$/, "Z");
  const message = 'There is no VaultRelease "choir-1.5.0": publish it, or pin another in spec.release.pin.';
  await console.operatorSays(slug, {
    phase: "Failed",
    message,
    conditions: [{ type: "Ready", status: "False", reason: "ReleaseMissing", message, lastTransitionTime: at }],
  });
};

/** What waits for the umbrella's answer is approved for one collective; the other one still waits. */
const affiliate = async (umbrella: ApiClient, collective: Slug): Promise<void> => {
  const { body } = await umbrella.get("/api/organizations/nordic-choirs/affiliations");
  const requests = body["requests"] as readonly { id: string; collective: { slug: string } }[];
  const id = requests.find((one) => one.collective.slug === collective)?.id ?? "";
  await send(umbrella, "POST", `/api/affiliation-requests/${id}/approve`, {});
};

/** Starts it; staff approve, so that there is something to approve. Stop its console afterwards. */
export const startInstallation = async (): Promise<Installation> => {
  const console = await startConsole({ APPROVAL: "staff" });
  const { api } = console;
  await makeAdmin(api.accounts, { email: staffMail, name: "Ingrid Solberg" });
  const staff = await logIn(api, staffMail);
  const owners = new Map<string, ApiClient>();
  for (const [slug, more] of Object.entries(names)) {
    const client = anApiClient(console.url);
    await registerAndProve(api, client, slug, `kari@${slug}.example`, more);
    owners.set(slug, client);
  }
  const owner = (slug: Slug): ApiClient => owners.get(slug) ?? anApiClient(console.url);
  for (const slug of ["nordic-choirs", "alto-ensemble", "fjord-singers"] as const)
    await send(staff, "POST", `/api/admin/organizations/${slug}/approve`);
  await affiliate(owner("nordic-choirs"), "alto-ensemble");
  await Promise.all([live(console, "nordic-choirs"), live(console, "alto-ensemble"), failed(console, "fjord-singers")]);
  return { console, clients: { staff, umbrella: owner("nordic-choirs"), collective: owner("alto-ensemble") } };
};
