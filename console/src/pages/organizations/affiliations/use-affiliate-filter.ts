import { useAddressFilter } from "../../../app/use-address-filter.ts";
import { type AffiliateFilter, affiliateStates } from "./affiliate-filter.ts";

/** The filter as it stands in the page's address. */
export const useAffiliateFilter = (): [AffiliateFilter, (part: Partial<AffiliateFilter>) => void] => {
  const [params, change] = useAddressFilter();
  const state = affiliateStates.find((one) => one === params.get("state")) ?? null;
  return [{ search: params.get("search") ?? "", state }, change];
};
