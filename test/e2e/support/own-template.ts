import type { VaultRelease, VaultTemplate } from "../../../crds/index.ts";
import { kinds, typed } from "../../../kube/kinds.ts";
import { readImages } from "../../../cluster/images.ts";
import { newestSchemaVersion } from "../../../vault-template/db/migrations/steps.ts";
import { conditionOf } from "./tenants.ts";
import type { Demo } from "./demo-installation.ts";
import { eventually } from "../../harness/eventually.ts";

export const templateKind = typed<VaultTemplate>(kinds.vaultTemplate);
export const releaseKind = typed<VaultRelease>(kinds.vaultRelease);

/** The two releases that are built from the sources. */
const releases = {
  "1.0.0": { image: "vault-previous", schemaVersion: newestSchemaVersion - 1 },
  "1.1.0": { image: "vault", schemaVersion: newestSchemaVersion },
} as const;
export type Version = keyof typeof releases;

/** A template of a test's own, so that its channels move nobody else's vaults. */
export type OwnTemplate = {
  name: string;
  releaseName(version: Version): string;
  /** Publishes a release and waits until vaults can be made from it. */
  publish(version: Version): Promise<void>;
  /** Points the channel `stable` at a version. */
  promote(version: Version): Promise<void>;
  release(version: Version): Promise<VaultRelease>;
  remove(): Promise<void>;
};

const digestOf = async (image: string): Promise<string> => {
  const digest = (await readImages())[image]?.split("@")[1];
  if (!digest) throw new Error(`The demo has no image "${image}": run make demo again.`);
  return digest;
};

/** The choir's template under another name; `name` has at most 20 characters. */
export const createOwnTemplate = async (demo: Demo, name: string): Promise<OwnTemplate> => {
  const choir = await demo.kube.get(templateKind, { name: "choir" });
  const { apiVersion, kind } = choir;
  const release = (version: Version) => demo.kube.get(releaseKind, { name: `${name}-${version}` });
  const published = new Set<Version>();
  await demo.kube.create(templateKind, {
    apiVersion,
    kind,
    metadata: { name },
    spec: { ...choir.spec, channels: { stable: "1.0.0" } },
  } as unknown as VaultTemplate);
  return {
    name,
    releaseName: (version) => `${name}-${version}`,
    release,
    publish: async (version) => {
      const { image, schemaVersion } = releases[version];
      const spec = { template: name, version, image: { digest: await digestOf(image) }, schemaVersion };
      published.add(version);
      await demo.kube.create(releaseKind, {
        apiVersion,
        kind: "VaultRelease",
        metadata: { name: `${name}-${version}` },
        spec,
      } as unknown as VaultRelease);
      await eventually(`the release ${version} is Ready`, async () => {
        const ready = conditionOf(await release(version), "Ready");
        if (ready?.status === "True") return true;
        throw new Error(ready?.message ?? "nobody has seen it yet");
      });
    },
    promote: async (version) => {
      await demo.kube.patch(templateKind, { name }, { spec: { channels: { stable: version } } });
    },
    remove: async () => {
      for (const version of published)
        await demo.kubectl(["delete", "vaultrelease", `${name}-${version}`, "--ignore-not-found", "--timeout=60s"]);
      await demo.kubectl(["delete", "vaulttemplate", name, "--ignore-not-found", "--timeout=60s"]);
    },
  };
};
