import { useSearchParams } from "react-router";

/**
 * What stands in the page's address, so that it can be kept, sent and gone back to, and a way to change some of it; what is
 * empty is left out.
 */
export const useAddressFilter = (): [
  URLSearchParams,
  (change: Readonly<Record<string, string | null | undefined>>) => void,
] => {
  const [params, setParams] = useSearchParams();
  const change = (part: Readonly<Record<string, string | null | undefined>>): void =>
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
  return [params, change];
};
