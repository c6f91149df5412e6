import { Group, Paper, Text, Title } from "@mantine/core";
import { type ReactNode, useId } from "react";

export interface SectionProps {
  readonly title: string;
  readonly about?: ReactNode;
  readonly actions?: ReactNode;
  /** Without a frame, for what holds framed things itself. */
  readonly plain?: boolean;
  readonly children: ReactNode;
}

/** A part of a page, with a heading that screen readers can jump to. */
export const Section = ({ title, about, actions, plain = false, children }: SectionProps) => {
  const id = useId();
  const parts = (
    <>
      <Group justify="space-between" align="flex-start" mb="md" gap="sm">
        <div style={{ maxWidth: "42rem" }}>
          <Title order={2} id={id}>
            {title}
          </Title>
          {about !== undefined && (
            <Text size="sm" c="dimmed" mt={2}>
              {about}
            </Text>
          )}
        </div>
        {actions}
      </Group>
      {children}
    </>
  );
  if (plain) return <section aria-labelledby={id}>{parts}</section>;
  return (
    <Paper component="section" aria-labelledby={id}>
      {parts}
    </Paper>
  );
};
