import { Badge } from "@mantine/core";
import { useAdminWord } from "./use-admin-word.ts";

const colours: Record<string, string> = {
  Active: "green",
  ReadOnly: "yellow",
  Failed: "red",
  Suspended: "gray",
  Hibernated: "voice",
  Deleting: "clay",
};

/** A vault's phase, in words and colour. One that this console does not know is shown as it is. */
export const PhaseBadge = ({ phase }: { phase: string }) => {
  const word = useAdminWord();
  return (
    <Badge color={colours[phase] ?? "voice"} variant="light">
      {word.phase(phase)}
    </Badge>
  );
};
