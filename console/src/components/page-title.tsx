import { Group, Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";

export interface PageTitleProps {
  readonly title: string;
  /** One sentence on what this page is for. */
  readonly about?: ReactNode;
  /** What can be done here, on the right. */
  readonly actions?: ReactNode;
}

/** The head of a page; names the window after it, too. */
export const PageTitle = ({ title, about, actions }: PageTitleProps) => (
  <Group justify="space-between" align="flex-start" mb="md" gap="md">
    <title>{`${title} · Polyphony`}</title>
    <Stack gap={4} maw={680} miw={0}>
      <Title order={1}>
        <bdi>{title}</bdi>
      </Title>
      {about !== undefined && <Text c="dimmed">{about}</Text>}
    </Stack>
    {actions}
  </Group>
);
