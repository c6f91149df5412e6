import type { FollowerCounts } from "./followers.ts";

/** How far each release's followers are, server by server; what the migration controller knows and the release tells. */
export interface FollowerBoard {
  put(release: string, server: string, counts: FollowerCounts): void;
  /** Over all servers; null before anything was looked at. */
  of(release: string): FollowerCounts | null;
}

/** `changed` is called with a release whose figures are not what they were. */
export const createFollowerBoard = (changed: (release: string) => void): FollowerBoard => {
  const releases = new Map<string, Map<string, FollowerCounts>>();
  return {
    put: (release, server, counts) => {
      const servers = releases.get(release) ?? new Map<string, FollowerCounts>();
      const before = servers.get(server);
      servers.set(server, counts);
      releases.set(release, servers);
      if (JSON.stringify(before) !== JSON.stringify(counts)) changed(release);
    },
    of: (release) => {
      const servers = releases.get(release);
      if (!servers) return null;
      const sum: FollowerCounts = { migrated: 0, pending: 0, failing: 0, failingSlugs: [] };
      for (const { migrated, pending, failing, failingSlugs } of servers.values()) {
        sum.migrated += migrated;
        sum.pending += pending;
        sum.failing += failing;
        sum.failingSlugs.push(...failingSlugs);
      }
      return { ...sum, failingSlugs: sum.failingSlugs.sort().slice(0, 5) };
    },
  };
};
