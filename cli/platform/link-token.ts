/** The token at the end of a link, or the token itself. */
export const tokenOf = (linkOrToken: string): string => {
  const url = URL.parse(linkOrToken);
  if (!url) return linkOrToken;
  return url.pathname.split("/").findLast((part) => part !== "") ?? "";
};
