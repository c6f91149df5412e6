import { keepPreviousData, useInfiniteQuery, type InfiniteData } from "@tanstack/react-query";
import type { z } from "zod";
import type { RouteContract } from "../../../control-api/contract/route-contract.ts";
import type { Answer, ApiClient, Asked } from "./api-client.ts";
import { useApi } from "./api-context.tsx";
import type { ApiProblem } from "./api-problem.ts";
import { queryKey } from "./use-api-query.ts";

interface Page<Item> {
  readonly items: readonly Item[];
  /** Where the next page begins; null at the end. */
  readonly next: string | null;
}

/** A route that gives a long list page after page. */
export type PagedContract<Item> = RouteContract & {
  readonly query: z.ZodObject;
  readonly reply: z.ZodType<Page<Item>>;
};

type ItemOf<C extends PagedContract<unknown>> = Answer<C> extends Page<infer Item> ? Item : never;

/** One page of a list; the first without a cursor. */
export const readPage = async <C extends PagedContract<unknown>>(
  api: ApiClient,
  contract: C,
  asked: Asked<C>,
  { cursor, signal }: { cursor: string | undefined; signal?: AbortSignal },
): Promise<Page<ItemOf<C>>> => {
  const query = { ...(asked as { query?: object }).query, cursor };
  return (await api.call(contract, { ...asked, query } as Asked<C>, signal)) as Page<ItemOf<C>>;
};

export interface PagesWishes {
  readonly enabled?: boolean;
  readonly refetchInterval?: number | false;
}

/** What was read so far of a list, and how to read on. While another filter is read, what was there stays. */
export interface ApiPages<Item> {
  /** undefined until the first page is there. */
  readonly items: readonly Item[] | undefined;
  readonly error: ApiProblem | null;
  readonly isPending: boolean;
  readonly hasMore: boolean;
  readonly isReadingOn: boolean;
  readonly readOn: () => void;
  readonly retry: () => void;
}

export const useApiPages = <C extends PagedContract<unknown>>(
  contract: C,
  asked: Asked<C>,
  { enabled = true, refetchInterval = false }: PagesWishes = {},
): ApiPages<ItemOf<C>> => {
  const api = useApi();
  type Read = Page<ItemOf<C>>;
  const list = useInfiniteQuery<Read, ApiProblem, InfiniteData<Read>, readonly string[], string | undefined>({
    queryKey: [...queryKey(contract, asked), "pages"],
    queryFn: ({ pageParam, signal }) => readPage(api, contract, asked, { cursor: pageParam, signal }),
    initialPageParam: undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
    placeholderData: keepPreviousData,
    enabled,
    refetchInterval,
  });
  return {
    items: list.data?.pages.flatMap(({ items }) => items),
    error: list.error,
    isPending: list.isPending,
    hasMore: list.hasNextPage,
    isReadingOn: list.isFetchingNextPage,
    readOn: () => void list.fetchNextPage(),
    retry: () => void list.refetch(),
  };
};
