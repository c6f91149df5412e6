import { ActionIcon } from "@mantine/core";
import { useOtherScheme } from "./use-other-scheme.ts";

const sun =
  "M12 4V2M12 22v-2M4 12H2m20 0h-2M6.300 6.300 4.900 4.900m14.200 14.200-1.400-1.400m0-11.400 1.400-1.400M4.900 19.100l1.400-1.400M12 7a5 5 0 1 0 0 10 5 5 0 0 0 0-10Z";
const moon = "M20 14.500A8.500 8.500 0 0 1 9.500 4a8.500 8.500 0 1 0 10.500 10.500Z";

export const SchemeToggle = () => {
  const { scheme, name, wear } = useOtherScheme();
  return (
    <ActionIcon variant="subtle" size={44} aria-label={name} onClick={wear}>
      <svg
        viewBox="0 0 24 24"
        width={20}
        height={20}
        aria-hidden="true"
        fill="none"
        stroke="currentColor"
        strokeWidth={2}
        strokeLinecap="round"
        strokeLinejoin="round"
      >
        <path d={scheme === "dark" ? moon : sun} />
      </svg>
    </ActionIcon>
  );
};
