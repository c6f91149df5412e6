import type { VaultRoute } from "./vault-route.ts";

/** Which vault answers at which host; kept by watch events, read by each request without a search. */
export interface HostTable {
  /** Puts in a vault, or replaces what was known of it. */
  set(route: VaultRoute): void;
  remove(slug: string): void;
  find(host: string): VaultRoute | undefined;
  readonly vaults: number;
  readonly hosts: number;
}

export interface HostTableOptions {
  /** A vault answers at slug.<baseDomain>. */
  readonly baseDomain: string;
  /** Slugs whose hosts belong to the platform; nothing is ever routed there. */
  readonly reservedSlugs: ReadonlySet<string>;
}

const olderFirst = (a: VaultRoute, b: VaultRoute): number =>
  a.created - b.created || (a.slug < b.slug ? -1 : a.slug > b.slug ? 1 : 0);

/**
 * An empty table. A slug's own host cannot be claimed by anybody else: hosts below the base domain are not taken from
 * `hosts`. A custom host that several claim belongs to the oldest Tenant, on every replica alike.
 */
export const createHostTable = ({ baseDomain, reservedSlugs }: HostTableOptions): HostTable => {
  const bySlug = new Map<string, VaultRoute>();
  const bySlugHost = new Map<string, VaultRoute>();
  const claims = new Map<string, VaultRoute[]>();
  const below = `.${baseDomain}`;

  const customHosts = (route: VaultRoute): readonly string[] =>
    route.hosts.map((host) => host.toLowerCase()).filter((host) => host !== baseDomain && !host.endsWith(below));

  const remove = (slug: string): void => {
    const known = bySlug.get(slug);
    if (!known) return;
    bySlug.delete(slug);
    bySlugHost.delete(slug + below);
    for (const host of customHosts(known)) {
      const others = claims.get(host)?.filter((claim) => claim.slug !== slug) ?? [];
      if (others.length > 0) claims.set(host, others);
      if (others.length === 0) claims.delete(host);
    }
  };

  const set = (route: VaultRoute): void => {
    remove(route.slug);
    if (reservedSlugs.has(route.slug)) return;
    bySlug.set(route.slug, route);
    bySlugHost.set(route.slug + below, route);
    for (const host of new Set(customHosts(route))) {
      claims.set(host, [...(claims.get(host) ?? []), route].sort(olderFirst));
    }
  };

  return {
    set,
    remove,
    find: (host) => bySlugHost.get(host) ?? claims.get(host)?.[0],
    get vaults() {
      return bySlug.size;
    },
    get hosts() {
      return bySlugHost.size + claims.size;
    },
  };
};
