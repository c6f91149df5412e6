/** Every tool that we build from a pinned Go module: what `go build` is given, in which module, with which flags. */
export interface BuiltTool {
  module: "kubernetes" | "containerd" | "extras" | "peers";
  package: string;
  /** The file's name in the cache. */
  file: string;
  ldflags: string;
  /** Other names of the same program. */
  links?: readonly string[];
}

const strip = "-s -w";
const kubernetes = "1.36.3";
const [major, minor] = kubernetes.split(".");
const kubernetesVersion = ["k8s.io/component-base/version", "k8s.io/client-go/pkg/version"]
  .flatMap((at) => [`-X ${at}.gitVersion=v${kubernetes}`, `-X ${at}.gitMajor=${major}`, `-X ${at}.gitMinor=${minor}`])
  .join(" ");

/** The names that the one Kubernetes program answers to. */
export const kubernetesParts = [
  "etcd",
  "kube-apiserver",
  "kube-controller-manager",
  "kube-scheduler",
  "kubelet",
  "kube-proxy",
  "kubectl",
] as const;

const containerd = "github.com/containerd/containerd/v2/cmd";
const cni = "github.com/containernetworking/plugins/plugins";

const fromContainerd = (path: string): BuiltTool => ({
  module: "containerd",
  package: path,
  file: path.split("/").at(-1) ?? path,
  ldflags: path.startsWith(containerd)
    ? `${strip} -X github.com/containerd/containerd/v2/version.Version=v2.4.2`
    : strip,
});
const fromExtras = (path: string, ldflags = strip): BuiltTool => ({
  module: "extras",
  package: path,
  file: path.split("/").at(-1) ?? path,
  ldflags,
});

export const builtTools: readonly BuiltTool[] = [
  {
    module: "kubernetes",
    package: ".",
    file: "kube",
    ldflags: `${strip} ${kubernetesVersion}`,
    links: kubernetesParts,
  },
  fromContainerd(`${containerd}/containerd`),
  fromContainerd(`${containerd}/ctr`),
  fromContainerd(`${containerd}/containerd-shim-runc-v2`),
  fromContainerd(`${cni}/main/bridge`),
  fromContainerd(`${cni}/main/loopback`),
  fromContainerd(`${cni}/ipam/host-local`),
  fromContainerd(`${cni}/meta/portmap`),
  fromExtras("./coredns"),
  fromExtras("./storage-provisioner"),
  fromExtras("./pause"),
  fromExtras("helm.sh/helm/v4/cmd/helm", `${strip} -X helm.sh/helm/v4/internal/version.version=v4.3.1`),
  fromExtras("sigs.k8s.io/kwok/cmd/kwok"),
  { module: "peers", package: "github.com/caddyserver/caddy/v2/cmd/caddy", file: "caddy", ldflags: strip },
];

/** A program of Debian's and the package that brings it. */
export const debianTools: Readonly<Record<string, string>> = {
  runc: "runc",
  nft: "nftables",
  ip: "iproute2",
  conntrack: "conntrack",
  mount: "mount",
  openssl: "openssl",
  buildah: "buildah",
  chromium: "chromium",
  nginx: "nginx-light",
  promtool: "prometheus",
  "/usr/lib/postgresql/15/bin/postgres": "postgresql-15",
  "redis-server": "redis-server",
};

/** What a command may ask for by one word. */
export const toolGroups: Readonly<Record<string, readonly string[]>> = {
  "control-plane": ["kube", "openssl"],
  node: [
    ...[
      "kube",
      "openssl",
      "containerd",
      "ctr",
      "containerd-shim-runc-v2",
      "bridge",
      "loopback",
      "host-local",
      "portmap",
    ],
    ...["coredns", "storage-provisioner", "pause", "runc", "nft", "ip", "conntrack", "mount"],
  ],
  images: ["buildah", "/usr/lib/postgresql/15/bin/postgres"],
  postgres: ["/usr/lib/postgresql/15/bin/postgres"],
  browser: ["chromium"],
};
