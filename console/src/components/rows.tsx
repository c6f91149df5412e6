import type { ReactNode } from "react";
import { Group, Text } from "@mantine/core";
import classes from "./rows.module.css";

/** A list whose rows put their actions below themselves where it is narrow. */
export const Rows = ({ label, children }: { label: string; children: ReactNode }) => (
  <ul className={classes["rows"]} aria-label={label}>
    {children}
  </ul>
);

/** The name of what a row is about, with its state beside it. */
export const RowTitle = ({ children, badge }: { children: ReactNode; badge?: ReactNode }) => (
  <Group gap="xs">
    <Text fw={600}>
      <bdi>{children}</bdi>
    </Text>
    {badge}
  </Group>
);

/** `side`: what stands to the right, for example the row's state and actions. */
export const Row = ({ children, side }: { children: ReactNode; side?: ReactNode }) => (
  <li className={classes["row"]}>
    <div className={classes["what"]}>{children}</div>
    {side && <div className={classes["side"]}>{side}</div>}
  </li>
);
