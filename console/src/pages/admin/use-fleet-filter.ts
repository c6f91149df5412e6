import { useAddressFilter } from "../../app/use-address-filter.ts";
import { type FleetFilter, readFilter } from "./fleet-filter.ts";

/** The filters as the page's address has them, and a way to change some. */
export const useFleetFilter = (): [FleetFilter, (part: Partial<FleetFilter>) => void] => {
  const [params, change] = useAddressFilter();
  return [readFilter(params), (part) => change({ ...part })];
};
