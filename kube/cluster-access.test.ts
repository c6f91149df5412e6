import { afterAll, describe, expect, it } from "@jest/globals";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { clusterAccess, inClusterAccess, kubeconfigAccess } from "./cluster-access.ts";

const folder = mkdtempSync(join(tmpdir(), "polyphony-access-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const write = (name: string, text: string): string => {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
};

const base64 = (text: string): string => Buffer.from(text).toString("base64");

const kubeconfig = (name: string, user: object, cluster: object = {}): string =>
  write(
    name,
    JSON.stringify({
      "current-context": "here",
      clusters: [{ name: "c", cluster: { server: "https://10.0.0.1:6443", ...cluster } }],
      users: [{ name: "u", user }],
      contexts: [{ name: "here", context: { cluster: "c", user: "u", namespace: "system" } }],
    }),
  );

describe("kubeconfigAccess", () => {
  it("reads data in the file, and files beside it", async () => {
    write("client.key", "the key");
    const file = kubeconfig(
      "config",
      { "client-certificate-data": base64("the certificate"), "client-key": "client.key", token: "t" },
      { "certificate-authority-data": base64("the authority"), "tls-server-name": "kubernetes" },
    );
    const access = kubeconfigAccess(file);
    expect(access).toMatchObject({ namespace: "system", serverName: "kubernetes", insecure: false });
    expect(access.server.host).toBe("10.0.0.1:6443");
    expect(await access.credentials()).toEqual({
      ca: "the authority",
      cert: "the certificate",
      key: "the key",
      authorization: "Bearer t",
    });
  });

  it("fault 17: a token file is read each time, as it is rotated in place", async () => {
    write("token", "one\n");
    const access = kubeconfigAccess(kubeconfig("with-token-file", { tokenFile: "token" }));
    expect((await access.credentials()).authorization).toBe("Bearer one");
    write("token", "two\n");
    expect((await access.credentials()).authorization).toBe("Bearer two");
  });

  it("takes user and password", async () => {
    const access = kubeconfigAccess(kubeconfig("basic", { username: "a", password: "b" }));
    expect((await access.credentials()).authorization).toBe(`Basic ${base64("a:b")}`);
  });

  it("lets a login plugin of the kubeconfig speak", async () => {
    const credential = {
      apiVersion: "client.authentication.k8s.io/v1",
      kind: "ExecCredential",
      status: { token: "from-plugin" },
    };
    const exec = {
      apiVersion: "client.authentication.k8s.io/v1",
      command: process.execPath,
      args: ["-e", `console.log(${JSON.stringify(JSON.stringify(credential))})`],
      interactiveMode: "Never",
    };
    const access = kubeconfigAccess(kubeconfig("plugin", { exec }));
    expect((await access.credentials()).authorization).toBe("Bearer from-plugin");
  });

  it("says which contexts there are when the one wanted is not", () => {
    const file = kubeconfig("contexts", {});
    expect(() => kubeconfigAccess(file, "there")).toThrow(/no context "there" \(it has: here\)/);
  });
});

describe("inClusterAccess", () => {
  it("reads the pod's service account, the token anew each time", async () => {
    write("namespace", "polyphony-system");
    write("ca.crt", "authority");
    write("token", "one");
    const env = { KUBERNETES_SERVICE_HOST: "fd00::1", KUBERNETES_SERVICE_PORT: "443" };
    const access = inClusterAccess(env, folder);
    expect(access.server.href).toBe("https://[fd00::1]/");
    expect(access.namespace).toBe("polyphony-system");
    write("token", "two");
    expect(await access.credentials()).toEqual({ ca: "authority", authorization: "Bearer two" });
  });

  it("outside a cluster asks for a kubeconfig, and never takes an inherited one", () => {
    expect(() => inClusterAccess({ KUBECONFIG: "/somewhere" })).toThrow(/name a kubeconfig file/);
    expect(() => clusterAccess(join(folder, "no-such-file"))).toThrow(/no-such-file/);
  });
});
