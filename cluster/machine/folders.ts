import { homedir } from "node:os";
import { join, resolve } from "node:path";

/** The checkout that this file belongs to. */
export const checkoutFolder = resolve(import.meta.dirname, "../..");

/** What a checkout keeps between commands: which cluster it uses, its kubeconfig, the digests of its images. */
export const stateFolder = join(checkoutFolder, ".state");

/** Where built tools and images are kept, once per machine and person. */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  const asked = env["POLYPHONY_CACHE"];
  return asked ? resolve(asked) : join(env["HOME"] ?? homedir(), ".cache", "polyphony");
}

/** Everything that the local cluster writes. One per machine, so it is a fixed place. */
export const machineFolder = "/var/lib/polyphony-cluster";
