import type { Pod } from "../../kube/kinds.ts";
import type { VaultEnvironment } from "./vault-target.ts";

export const imagePorts = { public: 8080, internal: 9090 } as const;
/** Where a list of databases is mounted, as the operator's migration Job does it. */
export const listMount = { folder: "/databases", file: "list.ndjson" } as const;
/** Below it each Secret with settings is mounted, under its own name. */
export const settingsMount = "/settings";
/** The account and the container of every pod of the suite. */
export const podNames = { account: "vault", container: "vault" } as const;

export interface PodRun {
  name: string;
  namespace: string;
  image: string;
  args: string[];
  environment?: VaultEnvironment;
  /** `serve` only: PUBLIC_URL is the pod's own address, unless the environment says another. */
  publicUrl?: boolean;
  /** The Secret with the list of databases. */
  list?: string;
  stdin?: boolean;
  /** Seconds after which the kubelet ends it. */
  deadline?: number;
}

type Variables = NonNullable<NonNullable<Pod["spec"]>["containers"][number]["env"]>;

/** `$(NAME)` is Kubernetes' own notation; a value that happens to hold it is meant as it is. */
const literal = (value: string): string => value.split("$(").join("$$(");

const variables = ({ environment = {}, publicUrl = false }: PodRun): Variables => {
  const own: Variables = publicUrl
    ? [
        { name: "POD_IP", valueFrom: { fieldRef: { fieldPath: "status.podIP" } } },
        { name: "PUBLIC_URL", value: `http://$(POD_IP):${imagePorts.public}` },
      ]
    : [];
  const given = Object.entries(environment).map(([name, value]) => ({ name, value: literal(value) }));
  return [...own.filter(({ name }) => !(name in environment)), ...given];
};

type Mounted = { name: string; mountPath: string; secretName: string };

/** Secrets that the program reads as files. */
const mountsOf = ({ list, environment = {} }: PodRun): Mounted[] => {
  const path = environment["SETTINGS_DIR"] ?? "";
  const settings = path.startsWith(`${settingsMount}/`) ? path.slice(settingsMount.length + 1) : undefined;
  return [
    ...(list === undefined ? [] : [{ name: "databases", mountPath: listMount.folder, secretName: list }]),
    ...(settings === undefined ? [] : [{ name: "settings", mountPath: path, secretName: settings }]),
  ];
};

/** One run of the image as the operator runs it: not root, nothing writable, no rights, no token. */
export const imagePod = (run: PodRun): Pod => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: run.name, namespace: run.namespace },
  spec: {
    restartPolicy: "Never",
    serviceAccountName: podNames.account,
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    terminationGracePeriodSeconds: 30,
    ...(run.deadline === undefined ? {} : { activeDeadlineSeconds: run.deadline }),
    securityContext: {
      runAsNonRoot: true,
      runAsUser: 65532,
      runAsGroup: 65532,
      seccompProfile: { type: "RuntimeDefault" },
    },
    containers: [
      {
        name: podNames.container,
        image: run.image,
        args: run.args,
        env: variables(run),
        ...(run.stdin === true ? { stdin: true, stdinOnce: true } : {}),
        volumeMounts: mountsOf(run).map(({ name, mountPath }) => ({ name, mountPath, readOnly: true })),
        securityContext: {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ["ALL"] },
        },
      },
    ],
    volumes: mountsOf(run).map(({ name, secretName }) => ({ name, secret: { secretName } })),
  },
});
