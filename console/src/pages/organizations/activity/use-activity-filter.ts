import { useAddressFilter } from "../../../app/use-address-filter.ts";
import type { ActivityFilter } from "./activity-filter.ts";

/** The filter as it stands in the page's address. */
export const useActivityFilter = (): [ActivityFilter, (part: Partial<ActivityFilter>) => void] => {
  const [params, change] = useAddressFilter();
  const read = (name: keyof ActivityFilter): string => params.get(name) ?? "";
  return [{ area: read("area"), from: read("from"), until: read("until") }, change];
};
