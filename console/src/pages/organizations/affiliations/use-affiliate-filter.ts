import { useSearchParams } from "react-router";
import { type AffiliateFilter, affiliateStates } from "./affiliate-filter.ts";

/** The filter as it stands in the address, so that it can be kept, sent and gone back to. */
export const useAffiliateFilter = (): [AffiliateFilter, (change: Partial<AffiliateFilter>) => void] => {
  const [params, setParams] = useSearchParams();
  const filter: AffiliateFilter = {
    search: params.get("search") ?? "",
    state: affiliateStates.find((state) => state === params.get("state")) ?? null,
  };
  const change = (part: Partial<AffiliateFilter>): void =>
    setParams(
      (before) => {
        const next = new URLSearchParams(before);
        for (const [name, value] of Object.entries(part)) {
          if (value) next.set(name, value);
          else next.delete(name);
        }
        return next;
      },
      { replace: true },
    );
  return [filter, change];
};
