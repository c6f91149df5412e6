import { createContext, useContext } from "react";
import type { ApiClient } from "./api-client.ts";

const Context = createContext<ApiClient | null>(null);

export const ApiProvider = Context.Provider;

/** The API, for whatever is not covered by `useApiQuery` and `useApiMutation`. */
export const useApi = (): ApiClient => {
  const api = useContext(Context);
  if (!api) throw new Error("useApi needs an ApiProvider around it.");
  return api;
};
