import { describe, expect, it } from "@jest/globals";
import { cniConfig, containerdConfig, corefile, kubeletConfig } from "./settings.ts";

describe("settings of the local cluster", () => {
  it("sends names of the base domain and the console's to the gateway's Service, and no others", () => {
    const pattern = /rewrite stop name regex (\S+) (\S+) answer auto/.exec(corefile(true));
    expect(pattern?.[2]).toBe("polyphony-gateway.polyphony-system.svc.cluster.local");
    const regex = new RegExp(pattern?.[1] ?? "never");
    for (const name of [
      "polyphony.localhost.",
      "nordic-choirs.polyphony.localhost.",
      "a.b.polyphony.localhost.",
      "console.localhost.",
    ]) {
      expect(name).toMatch(regex);
    }
    for (const name of [
      "notpolyphony.localhost.",
      "other.console.localhost.",
      "localhost.",
      "polyphony.localhost.default.svc.cluster.local.",
      "polyphonyxlocalhost.",
    ]) {
      expect(name).not.toMatch(regex);
    }
  });

  it("asks no other name server where the machine has none", () => {
    expect(corefile(true)).toContain("forward . /etc/resolv.conf");
    expect(corefile(false)).not.toContain("forward");
  });

  it("keeps what matters on a machine without CAP_SYS_RESOURCE and with cgroup v1", () => {
    const text = containerdConfig({
      bin: "/bin",
      runc: "/usr/sbin/runc",
      snapshotter: "native",
      pause: "docker.io/local/pause@sha256:0",
    });
    expect(text).toContain("restrict_oom_score_adj = true");
    expect(text).toContain('snapshotter = "native"');
    expect(JSON.parse(kubeletConfig())).toMatchObject({ failCgroupV1: false, failSwapOn: false, maxPods: 500 });
    expect(JSON.parse(cniConfig())).toMatchObject({
      plugins: [{ type: "bridge", isGateway: true, ipMasq: false }, {}],
    });
  });
});
