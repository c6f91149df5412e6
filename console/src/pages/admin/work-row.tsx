import { Anchor, Badge, Button, Group, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { dropWork, type QueueRow, retryWork } from "../../../../control-api/contract/queue.ts";
import { useApiMutation } from "../../api/use-api-mutation.ts";
import { useMe } from "../../api/use-me.ts";
import { ProblemNotice } from "../../components/problem-notice.tsx";
import { useAdminWord } from "./use-admin-word.ts";
import { When } from "./when.tsx";

const colours = { waiting: "gray", retrying: "yellow", failed: "red" } as const;

const Told = ({ row }: { row: QueueRow }) => {
  const { t } = useTranslation("admin");
  const { organization, state, attempts, reason, dueAt, createdAt } = row;
  return (
    <>
      {organization && (
        <Anchor component={Link} to={`/admin/tenants/${organization.slug}`} size="sm">
          <bdi>{organization.name}</bdi>
        </Anchor>
      )}
      {reason !== null && <Text mt={4}>{reason}</Text>}
      <Text size="sm" c="dimmed" mt={4}>
        {t("queue.since")} <When at={createdAt} /> · {t("queue.tries", { count: attempts })}
        {state === "retrying" && dueAt !== null && (
          <>
            {` · ${t("queue.next")} `}
            <When at={dueAt} />
          </>
        )}
      </Text>
    </>
  );
};

/** One piece of work that is not done, why, and what staff can do about it. */
export const WorkRow = ({ row, onDone }: { row: QueueRow; onDone: (words: string) => void }) => {
  const { t } = useTranslation("admin");
  const { data: me } = useMe();
  const what = useAdminWord().work(row.what);
  const retry = useApiMutation(retryWork, { onDone: () => onDone(t("retried", { name: what })) });
  const drop = useApiMutation(dropWork, { onDone: () => onDone(t("queue.dropped", { what })) });
  const asked = { params: { id: row.id } };
  const problem = retry.error ?? drop.error;
  return (
    <>
      <Group justify="space-between" align="flex-start" gap="md">
        <div style={{ flex: "1 1 20rem", minWidth: 0 }}>
          <Group gap="xs">
            <Text fw={600}>{what}</Text>
            <Badge variant="light" color={colours[row.state]}>
              {t(`queue.state.${row.state}`)}
            </Badge>
          </Group>
          <Told row={row} />
        </div>
        <Group gap="xs">
          {row.state !== "waiting" && (
            <Button size="sm" variant="default" loading={retry.isPending} onClick={() => retry.mutate(asked)}>
              {t("retry")}
            </Button>
          )}
          {row.state === "failed" && me?.platformRole === "admin" && (
            <Button size="sm" variant="subtle" color="red" loading={drop.isPending} onClick={() => drop.mutate(asked)}>
              {t("queue.drop")}
            </Button>
          )}
        </Group>
      </Group>
      {problem && <ProblemNotice problem={problem} />}
    </>
  );
};
