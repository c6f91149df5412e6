import { useInfiniteQuery, type InfiniteData, type UseInfiniteQueryResult } from "@tanstack/react-query";
import { listTenants } from "../../../../control-api/contract/admin.ts";
import type { Answer } from "../../api/api-client.ts";
import { useApi } from "../../api/api-context.tsx";
import type { ApiProblem } from "../../api/api-problem.ts";
import { queryKey } from "../../api/use-api-query.ts";
import type { FleetFilter } from "./fleet-filter.ts";

type TenantPage = Answer<typeof listTenants>;

/** Organizations and vaults as the filter says, page after page; looked at again every ten seconds. */
export const useFleet = (filter: FleetFilter): UseInfiniteQueryResult<InfiniteData<TenantPage>, ApiProblem> => {
  const api = useApi();
  return useInfiniteQuery<TenantPage, ApiProblem, InfiniteData<TenantPage>, readonly string[], string | undefined>({
    queryKey: [...queryKey(listTenants, { query: filter }), "pages"],
    queryFn: ({ pageParam, signal }) => api.call(listTenants, { query: { ...filter, cursor: pageParam } }, signal),
    initialPageParam: undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
    placeholderData: (before) => before,
    refetchInterval: 10_000,
  });
};
