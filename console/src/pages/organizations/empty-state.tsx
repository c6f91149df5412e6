import { Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";

/** Nothing is here yet: says so, and offers what to do about it. */
export const EmptyState = ({ title, text, children }: { title: string; text: string; children?: ReactNode }) => (
  <Stack gap="xs" align="flex-start" py="xs">
    <Text fw={600}>{title}</Text>
    <Text c="dimmed" size="sm" maw={560}>
      {text}
    </Text>
    {children}
  </Stack>
);
