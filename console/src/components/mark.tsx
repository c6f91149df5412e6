import { markPaths } from "../theme/tokens/mark.ts";

/** The platform's mark; says nothing to those who listen. */
export const Mark = ({ width = 42 }: { width?: number }) => (
  <svg
    viewBox="0 0 72 48"
    width={width}
    height={(width * 2) / 3}
    aria-hidden="true"
    fill="none"
    strokeWidth={4}
    strokeLinecap="round"
  >
    {markPaths.map((path, index) => (
      <path key={path} d={path} stroke={index % 2 === 0 ? "var(--accent)" : "var(--clay)"} />
    ))}
  </svg>
);
