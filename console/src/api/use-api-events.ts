import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import type { RouteContract } from "../../../control-api/contract/route-contract.ts";
import { addressOf, type Asked } from "./api-client.ts";
import { queryKey } from "./use-api-query.ts";

/**
 * Follows a route that sends its reply again at each change: every event replaces what `useApiQuery` shows for it. The
 * browser asks again by itself after a broken connection.
 */
export const useApiEvents = <C extends RouteContract>(contract: C, asked: Asked<C>, enabled = true): void => {
  const queries = useQueryClient();
  const address = addressOf(contract, asked);
  const key = queryKey(contract, asked).join("\n");
  useEffect(() => {
    if (!enabled) return;
    const events = new EventSource(address);
    events.onmessage = ({ data }: MessageEvent<string>) => queries.setQueryData(key.split("\n"), JSON.parse(data));
    return () => events.close();
  }, [address, key, enabled, queries]);
};
