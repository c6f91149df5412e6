import { useInfiniteQuery, type InfiniteData, type UseInfiniteQueryResult } from "@tanstack/react-query";
import { listPlatformAudit } from "../../../../control-api/contract/audit.ts";
import type { Answer } from "../../api/api-client.ts";
import { useApi } from "../../api/api-context.tsx";
import type { ApiProblem } from "../../api/api-problem.ts";
import { queryKey } from "../../api/use-api-query.ts";

export interface AuditFilter {
  /** A slug. */
  readonly organization?: string | undefined;
  /** An action, or how it begins. */
  readonly action?: string | undefined;
}

type Page = Answer<typeof listPlatformAudit>;

/** The platform's audit log as the filter says, page after page. */
export const useAudit = (filter: AuditFilter): UseInfiniteQueryResult<InfiniteData<Page>, ApiProblem> => {
  const api = useApi();
  return useInfiniteQuery<Page, ApiProblem, InfiniteData<Page>, readonly string[], string | undefined>({
    queryKey: [...queryKey(listPlatformAudit, { query: filter }), "pages"],
    queryFn: ({ pageParam, signal }) =>
      api.call(listPlatformAudit, { query: { ...filter, cursor: pageParam } }, signal),
    initialPageParam: undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
    placeholderData: (before) => before,
  });
};
