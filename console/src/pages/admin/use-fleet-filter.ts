import { useSearchParams } from "react-router";
import { type FleetFilter, readFilter, writeFilter } from "./fleet-filter.ts";

export interface FleetFilterControl {
  readonly filter: FleetFilter;
  readonly change: (part: Partial<FleetFilter>) => void;
  readonly clear: () => void;
}

/** The filters as the page's address has them, and a way to change some. */
export const useFleetFilter = (): FleetFilterControl => {
  const [parameters, setParameters] = useSearchParams();
  const filter = readFilter(parameters);
  return {
    filter,
    change: (part) => setParameters(writeFilter({ ...filter, ...part }), { replace: true }),
    clear: () => setParameters({}, { replace: true }),
  };
};
