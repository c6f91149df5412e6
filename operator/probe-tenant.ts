import { request } from "node:http";
import { z } from "zod";
import type { Tenant } from "../crds/index.ts";
import { kinds, typed } from "../kube/kinds.ts";
import { ignoreNotFound } from "../kube/errors.ts";
import type { Kube } from "../kube/kube.ts";
import type { Log } from "./engine/controller.ts";
import { annotations, labels } from "./tenant/names.ts";

const Environment = z.object({
  PROBE_TENANT: z.string().min(1).default("polyphony-probe"),
  PROBE_TEMPLATE: z.string().min(1),
  PROBE_PLAN: z.string().min(1),
  PROBE_GATEWAY_URL: z.url({ protocol: /^http$/ }),
  PROBE_TIMEOUT_SECONDS: z.coerce.number().int().min(1).max(3600).default(300),
  INSTANCE: z.string().default(""),
});

/** What the probe is told: which Tenant it makes, and where the gateway listens. */
export type ProbeConfig = z.infer<typeof Environment>;

/** @throws Error that names every variable that is missing or wrong */
export const parseProbeConfig = (env: NodeJS.ProcessEnv): ProbeConfig => {
  const parsed = Environment.safeParse(env);
  if (!parsed.success) throw new Error(`The probe's environment is not complete:\n${z.prettifyError(parsed.error)}`);
  return parsed.data;
};

/** Asks the gateway for the first page of a host and gives the status. */
export type AskGateway = (gatewayUrl: string, host: string) => Promise<number>;

/** Over HTTP, with the Host header that a visitor's browser would send. */
export const askGateway: AskGateway = (gatewayUrl, host) =>
  new Promise((resolve, reject) => {
    const call = request(gatewayUrl, { headers: { host }, timeout: 10_000 }, (reply) => {
      reply.resume();
      reply.on("end", () => resolve(reply.statusCode ?? 0));
    });
    call.on("timeout", () => call.destroy(new Error(`${gatewayUrl} did not answer within 10 s`)));
    call.on("error", reject);
    call.end();
  });

export type ProbeDeps = {
  kube: Kube;
  ask: AskGateway;
  log: Log;
  wait: (ms: number) => Promise<void>;
};

const tenants = typed<Tenant>(kinds.tenant);
const everyMs = 1000;

const probeObject = (config: ProbeConfig) => ({
  apiVersion: "polyphony.dev/v1alpha1",
  kind: "Tenant",
  metadata: {
    name: config.PROBE_TENANT,
    ...(config.INSTANCE === "" ? {} : { labels: { [labels.instance]: config.INSTANCE } }),
    // It is always to go again, and counts for nobody's mass deletion.
    annotations: { [annotations.deletion]: "approved" },
  },
  spec: {
    organization: { id: "polyphony-probe", name: "Polyphony probe" },
    template: config.PROBE_TEMPLATE,
    plan: config.PROBE_PLAN,
    owner: { email: "probe@example.org", name: "Polyphony probe" },
    // Nothing of it is to be kept.
    retention: "0s",
  },
});

const readyOf = ({ status }: Tenant) => status?.conditions?.find(({ type }) => type === "Ready");

/** Waits until `look` gives something, once a second. @throws Error with what was seen last */
const until = async <T>(
  config: ProbeConfig,
  deps: ProbeDeps,
  look: () => Promise<{ done: T } | { notYet: string }>,
): Promise<T> => {
  let seen = "";
  for (let tries = 0; tries < (config.PROBE_TIMEOUT_SECONDS * 1000) / everyMs; tries += 1) {
    const result = await look();
    if ("done" in result) return result.done;
    if (result.notYet !== seen) deps.log.info({ tenant: config.PROBE_TENANT }, result.notYet);
    seen = result.notYet;
    await deps.wait(everyMs);
  }
  const advice = `See: kubectl describe tenant ${config.PROBE_TENANT}`;
  throw new Error(`After ${config.PROBE_TIMEOUT_SECONDS} s: ${seen} ${advice}`);
};

/** Deletes the probe and waits until nothing of it is left in the API. */
const remove = async (config: ProbeConfig, deps: ProbeDeps): Promise<void> => {
  const ref = { name: config.PROBE_TENANT };
  await deps.kube.delete(tenants, ref).catch(ignoreNotFound);
  await until(config, deps, async () => {
    const left = await deps.kube.find(tenants, ref);
    return left ? { notYet: `The probe is being removed. ${left.status?.message ?? ""}` } : { done: true };
  });
};

/**
 * What `helm test` runs: a Tenant is made, becomes Ready, its page answers 200 through the gateway, and it is removed.
 * It is also removed when something fails. @throws Error that says what did not happen and where to look
 */
export const probeTenant = async (config: ProbeConfig, deps: ProbeDeps): Promise<void> => {
  const { kube, ask, log } = deps;
  // A probe that was cut short may have left its Tenant; what is tested is a new one.
  await remove(config, deps);
  try {
    await kube.apply(kinds.tenant, probeObject(config), { fieldManager: "polyphony-probe" });
    const url = await until(config, deps, async () => {
      const tenant = await kube.get(tenants, { name: config.PROBE_TENANT });
      const ready = readyOf(tenant);
      const current = tenant.status?.observedGeneration === tenant.metadata.generation;
      if (current && ready?.status === "True" && tenant.status?.url) return { done: tenant.status.url };
      const why = ready ? `${ready.reason}: ${ready.message}` : "The operator has not seen it yet.";
      return { notYet: `The probe is not ready. ${why}` };
    });
    await until(config, deps, async () => {
      const status = await ask(config.PROBE_GATEWAY_URL, new URL(url).host).catch((error: unknown) => String(error));
      return status === 200 ? { done: true } : { notYet: `${url} does not answer 200 through the gateway: ${status}.` };
    });
    log.info({ tenant: config.PROBE_TENANT, url }, "the probe answers");
  } finally {
    await remove(config, deps);
  }
  log.info({ tenant: config.PROBE_TENANT }, "the probe is gone again");
};
