import { useSearchParams } from "react-router";
import { type AddressChange, changedAddress } from "./changed-address.ts";

/** What stands in the page's address, so that it can be kept, sent and gone back to, and a way to change some of it. */
export const useAddressFilter = (): [URLSearchParams, (change: AddressChange) => void] => {
  const [params, setParams] = useSearchParams();
  return [params, (change) => setParams((before) => changedAddress(before, change), { replace: true })];
};
