import { useQuery, type UseQueryResult } from "@tanstack/react-query";
import { getMe, type Me } from "../../../control-api/contract/login.ts";
import type { ApiClient } from "./api-client.ts";
import { useApi } from "./api-context.tsx";
import { ApiProblem } from "./api-problem.ts";
import { queryKey } from "./use-api-query.ts";

export const meKey = queryKey(getMe, {});

/** Who is logged in, or null. */
export const readMe = async (api: ApiClient, signal?: AbortSignal): Promise<Me | null> => {
  try {
    return await api.call(getMe, {}, signal);
  } catch (error) {
    if (error instanceof ApiProblem && error.status === 401) return null;
    throw error;
  }
};

/** Who is logged in: undefined data while it is not known yet, null for nobody. */
export const useMe = (): UseQueryResult<Me | null, ApiProblem> => {
  const api = useApi();
  return useQuery<Me | null, ApiProblem>({
    queryKey: meKey,
    queryFn: ({ signal }) => readMe(api, signal),
    staleTime: 60_000,
  });
};
