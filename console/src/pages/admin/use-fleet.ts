import { listTenants, type TenantRow } from "../../../../control-api/contract/admin.ts";
import { type ApiPages, useApiPages } from "../../api/use-api-pages.ts";
import type { FleetFilter } from "./fleet-filter.ts";

/** Organizations and vaults as the filter says, page after page; looked at again every ten seconds. */
export const useFleet = (filter: FleetFilter): ApiPages<TenantRow> =>
  useApiPages(listTenants, { query: filter }, { refetchInterval: 10_000 });
