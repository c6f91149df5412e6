import { useSearchParams } from "react-router";
import type { ActivityFilter } from "./activity-filter.ts";

/** The filter as it stands in the address, so that it can be kept, sent and gone back to. */
export const useActivityFilter = (): [ActivityFilter, (change: Partial<ActivityFilter>) => void] => {
  const [params, setParams] = useSearchParams();
  const read = (name: keyof ActivityFilter): string => params.get(name) ?? "";
  const change = (part: Partial<ActivityFilter>): void =>
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
  return [{ area: read("area"), from: read("from"), until: read("until") }, change];
};
