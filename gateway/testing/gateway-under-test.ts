import type { AddressInfo } from "node:net";
import type { Log } from "../access-log.ts";
import { readConfig } from "../config.ts";
import { createGateway } from "../gateway.ts";
import { createHostTable, type HostTable } from "../host-table.ts";
import type { VaultRoute } from "../vault-route.ts";

/** A gateway on free ports whose backends are ports of this machine. */
export interface GatewayUnderTest {
  readonly table: HostTable;
  readonly port: number;
  readonly internalPort: number;
  /** What was logged, in order. */
  readonly lines: Record<string, unknown>[];
  readonly setSynced: (synced: boolean) => void;
  readonly stop: () => Promise<void>;
}

/** A vault of the given slug; its backend's port is looked for on 127.0.0.1. */
export const aRoute = (slug: string, overrides: Partial<VaultRoute> = {}): VaultRoute => ({
  slug,
  hosts: [],
  phase: "Active",
  organization: `The ${slug} choir`,
  created: 0,
  ...overrides,
});

export const backendAt = (port: number): { namespace: string; service: string; port: number } => ({
  namespace: "vault-abc",
  service: "vault",
  port,
});

export const portOf = (server: { address(): AddressInfo | string | null }): number =>
  (server.address() as AddressInfo).port;

/** @param env settings beside those of the tests */
export const startGateway = async (env: Record<string, string> = {}): Promise<GatewayUnderTest> => {
  const config = readConfig({
    BASE_DOMAIN: "polyphony.localhost",
    PUBLIC_URL_TEMPLATE: "http://{slug}.polyphony.localhost:8080",
    PORT: "0",
    INTERNAL_PORT: "0",
    SHUTDOWN_DELAY_MS: "0",
    DRAIN_MS: "2000",
    ...env,
  });
  const lines: Record<string, unknown>[] = [];
  const line = (fields: object): void => {
    lines.push({ ...fields });
  };
  const log: Log = { info: line, warn: line, error: line };
  const table = createHostTable(config);
  let synced = true;
  const gateway = createGateway({
    config,
    table,
    originOf: ({ port }) => (port === 9090 ? undefined : `http://127.0.0.1:${port}`),
    synced: () => synced,
    watchAgeMs: () => 1234,
    log,
  });
  const ports = await gateway.listen();
  return {
    table,
    ...ports,
    lines,
    setSynced: (value) => {
      synced = value;
    },
    stop: () => gateway.stop(),
  };
};
