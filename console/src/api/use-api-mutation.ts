import { useMutation, useQueryClient, type UseMutationResult } from "@tanstack/react-query";
import type { RouteContract } from "../../../control-api/contract/route-contract.ts";
import type { Answer, Asked } from "./api-client.ts";
import { useApi } from "./api-context.tsx";
import type { ApiProblem } from "./api-problem.ts";

export interface MutationWishes<C extends RouteContract> {
  readonly onDone?: (answer: Answer<C>, asked: Asked<C>) => unknown;
}

/** Changes something by a route; afterwards everything shown is read anew. */
export const useApiMutation = <C extends RouteContract>(
  contract: C,
  { onDone }: MutationWishes<C> = {},
): UseMutationResult<Answer<C>, ApiProblem, Asked<C>> => {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation<Answer<C>, ApiProblem, Asked<C>>({
    mutationFn: (asked) => api.call(contract, asked),
    onSuccess: async (answer, asked) => {
      await queries.invalidateQueries();
      await onDone?.(answer, asked);
    },
    onError: async ({ status }) => {
      // It stands otherwise than this page believed: show how.
      if (status === 404 || status === 409 || status === 412) await queries.invalidateQueries();
    },
  });
};
