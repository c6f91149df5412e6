export type AddressChange = Readonly<Record<string, string | null | undefined>>;

/** The parameters of a page's address with some of them changed; what is empty is left out. Pure. */
export const changedAddress = (before: URLSearchParams, change: AddressChange): URLSearchParams => {
  const next = new URLSearchParams(before);
  for (const [name, value] of Object.entries(change)) {
    if (value) next.set(name, value);
    else next.delete(name);
  }
  return next;
};
