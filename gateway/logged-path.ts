const word = /^(?:[A-Za-z]{1,16}(?:[-_.][A-Za-z]{1,16}){0,4}|v?\d{1,6})$/;
const mostSegments = 8;

/**
 * A path as it may stand in a log: no query, and of the path only segments that are plain words or short numbers.
 * Links that log people in carry their secret in the path or the query; such a segment becomes "…".
 */
export const loggedPath = (path: string): string => {
  const end = path.search(/[?#]/);
  const segments = (end < 0 ? path : path.slice(0, end)).split("/").slice(1);
  const shown = segments
    .slice(0, mostSegments)
    .map((segment) => (segment === "" || word.test(segment) ? segment : "…"));
  return `/${shown.join("/")}${segments.length > mostSegments ? "/…" : ""}`;
};
