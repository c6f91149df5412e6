import { createHash } from "node:crypto";
import { cp, mkdir, mkdtemp, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { runCommand } from "../machine/run-command.ts";

export interface ImageConfig {
  Env?: string[];
  Entrypoint?: string[];
  Cmd?: string[];
  User?: string;
  WorkingDir?: string;
}

/**
 * Packs a folder as an image of one layer, in an OCI archive. The same folder gives the same bytes: entries are sorted, owned by
 * root and dated 1970. Returns the digest of the manifest.
 */
export async function packImage(folder: string, config: ImageConfig, archive: string): Promise<string> {
  const work = await mkdtemp(join(tmpdir(), "polyphony-image-"));
  try {
    const blobs = join(work, "blobs", "sha256");
    await mkdir(blobs, { recursive: true });
    const layer = join(blobs, "layer");
    await runCommand("tar", [...stable, "--numeric-owner", "--owner=0", "--group=0", "-C", folder, "-cf", layer, "."]);
    const layerDigest = await fileDigest(layer);
    const layerSize = (await stat(layer)).size;
    await rename(layer, join(blobs, layerDigest));
    const put = async (value: object) => {
      const text = JSON.stringify(value);
      const digest = createHash("sha256").update(text).digest("hex");
      await writeFile(join(blobs, digest), text);
      return { digest: `sha256:${digest}`, size: Buffer.byteLength(text) };
    };
    const image = await put({
      created: "1970-01-01T00:00:00Z",
      architecture: process.arch === "arm64" ? "arm64" : "amd64",
      os: "linux",
      config,
      rootfs: { type: "layers", diff_ids: [`sha256:${layerDigest}`] },
      history: [{ created: "1970-01-01T00:00:00Z", created_by: "polyphony" }],
    });
    const manifest = await put({
      schemaVersion: 2,
      mediaType: "application/vnd.oci.image.manifest.v1+json",
      config: { mediaType: "application/vnd.oci.image.config.v1+json", ...image },
      layers: [
        { mediaType: "application/vnd.oci.image.layer.v1.tar", digest: `sha256:${layerDigest}`, size: layerSize },
      ],
    });
    const entry = { mediaType: "application/vnd.oci.image.manifest.v1+json", ...manifest };
    await writeFile(join(work, "index.json"), JSON.stringify({ schemaVersion: 2, manifests: [entry] }));
    await writeFile(join(work, "oci-layout"), JSON.stringify({ imageLayoutVersion: "1.0.0" }));
    await mkdir(dirname(archive), { recursive: true });
    await runCommand("tar", [...stable, "-C", work, "-cf", `${archive}.new`, "oci-layout", "index.json", "blobs"]);
    await rename(`${archive}.new`, archive);
    return manifest.digest;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

const stable = ["--sort=name", "--mtime=@0", "--format=posix", "--pax-option=delete=atime,delete=ctime"];

const fileDigest = async (file: string): Promise<string> => (await runCommand("sha256sum", [file])).slice(0, 64);

/** The digest of the one manifest in an OCI archive. */
export async function archiveDigest(archive: string): Promise<string> {
  const index = await runCommand("tar", ["-xOf", archive, "index.json"]);
  const digest = /"digest":\s*"(sha256:[0-9a-f]{64})"/.exec(index)?.[1];
  if (!digest) throw new Error(`${archive} holds no image`);
  return digest;
}

/** Packs one static program as an image that runs it. */
export async function packProgram(program: string, archive: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "polyphony-program-"));
  try {
    await cp(program, join(folder, "program"));
    await runCommand("chmod", ["-R", "u=rwX,go=rX", folder]);
    return await packImage(folder, { Entrypoint: ["/program"], User: "65535:65535" }, archive);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The text of a file, for hashes. */
export const textOf = (file: string) => readFile(file, "utf8");
