import { access, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { runCommand } from "../machine/run-command.ts";
import { adminKubeconfig, apiUrl, configFile, folders, keyFile, layout } from "./layout.ts";

/** One certificate: who it is for, and under which names it may be asked for. */
interface Certificate {
  name: string;
  user: string;
  group?: string;
  addresses?: readonly string[];
  names?: readonly string[];
}

const certificates: readonly Certificate[] = [
  { name: "etcd", user: "etcd", addresses: [layout.loopback] },
  {
    name: "kube-apiserver",
    user: "kube-apiserver",
    addresses: [layout.bridgeAddress, layout.apiServiceAddress, "127.0.0.1"],
    names: [
      "kubernetes",
      "kubernetes.default",
      "kubernetes.default.svc",
      "kubernetes.default.svc.cluster.local",
      "localhost",
    ],
  },
  {
    name: "kubelet-server",
    user: `system:node:${layout.node}`,
    group: "system:nodes",
    addresses: [layout.bridgeAddress],
  },
  { name: "kubelet", user: `system:node:${layout.node}`, group: "system:nodes" },
  { name: "kube-apiserver-kubelet-client", user: "kube-apiserver-kubelet-client", group: "system:masters" },
  { name: "kube-controller-manager", user: "system:kube-controller-manager" },
  { name: "kube-scheduler", user: "system:kube-scheduler" },
  { name: "kube-proxy", user: "system:kube-proxy" },
  { name: "coredns", user: "polyphony:coredns" },
  { name: "storage-provisioner", user: "polyphony:storage-provisioner" },
  { name: "admin", user: "kubernetes-admin", group: "system:masters" },
];

/** Users that get a kubeconfig of their own, named after them. */
const clients = [
  "kubelet",
  "kube-controller-manager",
  "kube-scheduler",
  "kube-proxy",
  "coredns",
  "storage-provisioner",
  "admin",
];

export const kubeconfigOf = (name: string) => (name === "admin" ? adminKubeconfig : configFile(`${name}.kubeconfig`));

/** Makes the certificate authority, every certificate and every kubeconfig, once; later calls do nothing. */
export async function ensureKeys(openssl: string): Promise<void> {
  const done = keyFile("done");
  if (await readable(done)) return;
  await rm(folders.keys, { recursive: true, force: true });
  await mkdir(folders.keys, { recursive: true, mode: 0o700 });
  const ssl = (...args: string[]) => runCommand(openssl, args, { cwd: folders.keys });
  const newKey = (name: string) => ssl("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", `${name}.key`);
  await newKey("ca");
  await ssl(
    "req",
    "-x509",
    "-new",
    "-key",
    "ca.key",
    "-days",
    "3650",
    "-subj",
    "/CN=polyphony-cluster",
    "-out",
    "ca.crt",
  );
  await newKey("service-accounts");
  await ssl("ec", "-in", "service-accounts.key", "-pubout", "-out", "service-accounts.pub");
  await Promise.all(
    certificates.map(async (certificate) => {
      await newKey(certificate.name);
      await sign(certificate, ssl);
    }),
  );
  for (const name of clients) await writeKubeconfig(name);
  await writeFile(done, "");
}

async function sign(certificate: Certificate, ssl: (...args: string[]) => Promise<string>): Promise<void> {
  const { name, user, group, addresses = [], names = [] } = certificate;
  const alternatives = [...addresses.map((one) => `IP:${one}`), ...names.map((one) => `DNS:${one}`)].join(",");
  const extensions = [
    "basicConstraints=critical,CA:FALSE",
    "keyUsage=critical,digitalSignature",
    "extendedKeyUsage=clientAuth,serverAuth",
    ...(alternatives ? [`subjectAltName=${alternatives}`] : []),
  ];
  await writeFile(keyFile(`${name}.ext`), extensions.join("\n"));
  const subject = `${group ? `/O=${group}` : ""}/CN=${user}`;
  await ssl("req", "-new", "-key", `${name}.key`, "-subj", subject, "-out", `${name}.csr`);
  const serial = BigInt(`0x${Buffer.from(name).toString("hex").slice(0, 30)}`).toString();
  const by = ["-CA", "ca.crt", "-CAkey", "ca.key", "-set_serial", serial];
  await ssl(
    "x509",
    "-req",
    "-in",
    `${name}.csr`,
    ...by,
    "-days",
    "3650",
    "-extfile",
    `${name}.ext`,
    "-out",
    `${name}.crt`,
  );
}

/** A kubeconfig with its keys inside, so that it can be copied. */
async function writeKubeconfig(name: string): Promise<void> {
  const base64 = async (file: string) => (await readFile(keyFile(file))).toString("base64");
  const cluster = { server: apiUrl, "certificate-authority-data": await base64("ca.crt") };
  const user = {
    "client-certificate-data": await base64(`${name}.crt`),
    "client-key-data": await base64(`${name}.key`),
  };
  const config = {
    apiVersion: "v1",
    kind: "Config",
    "current-context": layout.name,
    clusters: [{ name: layout.name, cluster }],
    users: [{ name, user }],
    contexts: [{ name: layout.name, context: { cluster: layout.name, user: name } }],
  };
  const file = kubeconfigOf(name);
  await mkdir(folders.config, { recursive: true, mode: 0o700 });
  await writeFile(`${file}.new`, JSON.stringify(config, undefined, 1), { mode: 0o600 });
  await rename(`${file}.new`, file);
}

const readable = (file: string) =>
  access(file).then(
    () => true,
    () => false,
  );
