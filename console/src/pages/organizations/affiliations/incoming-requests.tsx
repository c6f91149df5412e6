import { Badge, Button, Group, Stack, Text, Textarea } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import {
  type AffiliationRequestView,
  approveAffiliation,
  rejectAffiliation,
} from "../../../../../control-api/contract/affiliations.ts";
import { isAtLeast } from "../../../../../control-api/contract/route-contract.ts";
import { useApiMutation } from "../../../api/use-api-mutation.ts";
import { OnDate } from "../../../components/on-date.tsx";
import { ProblemNotice } from "../../../components/problem-notice.tsx";
import classes from "../organizations.module.css";
import { useOrganization } from "../organization-layout.tsx";
import { Row, Rows } from "../../../components/rows.tsx";
import { Section } from "../../../components/section.tsx";

const Answer = ({ request }: { request: AffiliationRequestView }) => {
  const { t } = useTranslation("organizations");
  const [response, setResponse] = useState("");
  const [isRejecting, setRejecting] = useState(false);
  const approve = useApiMutation(approveAffiliation);
  const reject = useApiMutation(rejectAffiliation);
  const asked = { params: { id: request.id }, body: { response } };
  const { name } = request.collective;
  const problem = approve.error ?? reject.error;
  return (
    <Stack gap="xs" mt="xs" align="flex-start">
      {isRejecting && (
        <Textarea
          w="100%"
          maw={520}
          label={t("incoming.why")}
          description={t("incoming.whyHint", { name })}
          maxLength={1000}
          value={response}
          onChange={(event) => setResponse(event.currentTarget.value)}
          autoFocus
        />
      )}
      <Group gap="sm">
        {!isRejecting && (
          <>
            <Button
              size="sm"
              loading={approve.isPending}
              onClick={() => approve.mutate(asked)}
              aria-label={t("incoming.approveNamed", { name })}
            >
              {t("incoming.approve")}
            </Button>
            <Button
              size="sm"
              variant="default"
              onClick={() => setRejecting(true)}
              aria-label={t("incoming.rejectNamed", { name })}
            >
              {t("incoming.reject")}
            </Button>
          </>
        )}
        {isRejecting && (
          <>
            <Button size="sm" color="red" loading={reject.isPending} onClick={() => reject.mutate(asked)}>
              {t("incoming.rejectNamed", { name })}
            </Button>
            <Button size="sm" variant="default" onClick={() => setRejecting(false)}>
              {t("cancel")}
            </Button>
          </>
        )}
      </Group>
      {problem && <ProblemNotice problem={problem} />}
    </Stack>
  );
};

/** The collectives that wait for this umbrella's answer; nothing at all when none does. */
export const IncomingRequests = ({ requests }: { requests: readonly AffiliationRequestView[] }) => {
  const { t } = useTranslation("organizations");
  const { role } = useOrganization();
  const waiting = requests.filter(({ status }) => status === "pending");
  if (waiting.length === 0) return null;
  return (
    <Section
      title={t("incoming.title")}
      about={isAtLeast(role, "admin") ? t("incoming.about") : t("incoming.aboutViewer")}
      actions={
        <Badge color="yellow" variant="light">
          {t("incoming.count", { count: waiting.length })}
        </Badge>
      }
    >
      <Rows label={t("incoming.title")}>
        {waiting.map((request) => (
          <Row key={request.id}>
            <Text fw={600}>
              <bdi>{request.collective.name}</bdi>
            </Text>
            <Text size="sm" c="dimmed">
              {request.collective.slug} · {t("incoming.asked")} <OnDate at={request.requestedAt} />
            </Text>
            {request.message !== "" && <blockquote className={classes["quote"]}>{request.message}</blockquote>}
            {isAtLeast(role, "admin") && <Answer request={request} />}
          </Row>
        ))}
      </Rows>
    </Section>
  );
};
