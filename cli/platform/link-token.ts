/** The token in a link, at the end of its path or as its `invitation`; or the token itself. */
export const tokenOf = (linkOrToken: string): string => {
  const url = URL.parse(linkOrToken);
  if (!url) return linkOrToken;
  return url.searchParams.get("invitation") ?? url.pathname.split("/").findLast((part) => part !== "") ?? "";
};
