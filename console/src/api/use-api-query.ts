import { queryOptions, useQuery, type UseQueryResult } from "@tanstack/react-query";
import type { RouteContract } from "../../../control-api/contract/route-contract.ts";
import { addressOf, type Answer, type Asked } from "./api-client.ts";
import { useApi } from "./api-context.tsx";
import type { ApiProblem } from "./api-problem.ts";

/** Under which an answer is kept: `queryClient.invalidateQueries({ queryKey: queryKey(getMe, {}) })`. */
export const queryKey = <C extends RouteContract>(contract: C, asked: Asked<C>): readonly string[] => [
  contract.path,
  addressOf(contract, asked),
];

export interface QueryWishes {
  readonly enabled?: boolean;
  readonly refetchInterval?: number | false;
}

/** Reads a route, keeps its answer and reads it anew when the window is looked at again. */
export const useApiQuery = <C extends RouteContract>(
  contract: C,
  asked: Asked<C>,
  { enabled = true, refetchInterval = false }: QueryWishes = {},
): UseQueryResult<Answer<C>, ApiProblem> => {
  const api = useApi();
  return useQuery(
    queryOptions<Answer<C>, ApiProblem>({
      queryKey: queryKey(contract, asked),
      queryFn: ({ signal }) => api.call(contract, asked, signal),
      enabled,
      refetchInterval,
    }),
  );
};
