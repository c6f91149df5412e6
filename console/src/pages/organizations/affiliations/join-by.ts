/** By an umbrella's link, or by its address. */
export type JoinBy = { readonly token: string } | { readonly token?: undefined; readonly umbrella: string };

/**
 * What was typed or pasted: an invitation link (…/register?invitation=…), the address of a vault or of an organization's
 * page, or an umbrella's bare name in addresses. Pure.
 */
export const joinBy = (text: string): JoinBy => {
  const trimmed = text.trim();
  if (!URL.canParse(trimmed)) return { umbrella: trimmed.toLowerCase() };
  const { searchParams, pathname, hostname } = new URL(trimmed);
  const token = searchParams.get("invitation");
  if (token !== null && token !== "") return { token };
  const named = /^\/dashboard\/org\/([^/]+)/.exec(pathname)?.[1];
  return { umbrella: (named ?? hostname.split(".")[0] ?? "").toLowerCase() };
};
