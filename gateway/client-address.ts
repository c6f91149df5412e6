import { BlockList, isIP, isIPv6 } from "node:net";

/** Who asks, and by which scheme, as far as it can be believed. */
export interface Client {
  readonly address: string;
  readonly scheme: "http" | "https";
}

/** What a request shows of its origin. */
export interface Origin {
  readonly remoteAddress: string | undefined;
  readonly forwardedFor: string | undefined;
  readonly forwardedProto: string | undefined;
}

const plain = (address: string): string => (address.startsWith("::ffff:") ? address.slice(7) : address);

/**
 * The proxies in front of the gateway whose X-Forwarded-* headers are believed.
 * @param ranges addresses or CIDR ranges, for example "10.0.0.0/8" or "::1"
 * @throws Error naming the range that cannot be read
 */
export const trustedProxies = (ranges: readonly string[]): ((address: string) => boolean) => {
  if (ranges.length === 0) return () => false;
  const list = new BlockList();
  for (const range of ranges) {
    const [address = "", bits] = range.split("/");
    const family = isIPv6(address) ? "ipv6" : "ipv4";
    const length = bits === undefined ? (family === "ipv6" ? 128 : 32) : Number(bits);
    if (isIP(address) === 0 || !Number.isInteger(length)) {
      throw new Error(`TRUSTED_PROXIES: "${range}" is neither an address nor a range such as 10.0.0.0/8`);
    }
    list.addSubnet(address, length, family);
  }
  return (address) => isIP(address) !== 0 && list.check(address, isIPv6(address) ? "ipv6" : "ipv4");
};

/**
 * The client of a request: the nearest address that is no trusted proxy. What lies beyond it in X-Forwarded-For was
 * written by the client itself and is not believed.
 * @param publicScheme the scheme people use, when nobody we trust says otherwise
 */
export const clientOf = (
  origin: Origin,
  isTrusted: (address: string) => boolean,
  publicScheme: "http" | "https",
): Client => {
  const nearest = plain(origin.remoteAddress ?? "");
  if (!isTrusted(nearest)) return { address: nearest, scheme: publicScheme };
  const chain = (origin.forwardedFor ?? "")
    .split(",")
    .map((entry) => plain(entry.trim()))
    .filter((entry) => isIP(entry) !== 0);
  const address = chain.findLast((entry) => !isTrusted(entry)) ?? chain[0] ?? nearest;
  const said = origin.forwardedProto?.split(",")[0]?.trim().toLowerCase();
  return { address, scheme: said === "https" || said === "http" ? said : publicScheme };
};
