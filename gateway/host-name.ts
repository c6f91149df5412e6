const name = /^([a-z0-9]([a-z0-9_-]*[a-z0-9])?(?:\.[a-z0-9]([a-z0-9_-]*[a-z0-9])?)*)\.?(?::\d{1,5})?$/;
const address = /^\[[0-9a-f:.]{2,45}\](?::\d{1,5})?$/;
const longest = 260;

/**
 * The host of a Host header (RFC 9110, 7.2): lower case, without port and final dot. An IPv6 literal keeps its brackets.
 * Undefined when it is no host at all: such a request is refused, not routed.
 */
export const hostName = (header: string): string | undefined => {
  if (header.length > longest) return undefined;
  const lower = header.toLowerCase();
  const host = name.exec(lower)?.[1];
  if (host !== undefined) return host;
  return address.test(lower) ? lower.slice(0, lower.indexOf("]") + 1) : undefined;
};
