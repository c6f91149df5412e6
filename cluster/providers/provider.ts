import type { Progress } from "../machine/progress.ts";

export type ClusterKind = "local" | "kind" | "current";

/** A Kubernetes cluster that the system can be installed on. The chart does not notice which of them it is. */
export interface ClusterProvider {
  kind: ClusterKind;
  /** Makes the cluster usable; does nothing when it is. Resolves with the text of an admin's kubeconfig. */
  up(progress: Progress): Promise<string>;
  /** Removes what `up` made. */
  down(progress: Progress, options: { force: boolean }): Promise<void>;
  /** Lines for a person. */
  status(): Promise<string[]>;
  /** Prints logs of the cluster's own parts until the end, or for good with `follow`. */
  logs(part: string | undefined, options: { follow: boolean; lines: number }): Promise<void>;
  /** Brings an image from an OCI archive to the nodes; resolves with the reference by digest that pods use. */
  loadImage(archive: string, image: { name: string; digest: string }): Promise<string>;
  /** Whether cluster IPs answer on this machine; otherwise the forwarder goes through the API server. */
  clusterAddressesAnswer: boolean;
}
