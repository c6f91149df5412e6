import { describe, expect, it } from "@jest/globals";
import { createFakeKube } from "../kube/fake-kube.ts";
import { kinds } from "../kube/kinds.ts";
import { parseProbeConfig, probeTenant, type ProbeDeps } from "./probe-tenant.ts";

const env = {
  PROBE_TEMPLATE: "choir",
  PROBE_PLAN: "free",
  PROBE_GATEWAY_URL: "http://gateway.example:8080",
  PROBE_TIMEOUT_SECONDS: "5",
};
const ref = { name: "polyphony-probe" };
const url = "http://polyphony-probe.example.org:8080";

/** A probe in a world where the operator makes Tenants Ready, or says why not. */
const scene = (ready: { status: "True" | "False"; reason: string; message: string }, answer = 200) => {
  const kube = createFakeKube();
  const hosts: string[] = [];
  const silent = () => undefined;
  const log = { info: silent, warn: silent, error: silent, debug: silent } as unknown as ProbeDeps["log"];
  const operator = async () => {
    const tenant = await kube.find(kinds.tenant, ref);
    if (!tenant || tenant.status) return;
    const conditions = [{ type: "Ready", lastTransitionTime: "2026-01-01T00:00:00Z", ...ready }];
    const status = { url, observedGeneration: tenant.metadata?.generation, conditions };
    await kube.patchStatus(kinds.tenant, ref, { status });
  };
  const deps: ProbeDeps = {
    kube,
    log,
    wait: operator,
    ask: (gateway, host) => {
      hosts.push(`${gateway} ${host}`);
      return Promise.resolve(answer);
    },
  };
  return { kube, hosts, run: () => probeTenant(parseProbeConfig(env), deps) };
};

describe("the probe of helm test", () => {
  it("makes a Tenant, asks for its page through the gateway, and removes it", async () => {
    const { kube, hosts, run } = scene({ status: "True", reason: "Ready", message: "" });
    await run();
    expect(hosts).toEqual(["http://gateway.example:8080 polyphony-probe.example.org:8080"]);
    expect(await kube.find(kinds.tenant, ref)).toBeUndefined();
  });

  it("says why the Tenant is not ready, and removes it all the same", async () => {
    const { kube, run } = scene({ status: "False", reason: "NoDatabaseServer", message: "add one" });
    await expect(run()).rejects.toThrow("NoDatabaseServer: add one");
    expect(await kube.find(kinds.tenant, ref)).toBeUndefined();
  });

  it("fails when the page does not answer 200", async () => {
    const { run } = scene({ status: "True", reason: "Ready", message: "" }, 503);
    await expect(run()).rejects.toThrow("does not answer 200 through the gateway: 503");
  });

  it("names what its environment lacks", () => {
    expect(() => parseProbeConfig({})).toThrow("PROBE_GATEWAY_URL");
  });
});
