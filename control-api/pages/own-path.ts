/** A path of our own to go on to; anything else, which somebody may have smuggled into a link, becomes `otherwise`. */
export const ownPath = (text: string, otherwise = "/"): string => {
  if (!/^\/(?![/\\])[\x21-\x7e]{0,1000}$/.test(text) || text.includes("\\")) return otherwise;
  const here = "http://here.invalid";
  const url = URL.parse(text, here);
  // Dots may have left two slashes at the front, which would be another host.
  if (url?.origin !== here || url.pathname.startsWith("//")) return otherwise;
  return url.pathname + url.search;
};
